// The page around a signal map: the legend and the search narrow map and table alike, a buurt opens in the panel, and
// another map (film, foto, other years) comes in without a reload. All of it is in the address.
import { fetchShapes, fit, openMap, tell } from "./shapes.js";
import { SignalLayer } from "./signal-layer.js";
import { matching, narrow, sort } from "./signal-table.js";

const OUTSIDE = 2; // a flag of a buurt that is not of the session
const NARROWING = ["zoek", "klasse", "wijk"];
const element = document.querySelector("[data-signal-map]");
const panel = document.querySelector("#paneel");
const emptyPanel = [...panel.childNodes];
const styles = Object.fromEntries([...document.querySelector("[data-styles]").content.children].map((i) => [i.dataset.key, { ...i.dataset }]));
const filterForm = document.querySelector("[data-map-filter]");
const controls = document.querySelector("[data-map-choice]");
let layer, chosen, values, narrowed = false;

function readValues() {
  const { panel: address, classes, buurten } = JSON.parse(document.querySelector("#waarden-json").textContent);
  values = { address, buurten: new Map(Object.entries(buurten).map(([code, [number, flags, name, told]]) => [code, { key: classes[number], flags, name, told }])) };
}

async function draw() {
  const map = openMap(element);
  const shapes = await fetchShapes(element.dataset.signalMap);
  layer = new SignalLayer(map, shapes, styles, open);
  layer.values = values.buurten;
  if (!layer.bounds().isValid()) {
    tell(element, "Van deze buurten zijn geen grenzen ingelezen. De tabel toont hetzelfde.");
    element.dataset.painted = 0;
    layer = undefined;
    return;
  }
  fit(map, layer.bounds());
  layer.show(values.buurten);
  if (narrows()) applyFilter();
  element.dataset.painted = layer.fills.size;
  return map;
}

// ---- one buurt ----
let asked = 0; // of two answers only the last that was asked for counts
async function open(code, { focus = false, scroll = true } = {}) {
  const mine = ++asked;
  const answer = await fetch(values.address.replace("/BU/", `/${code}/`), { headers: { "HX-Request": "true" } }).catch(() => null);
  if (answer?.redirected) { location.reload(); return; } // logged out meanwhile
  const text = answer?.ok ? await answer.text().catch(() => null) : null;
  if (mine !== asked) return;
  if (text === null) { tell(panel, "De gegevens van deze buurt konden niet worden opgehaald. Probeer het nog eens."); return; }
  panel.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
  panel.parentElement.classList.add("has-choice"); // what was chosen comes first, the legend after it
  mark(code);
  document.body.dispatchEvent(new CustomEvent("buurt", { detail: code }));
  if (panel.querySelector("[data-part]")) document.body.dispatchEvent(new CustomEvent("more-parts"));
  remember({ buurt: code });
  if (focus) panel.querySelector("h2")?.focus();
  if (scroll && matchMedia("(max-width: 62rem)").matches) panel.scrollIntoView({ behavior: "smooth", block: "start" });
}

function close() {
  document.body.dispatchEvent(new CustomEvent("buurt", { detail: null }));
  asked += 1;
  panel.replaceChildren(...emptyPanel);
  panel.parentElement.classList.remove("has-choice");
  mark(undefined);
}

function mark(code) {
  chosen = code;
  layer?.choose(code);
  for (const row of document.querySelectorAll("[data-signal-table] tr[data-code]")) row.classList.toggle("is-chosen", row.dataset.code === code);
}

// ---- the address: what is empty is not in it ----
function remember(changes) {
  const address = new URL(location);
  for (const [name, value] of Object.entries(changes)) value ? address.searchParams.set(name, value) : address.searchParams.delete(name);
  if (address.href !== location.href) history.replaceState(null, "", address);
  keepQuery();
}

function keepQuery() {
  for (const link of document.querySelectorAll("[data-file]")) link.href = link.dataset.file + location.search;
  for (const link of document.querySelectorAll("[data-keep-query]")) {
    const query = new URLSearchParams(link.search);
    for (const [name, value] of new URLSearchParams(location.search)) if (name !== "buurt") query.set(name, value);
    link.search = query;
  }
}

// ---- narrow: by class, wijk and words, on the map and in the table ----
const narrows = () => NARROWING.some((name) => filterForm.elements[name]?.value.trim());

