// The municipalities on a map: a click opens one. The list beside it tells the same.
import { fetchShapes, fit, openMap, tell } from "./shapes.js";

const element = document.querySelector("[data-country]");
const values = JSON.parse(document.querySelector("#gemeenten-json").textContent);
const fills = Object.fromEntries([...document.querySelector("[data-levels]").content.children].map((i) => [i.dataset.key, i.dataset.fill]));
const linkTo = (code) => document.querySelector(`[data-municipalities] tr[data-code="${code}"] a`);

async function draw() {
  const map = openMap(element);
  map.setMinZoom(5);
  const shapes = await fetchShapes(element.dataset.country);
  const group = L.featureGroup();
  const unknown = [];
  const tip = L.tooltip({ className: "map-tip", direction: "top", sticky: true });
  for (const [code, { rings }] of shapes) {
    const value = values[code];
    if (value?.[0] === "onbekend") unknown.push(...rings);
    const shape = L.polygon(rings, { color: "#3b3a36", weight: 0.8, smoothFactor: 0.6, fillColor: value ? fills[value[0]] : "#ffffff", fillOpacity: value ? 1 : 0.35 }).addTo(group);
    if (!value) continue;
    const [, name, double, known] = value;
    shape.on("click", () => linkTo(code)?.click());
    shape.on("mouseover mousemove", ({ latlng }) => {
      const text = document.createElement("span");
      const bold = document.createElement("b");
      bold.textContent = name;
      text.append(bold, known ? ` dubbele druk: ${double} van ${known} buurten` : " nog niet berekend");
      map.openTooltip(tip.setContent(text).setLatLng(latlng));
    });
    shape.on("mouseout", () => map.closeTooltip(tip));
  }
  fit(map, group.getBounds()); // before anything is drawn: Leaflet clips to what is seen
  group.addTo(map);
  L.polygon(unknown, { stroke: false, interactive: false, fillColor: "url(#hatch-missing)", fillOpacity: 1 }).addTo(map);
  element.dataset.painted = shapes.size;
}

draw().catch((error) => { console.error(error); tell(element, "De kaart kon niet worden opgehaald. De lijst toont hetzelfde."); });
