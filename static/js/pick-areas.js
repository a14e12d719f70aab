// Pick buurten on a map: a click is a tick in the list beside it, and the other way round.
import { fetchShapes, fit, openMap, tell } from "./shapes.js";

const OFF = { color: "#3b3a36", weight: 1.2, fillColor: "#ffffff", fillOpacity: 0.85 };
const ON = { color: "#0c3740", weight: 3, fillColor: "#14505c", fillOpacity: 0.75 };

async function draw(root) {
  const element = root.querySelector("[data-outlines]");
  const map = openMap(element);
  const shapes = await fetchShapes(element.dataset.outlines);
  const boxes = new Map([...root.querySelectorAll("input[data-code]")].map((box) => [box.dataset.code, box]));
  const group = L.featureGroup();
  for (const [code, { rings }] of shapes) {
    const box = boxes.get(code);
    if (!box) continue;
    const shape = L.polygon(rings, OFF).addTo(group);
    const name = document.createElement("span");
    name.textContent = box.closest("label").textContent.trim();
    shape.bindTooltip(name, { sticky: true, className: "map-tip" });
    const paint = () => shape.setStyle(box.checked ? ON : OFF);
    shape.on("click", () => { box.checked = !box.checked; paint(); });
    box.addEventListener("change", paint);
    paint();
  }
  fit(map, group.getBounds()); // before anything is drawn: Leaflet clips to what is seen
  group.addTo(map);
  element.dataset.painted = shapes.size;
}

for (const root of document.querySelectorAll("[data-pick-areas]"))
  draw(root).catch((error) => { console.error(error); tell(root.querySelector("[data-outlines]"), "De kaart kon niet worden opgehaald. Kies de buurten in de lijst."); });
