// Pick buurten on a map: a click is a tick in the list beside it, and the other way round.
import { fetchShapes, fit, openMap, tell } from "./shapes.js";

const OFF = { color: "#3b3a36", weight: 1.2, fillColor: "#ffffff", fillOpacity: 0.85 };
const ON = { color: "#0c3740", weight: 3, fillColor: "#14505c", fillOpacity: 0.75 };

async function draw(root) {
  const element = root.querySelector("[data-outlines]");
  const map = openMap(element);
  const areas = await fetchShapes(element.dataset.outlines);
  const boxes = new Map([...root.querySelectorAll("input[data-code]")].map((box) => [box.dataset.code, box]));
  const layer = L.geoJSON(areas, {
    style: OFF,
    onEachFeature: ({ properties }, shape) => {
      const name = document.createElement("span");
      name.textContent = properties.name;
      shape.bindTooltip(name, { sticky: true, className: "map-tip" });
      const box = boxes.get(properties.code);
      if (!box) return;
      const paint = () => shape.setStyle(box.checked ? ON : OFF);
      shape.on("click", () => { box.checked = !box.checked; paint(); });
      box.addEventListener("change", paint);
      paint();
    },
  }).addTo(map);
  fit(map, layer);
  element.dataset.painted = areas.features.length;
}

for (const root of document.querySelectorAll("[data-pick-areas]"))
  draw(root).catch(() => tell(root.querySelector("[data-outlines]"), "De kaart kon niet worden opgehaald. Kies de buurten in de lijst."));
