// Draws the signals on [data-signal-map], filters map and table by the legend, and opens a buurt in the panel.
import { fetchShapes, fit, openMap, tell } from "./shapes.js";

const element = document.querySelector("[data-signal-map]");
const panel = document.querySelector("#paneel");
const styles = Object.fromEntries([...document.querySelector("[data-styles]").content.children].map((i) => [i.dataset.key, i.dataset]));
const shapes = new Map(); // buurt code -> { fill, hatch, marker, properties }
let chosen;

function styleOf({ properties }) {
  const style = styles[properties.class];
  return { fillColor: style.fill, fillOpacity: properties.inside === false ? 0.22 : 1, color: "#3b3a36", weight: properties.inside === false ? 0.7 : 1.4, opacity: 1 };
}

function hatchOf({ properties }) {
  const { hatch } = styles[properties.class];
  return { fillColor: hatch ? `url(#hatch-${hatch})` : "none", fillOpacity: properties.inside === false ? 0.3 : 1, stroke: false, interactive: false };
}

function letterOf({ properties }) {
  const { letter } = styles[properties.class];
  const classes = ["map-letter", !letter && "map-letter--none", properties.borderline && "map-letter--border", properties.inside === false && "map-letter--outside"];
  const icon = L.divIcon({ className: classes.filter(Boolean).join(" "), html: letter || "–", iconSize: null });
  const marker = L.marker(properties.at, { icon, keyboard: true, riseOnHover: true });
  marker.on("add", () => marker.getElement().setAttribute("aria-label", `${properties.name}: ${properties.label}${properties.borderline ? ", grensgeval" : ""}`));
  return marker;
}

function tipOf(properties) {
  const tip = document.createElement("span");
  const name = document.createElement("b");
  name.textContent = properties.name;
  tip.append(name, ` ${properties.letter ? `${properties.letter} · ` : ""}${properties.label}${properties.borderline ? " (grensgeval)" : ""}`);
  return tip;
}

async function draw() {
  const map = openMap(element);
  const areas = await fetchShapes(element.dataset.signalMap);
  const fills = L.geoJSON(areas, { style: styleOf, onEachFeature: (feature, layer) => { layer.feature = feature; } });
  const hatches = L.geoJSON(areas, { style: hatchOf, interactive: false });
  const inside = L.featureGroup();
  fills.eachLayer((layer) => {
    const { properties } = layer.feature;
    const marker = properties.inside === false ? null : letterOf(layer.feature);
    for (const target of [layer, marker]) {
      if (!target) continue;
      target.bindTooltip(tipOf(properties), { className: "map-tip", direction: "top", offset: target === marker ? [0, -16] : [0, -6], sticky: target === layer });
      target.on("click", () => open(properties.code));
    }
    marker?.on("keypress", ({ originalEvent }) => { if (originalEvent.key === "Enter") open(properties.code, true); });
    if (properties.inside !== false) inside.addLayer(layer);
    shapes.set(properties.code, { fill: layer, marker, properties });
  });
  hatches.eachLayer((layer) => { shapes.get(layer.feature.properties.code).hatch = layer; });
  fills.addTo(map);
  hatches.addTo(map);
  for (const { marker } of shapes.values()) marker?.addTo(map);
  fit(map, inside.getLayers().length ? inside : fills);
  map.setMaxBounds(fills.getBounds().pad(0.6));
  element.dataset.painted = shapes.size;
  const asked = new URLSearchParams(location.search).get("buurt");
  if (asked && shapes.has(asked)) open(asked);
  return map;
}

async function open(code, moveFocus = false) {
  const answer = await fetch(element.dataset.panel.replace(/BU\/$/, `${code}/`), { headers: { "HX-Request": "true" } });
  if (!answer.ok) { tell(panel, "De gegevens van deze buurt konden niet worden opgehaald. Probeer het nog eens."); return; }
  const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
  panel.replaceChildren(...parsed.body.childNodes);
  panel.parentElement.classList.add("has-choice"); // what was chosen comes first, the legend after it
  mark(code);
  const heading = panel.querySelector("h2");
  if (moveFocus) heading?.focus();
  if (matchMedia("(max-width: 62rem)").matches) panel.scrollIntoView({ behavior: "smooth", block: "start" });
}

function mark(code) {
  if (chosen) {
    const before = shapes.get(chosen);
    before?.fill.setStyle(styleOf(before.fill.feature));
    before?.marker?.getElement()?.classList.remove("is-chosen");
  }
  chosen = code;
  const now = shapes.get(code);
  now?.fill.setStyle({ weight: 5, color: "#111111" });
  now?.fill.bringToFront();
  now?.hatch?.bringToFront();
  now?.marker?.getElement()?.classList.add("is-chosen");
  for (const row of document.querySelectorAll("[data-signal-table] tr[data-code]")) row.classList.toggle("is-chosen", row.dataset.code === code);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-open]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(link.dataset.open, true);
});

// ---- legend: a cell shows only its class, on the map and in the table ----
const off = document.querySelector("[data-filter-off]");
function filter(key) {
  for (const button of document.querySelectorAll("[data-filter]")) button.setAttribute("aria-pressed", String(button.dataset.filter === key));
  for (const row of document.querySelectorAll("[data-signal-table] tr[data-class]")) row.classList.toggle("is-dimmed", key !== null && row.dataset.class !== key);
  for (const { fill, hatch, marker, properties } of shapes.values()) {
    const dim = key !== null && properties.class !== key;
    fill.setStyle(dim ? { fillOpacity: 0.08 } : styleOf(fill.feature));
    hatch?.setStyle(dim ? { fillOpacity: 0 } : hatchOf(fill.feature));
    marker?.getElement()?.classList.toggle("is-dimmed", dim);
  }
  off.hidden = key === null;
  if (chosen) mark(chosen);
}
for (const button of document.querySelectorAll("[data-filter]"))
  button.addEventListener("click", () => filter(button.getAttribute("aria-pressed") === "true" ? null : button.dataset.filter));
off.addEventListener("click", () => filter(null));

// ---- map or table ----
const faces = [...document.querySelectorAll("[data-face]")];
function show(face) {
  for (const part of faces) part.hidden = part.dataset.face !== face;
  for (const button of document.querySelectorAll("[data-show]")) button.setAttribute("aria-pressed", String(button.dataset.show === face));
  if (face === "kaart") drawn.then((map) => map?.invalidateSize());
}
for (const button of document.querySelectorAll("[data-show]")) button.addEventListener("click", () => show(button.dataset.show));

const drawn = draw().catch(() => { tell(element, "De kaart kon niet worden opgehaald. De tabel toont hetzelfde."); show("tabel"); });
show("kaart");
