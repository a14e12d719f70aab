// What every map shares: a Leaflet map without tiles, fitted to the shapes that it shows.
export async function fetchShapes(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`kaart: ${answer.status}`);
  return answer.json();
}

export function openMap(element) {
  const map = L.map(element, { attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.25, zoomDelta: 0.75, maxZoom: 17, minZoom: 6, renderer: L.svg({ padding: 0.5 }) });
  map.zoomControl.remove();
  L.control.zoom({ zoomInTitle: "Inzoomen", zoomOutTitle: "Uitzoomen" }).addTo(map);
  return map;
}

export function fit(map, layer) {
  map.fitBounds(layer.getBounds(), { padding: [12, 12], animate: false });
  map.setMaxBounds(layer.getBounds().pad(0.6));
}

export function tell(element, text) {
  const note = document.createElement("p");
  note.className = "message message--warning";
  note.textContent = text;
  element.replaceChildren(note);
}
