// The page around a signal map: the legend and the search narrow map and table alike, a buurt opens in the panel, and
// another map (film, foto, other years) comes in without a reload. All of it is in the address.
import { fetchShapes, fit, openMap, tell } from "./shapes.js";
import { SignalLayer } from "./signal-layer.js";
import { matching, narrow, sort } from "./signal-table.js";

const element = document.querySelector("[data-signal-map]");
const panel = document.querySelector("#paneel");
const styles = Object.fromEntries([...document.querySelector("[data-styles]").content.children].map((i) => [i.dataset.key, { ...i.dataset }]));
const filterForm = () => document.querySelector("[data-map-filter]");
let layer, chosen, values, narrowed = false;

function readValues() {
  const { panel: address, classes, buurten } = JSON.parse(document.querySelector("#waarden-json").textContent);
  values = { address, buurten: new Map(Object.entries(buurten).map(([code, [number, flags, name]]) => [code, { key: classes[number], flags, name }])) };
}

async function draw() {
  const map = openMap(element);
  const shapes = await fetchShapes(element.dataset.signalMap);
  layer = new SignalLayer(map, shapes, styles, open);
  layer.values = values.buurten;
  fit(map, layer.bounds());
  layer.show(values.buurten);
  if (narrows()) applyFilter();
  element.dataset.painted = layer.fills.size;
  const asked = new URLSearchParams(location.search).get("buurt");
  if (asked && shapes.has(asked)) open(asked);
  return map;
}

