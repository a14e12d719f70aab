// What every map shares: shapes from TopoJSON, and a Leaflet map fitted to them. Without tiles, unless an administrator
// switched a background on; the map is whole without it and when its tiles fail.

// -> Map of code -> { rings: [[LatLng, …], …] per part, at: LatLng }; neighbours share the points of their border
export async function fetchShapes(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`kaart: ${answer.status}`);
  return decode(await answer.json());
}

export function decode({ arcs, transform, objects }) {
  const [stepX, stepY] = transform.scale;
  const [left, bottom] = transform.translate;
  const place = ([x, y]) => L.latLng(bottom + y * stepY, left + x * stepX);
  const lines = arcs.map((arc) => {
    let x = 0, y = 0;
    return arc.map(([dx, dy]) => place([(x += dx), (y += dy)]));
  });
  const ringOf = (numbers) => numbers.flatMap((number) => (number < 0 ? [...lines[~number]].reverse() : lines[number]).slice(1));
  const [areas] = Object.values(objects);
  return new Map(areas.geometries.map(({ id, arcs: parts }, i) => [id, {
    rings: parts.map((polygon) => polygon.map(ringOf)),
    at: place(objects.letters.coordinates[i]),
  }]));
}

export function openMap(element) {
  const map = L.map(element, { attributionControl: false, keyboard: false, scrollWheelZoom: false, zoomSnap: 0.25, zoomDelta: 0.75, maxZoom: 17, minZoom: 6, fadeAnimation: false, renderer: L.svg({ padding: 0.5 }) });
  map.zoomControl.remove();
  L.control.zoom({ zoomInTitle: "Inzoomen", zoomOutTitle: "Uitzoomen" }).addTo(map);
  const { basemap, basemapAttribution } = element.dataset;
  if (basemap) {
    L.tileLayer(basemap, { maxNativeZoom: 19, maxZoom: 19, className: "basemap", referrerPolicy: "strict-origin-when-cross-origin" }).addTo(map);
    L.control.attribution({ prefix: false }).addAttribution(basemapAttribution ?? "").addTo(map);
    element.classList.add("map--with-basemap");
  }
  return map;
}

export function fit(map, bounds) {
  map.fitBounds(bounds, { padding: [12, 12], animate: false });
  map.setMaxBounds(bounds.pad(0.6));
}

export function tell(element, text) {
  const note = document.createElement("p");
  note.className = "message message--warning";
  note.textContent = text;
  element.replaceChildren(note);
}