function applyFilter() {
  placeTable();
  const [zoek, klasse, wijk] = NARROWING.map((name) => filterForm.elements[name]?.value.trim() ?? "");
  const found = matching(klasse, wijk, zoek);
  narrow(found);
  const some = narrowed = narrows();
  layer?.filter(some ? (code) => !found.has(code) && !(values.buurten.get(code).flags & OUTSIDE) : () => false);
  for (const button of document.querySelectorAll("[data-filter]")) button.setAttribute("aria-pressed", String(button.dataset.filter === klasse));
  filterForm.querySelector("[data-filter-off]").hidden = !some;
  remember({ zoek, klasse, wijk });
}

function filterBy(key) {
  const select = filterForm.elements.klasse;
  select.value = select.value === key ? "" : key;
  applyFilter();
}

function showAll() {
  for (const name of NARROWING) if (filterForm.elements[name]) filterForm.elements[name].value = "";
  applyFilter();
}

filterForm.addEventListener("input", applyFilter);
filterForm.addEventListener("submit", (event) => { event.preventDefault(); applyFilter(); });

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
  else if (on("[data-filter-off]")) { event.preventDefault(); showAll(); }
  else if (on("[data-show]")) show(on("[data-show]").dataset.show);
  else if (plain && (target = on("[data-open]"))) { event.preventDefault(); open(target.dataset.open, { focus: true }); }
  else if (plain && (target = on("[data-sort]"))) { event.preventDefault(); remember({ sorteer: sort(target) }); }
  else if (plain && (target = on("[data-map-links] a"))) { event.preventDefault(); go(addressOf(new URL(target.href).searchParams)); }
  else if (plain && (target = on("[data-choose]"))) { event.preventDefault(); go(addressOf(new URL(target.href).searchParams), { follow: true }).then(() => document.querySelector("h1")?.focus()); }
});

// ---- another map: film or foto, other years ----
const ahead = new Map(); // address -> page, fetched and read before it is asked for

function addressOf(choice) {
  const query = new URLSearchParams([...new URLSearchParams(location.search)].filter(([name]) => [...NARROWING, "sorteer", "buurt", "alles"].includes(name)));
  for (const [name, value] of choice) query.set(name, value);
  return `${location.pathname}?${query}`;
}

async function get(address) {
  const answer = await fetch(address, { headers: { "HX-Request": "true" } });
  const page = answer.ok && !answer.redirected ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  const fits = page?.getElementById("waarden") && page.querySelector("[data-signal-map]")?.dataset.signalMap === element.dataset.signalMap;
  return fits ? page : null; // logged out, refused, or over other shapes: the plain page says what is wrong
}

let turn = 0;
// follow: the controls show what came; not when somebody is choosing in them, for a first step may not yet fit the second
async function go(address, { push = true, follow = false, quiet = false } = {}) {
  const mine = ++turn;
  element.classList.add("is-busy");
  const waiting = ahead.get(address) ?? get(address);
  ahead.delete(address);
  const page = await waiting.catch(() => undefined);
  if (mine !== turn) return;
  element.classList.remove("is-busy");
  if (quiet && !page) return; // the next change tries again
  if (page === null) { location.assign(address); return; }
  if (page === undefined) { announce("Er is geen verbinding. U ziet nog de kaart van daarnet. Probeer het straks nog eens."); return; }
  if (push) history.pushState(null, "", address);
  swap(page, follow, quiet);
  readValues();
  if (narrows() || narrowed) applyFilter(); // else the rows that came are the rows to show
  layer?.show(values.buurten);
  keepQuery();
  const code = push ? chosen : new URLSearchParams(location.search).get("buurt");
  if (quiet) { element.dataset.shown = address; return; }
  if (code && values.buurten.has(code)) open(code, { scroll: false });
  else if (chosen) close();
  announce(document.querySelector("[data-announce]")?.textContent ?? "");
  element.dataset.shown = address;
}

function announce(text) {
  const note = document.querySelector("[data-announced]");
  note.textContent = text.replace(/\s+/g, " ").trim();
  note.classList.toggle("visually-hidden", !text.startsWith("Er is geen verbinding"));
}