// ---- one buurt ----
async function open(code, moveFocus = false) {
  const answer = await fetch(values.address.replace(/BU(?=\/)/, code), { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) { tell(panel, "De gegevens van deze buurt konden niet worden opgehaald. Probeer het nog eens."); return; }
  const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
  panel.replaceChildren(...parsed.body.childNodes);
  panel.parentElement.classList.add("has-choice"); // what was chosen comes first, the legend after it
  mark(code);
  remember({ buurt: code });
  if (moveFocus) panel.querySelector("h2")?.focus();
  if (matchMedia("(max-width: 62rem)").matches) panel.scrollIntoView({ behavior: "smooth", block: "start" });
}

function mark(code) {
  chosen = code;
  layer?.choose(code);
  for (const row of document.querySelectorAll("[data-signal-table] tr[data-code]")) row.classList.toggle("is-chosen", row.dataset.code === code);
}

// ---- the address: what is empty is not in it ----
function remember(changes, push = false) {
  const address = new URL(location);
  for (const [name, value] of Object.entries(changes)) value ? address.searchParams.set(name, value) : address.searchParams.delete(name);
  if (address.href === location.href) return;
  history[push ? "pushState" : "replaceState"](null, "", address);
  keepQuery();
}

function keepQuery() {
  for (const link of document.querySelectorAll("[data-file]")) link.href = link.dataset.file + location.search;
  for (const link of document.querySelectorAll("[data-keep-query]")) link.search = location.search || link.search;
}

// ---- narrow: by class, wijk and words, on the map and in the table ----
const narrows = () => [...new FormData(filterForm())].some(([name, value]) => ["zoek", "klasse", "wijk"].includes(name) && value);

function applyFilter() {
  const form = new FormData(filterForm());
  const found = matching(form.get("klasse"), form.get("wijk"), form.get("zoek") ?? "");
  narrow(found);
  const some = narrowed = narrows();
  layer?.filter(some ? (code) => !found.has(code) && !(values.buurten.get(code).flags & 2) : () => false);
  for (const button of document.querySelectorAll("[data-filter]")) button.setAttribute("aria-pressed", String(button.dataset.filter === form.get("klasse")));
  filterForm().querySelector("[data-filter-off]").hidden = !some;
  remember({ klasse: form.get("klasse"), wijk: form.get("wijk"), zoek: form.get("zoek")?.trim() });
}

function filterBy(key) {
  const select = filterForm().elements.klasse;
  select.value = select.value === key ? "" : key;
  applyFilter();
}

document.addEventListener("input", (event) => { if (event.target.closest("[data-map-filter]")) applyFilter(); });
document.addEventListener("submit", (event) => { if (event.target.closest("[data-map-filter]")) { event.preventDefault(); applyFilter(); } });

// ---- the legend says what a cell means ----
const says = (event) => {
  const cell = event.target.closest?.("[data-says]");
  if (!cell) return;
  const note = document.querySelector("[data-legend-says]");
  const { letter, label } = styles[cell.dataset.filter];
  const bold = document.createElement("b");
  bold.textContent = `${letter} · ${label}. `;
  note.replaceChildren(bold, cell.dataset.says);
};
document.addEventListener("mouseover", says);
document.addEventListener("focusin", says);

// ---- clicks ----
document.addEventListener("click", (event) => {
  const on = (selector) => event.target.closest(selector);
  const plain = !(event.ctrlKey || event.metaKey || event.shiftKey);
  let target;
  if ((target = on("[data-filter]"))) filterBy(target.dataset.filter);
  else if (on("[data-filter-off]")) { for (const name of ["zoek", "klasse", "wijk"]) if (filterForm().elements[name]) filterForm().elements[name].value = ""; applyFilter(); }
  else if (on("[data-show]")) show(on("[data-show]").dataset.show);
  else if (plain && (target = on("[data-open]"))) { event.preventDefault(); open(target.dataset.open, true); }
  else if (plain && (target = on("[data-sort]"))) { event.preventDefault(); remember({ sorteer: sort(target) }); }
  else if (plain && (target = on("[data-map-links] a, [data-choose]"))) { event.preventDefault(); go(new URL(target.href).searchParams, { follow: true }); }
});

// ---- another map: film or foto, other years ----
const ahead = new Map(); // address -> page, fetched and read before it is asked for
const kept = () => Object.fromEntries([...new URLSearchParams(location.search)].filter(([name]) => ["klasse", "wijk", "zoek", "sorteer", "buurt", "alles"].includes(name)));

function addressOf(choice) {
  const query = new URLSearchParams(kept());
  const classes = new Set(Object.keys(styles));
  for (const [name, value] of choice) query.set(name, value);
  if (!classes.has(query.get("klasse"))) query.delete("klasse");
  return `${location.pathname}?${query}`;
}

async function get(address) {
  const answer = await fetch(address, { headers: { "HX-Request": "true" } });
  if (!answer.ok) throw new Error(`kaart: ${answer.status}`);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

// follow: the controls show what came; not when somebody is choosing in them, for a first step may not yet fit the second
async function go(choice, { push = true, follow = false } = {}) {
  const address = typeof choice === "string" ? choice : addressOf(choice);
  element.classList.add("is-busy");
  try {
    const page = await (ahead.get(address) ?? get(address));
    ahead.delete(address);
    swap(page, follow);
    if (push) history.pushState(null, "", address);
    keepQuery();
    readValues();
    if (narrows() || narrowed) applyFilter(); // else the rows that came are the rows to show
    layer?.show(values.buurten);
    if (chosen && values.buurten.has(chosen)) open(chosen);
  } catch {
    location.assign(address); // the plain page says what is wrong
  } finally {
    element.classList.remove("is-busy");
    element.dataset.shown = address;
  }
}

function swap(page, follow) {
  for (const part of document.querySelectorAll("[data-swap]")) {
    const fresh = page.getElementById(part.id);
    if (fresh) part.replaceChildren(...fresh.childNodes);
  }
  const links = page.querySelector("[data-map-links]");
  if (links) document.querySelector("[data-map-links]").replaceWith(links);
  const theirs = page.querySelector("[data-map-choice]");
  if (!follow || !theirs) return;
  for (const [name, value] of new FormData(theirs)) choice.elements[name].value = value;
  readChoice();
}

const choice = document.querySelector("[data-map-choice]");
function choiceQuery(mode) {
  const form = new FormData(choice);
  const names = mode === "foto" ? ["bewoners", "overlast"] : ["van", "tot"];
  return new Map([["kaart", mode], ...[...names, "met"].map((name) => [name, form.get(name)])]);
}
function readChoice() {
  const mode = new FormData(choice).get("kaart");
  for (const part of choice.querySelectorAll("[data-for]")) part.hidden = part.dataset.for !== mode;
  for (const option of choice.querySelectorAll("option[data-film]")) option.textContent = option.dataset[mode];
  return mode;
}
function fetchOther() { // film and foto beside each other are what people switch between
  const mode = new FormData(choice).get("kaart") === "film" ? "foto" : "film";
  const address = addressOf(choiceQuery(mode));
  if (!ahead.has(address)) ahead.set(address, get(address).catch(() => get(address)));
}
if (choice) {
  choice.addEventListener("change", async () => { await go(choiceQuery(readChoice())); later(fetchOther); });
  choice.addEventListener("submit", (event) => { event.preventDefault(); go(choiceQuery(readChoice())); });
}
const later = (work) => (window.requestIdleCallback ?? ((f) => setTimeout(f, 300)))(work);

addEventListener("popstate", () => go(location.pathname + location.search, { push: false, follow: true }));

// ---- map or table ----
const faces = [...document.querySelectorAll("[data-face]")];
function show(face) {
  for (const part of faces) {
    part.hidden = part.dataset.face !== face;
    part.classList.toggle("is-shown", !part.hidden);
  }
  for (const button of document.querySelectorAll("[data-show]")) button.setAttribute("aria-pressed", String(button.dataset.show === face));
  if (face === "kaart") drawn.then((map) => map?.invalidateSize());
}

for (const button of document.querySelectorAll("[data-without-script]")) button.hidden = true;
readValues();
const drawn = draw().catch((error) => { console.error(error); tell(element, "De kaart kon niet worden opgehaald. De tabel toont hetzelfde."); show("tabel"); });
show("kaart");
if (choice) drawn.then(() => later(fetchOther));