// A table that nobody sees can wait until the map is painted.
let waiting;
function placeTable() {
  if (!waiting) return;
  document.querySelector("#tabel").replaceChildren(...waiting.childNodes);
  waiting = undefined;
  if (chosen) mark(chosen);
  keepQuery();
}

function swap(page, follow, quiet) {
  waiting = undefined;
  const focused = quiet && document.activeElement?.dataset.filter;
  for (const part of document.querySelectorAll("[data-swap]")) {
    const fresh = page.getElementById(part.id);
    if (part.id === "tabel" && !part.closest(".is-shown")) { waiting = fresh; later(placeTable); }
    else if (fresh) part.replaceChildren(...fresh.childNodes);
  }
  if (focused) document.querySelector(`[data-legend] [data-filter="${focused}"]`)?.focus();
  for (const select of filterForm.querySelectorAll("select")) { // what somebody types or chose stays
    const fresh = page.querySelector(`[data-map-filter] select[name=${select.name}]`);
    const value = select.value;
    if (!fresh) continue;
    select.replaceChildren(...fresh.childNodes);
    select.value = [...select.options].some((option) => option.value === value) ? value : "";
  }
  for (const link of document.querySelectorAll("[data-map-links] a")) {
    const current = page.querySelector(`[data-map-links] a[href="${link.getAttribute("href")}"]`)?.getAttribute("aria-current");
    current ? link.setAttribute("aria-current", current) : link.removeAttribute("aria-current");
  }
  const theirs = page.querySelector("[data-map-choice]");
  if (!follow || !theirs) return;
  for (const [name, value] of new FormData(theirs)) controls.elements[name].value = value;
  readControls();
}

function choiceOf(mode) {
  const form = new FormData(controls);
  const names = mode === "foto" ? ["bewoners", "overlast"] : ["van", "tot"];
  return new Map([["kaart", mode], ...[...names, "met"].map((name) => [name, form.get(name)])]);
}

function readControls() {
  const mode = new FormData(controls).get("kaart");
  for (const part of controls.querySelectorAll("[data-for]")) part.hidden = part.dataset.for !== mode;
  for (const option of controls.querySelectorAll("option[data-film]")) option.textContent = option.dataset[mode];
  return mode;
}

const later = (work) => (window.requestIdleCallback ?? ((f) => setTimeout(f, 300)))(work);
function fetchOther() { // film and foto beside each other are what people switch between
  const address = addressOf(choiceOf(new FormData(controls).get("kaart") === "film" ? "foto" : "film"));
  if (!ahead.has(address)) ahead.set(address, get(address));
  ahead.get(address).catch(() => ahead.delete(address));
}
controls?.addEventListener("change", async () => { await go(addressOf(choiceOf(readControls()))); later(fetchOther); });
controls?.addEventListener("submit", (event) => { event.preventDefault(); go(addressOf(choiceOf(readControls()))); });

let here = location.pathname + location.search;
addEventListener("popstate", () => {
  const address = location.pathname + location.search;
  if (address !== here || !location.hash) go(address, { push: false, follow: true });
  here = address;
});

// ---- what is agreed changes while people look ----
let soon;
document.body.addEventListener("live", ({ detail }) => {
  if (new URLSearchParams(location.search).get("beeld") !== "afspraken" || soon) return;
  if (!detail.subjects?.some((subject) => /^(board|filled|areas)/.test(subject))) return;
  // Not all screens at once.
  soon = setTimeout(() => { soon = undefined; go(location.pathname + location.search, { push: false, quiet: true }); }, 200 + Math.random() * 600);
});

// ---- map or table ----
const faces = [...document.querySelectorAll("[data-face]")];
function show(face) {
  placeTable();
  for (const part of faces) {
    part.hidden = part.dataset.face !== face;
    part.classList.toggle("is-shown", !part.hidden);
  }
  for (const button of document.querySelectorAll("[data-show]")) button.setAttribute("aria-pressed", String(button.dataset.show === face));
  if (face === "kaart") drawn?.then((map) => map?.invalidateSize());
}

let drawn;
show("kaart");
readValues();
drawn = draw().catch((error) => { console.error(error); tell(element, "De kaart kon niet worden opgehaald. De tabel toont hetzelfde."); show("tabel"); });
drawn.then(() => {
  const code = new URLSearchParams(location.search).get("buurt");
  if (code && values.buurten.has(code)) open(code);
  if (controls) later(fetchOther);
});
