// Which measures are shown, in the address; and on a phone one buurt at a time. The server does the same for who opens the
// address; what comes in live is narrowed here.
const form = document.querySelector("[data-narrow]");
const picker = document.querySelector("[data-pick-area]");
const ROLES = ["trekt", "brengt", "voorgesteld"];

// -> sets of facts; a card fits when it has one of each. See matrix/narrowing.py.
function wanted() {
  const { organisatie, rol, status, bezwaar } = form.elements;
  const roles = rol.value ? [rol.value] : ROLES;
  return [
    organisatie.value && roles.map((role) => `${role}-${organisatie.value}`),
    status.value && [`status-${status.value}`],
    bezwaar.checked && ["bezwaar"],
  ].filter(Boolean);
}

function apply() {
  const groups = wanted();
  const only = form.elements.alleen.value;
  const all = new Set();
  const fitting = new Set();
  for (const card of document.querySelectorAll("[data-board] [data-card]")) {
    const facts = card.dataset.facts.split(" ");
    const fits = groups.every((group) => group.some((fact) => facts.includes(fact)));
    card.hidden = !fits;
    all.add(card.dataset.card);
    if (fits) fitting.add(card.dataset.card);
  }
  // A cell whose measures are out of sight is not empty, and says so.
  for (const cell of document.querySelectorAll("[data-board] .cell")) {
    const out = cell.querySelectorAll("[data-card][hidden]").length;
    if (out) cell.dataset.leftOut = out; else delete cell.dataset.leftOut;
  }
  for (const cell of document.querySelectorAll("[data-board] th[data-area], [data-board] td[data-area]")) {
    cell.hidden = Boolean(only) && cell.dataset.area !== only;
    if (cell.localName === "td") cell.classList.toggle("is-shown", cell.dataset.area === picker.value);
  }
  const isOn = groups.length > 0 || Boolean(only);
  document.querySelector("[data-narrow-off]").hidden = !isOn;
  document.querySelector("[data-of-organisation]").hidden = !form.elements.organisatie.value;
  const count = isOn ? `${fitting.size} van ${all.size} maatregelen` : `${all.size} ${all.size === 1 ? "maatregel" : "maatregelen"}`;
  const told = document.querySelector("[data-fitting]");
  if (told.textContent !== count) told.textContent = count;
  fit();
}

function remember(values) {
  const address = new URL(location);
  for (const [name, value] of Object.entries(values)) value ? address.searchParams.set(name, value) : address.searchParams.delete(name);
  history.replaceState(null, "", address);
}

function changed() {
  const { organisatie, rol, status, alleen, bezwaar } = form.elements;
  if (!organisatie.value) rol.value = "";
  if (alleen.value) picker.value = alleen.value;
  apply();
  remember({ organisatie: organisatie.value, rol: rol.value, status: status.value, alleen: alleen.value, bezwaar: bezwaar.checked ? "1" : "" });
}
form.addEventListener("change", changed);
form.addEventListener("submit", (event) => { event.preventDefault(); changed(); });
document.querySelector("[data-narrow-off]").addEventListener("click", (event) => {
  event.preventDefault();
  for (const select of form.querySelectorAll("select")) select.value = "";
  form.elements.bezwaar.checked = false;
  changed();
  form.elements.organisatie.focus();
});

// ---- on a phone ----
const filters = document.querySelector("[data-filters]");
const phone = matchMedia("(max-width: 48rem)");
const fold = () => { filters.open = !phone.matches || wanted().length > 0; };
phone.addEventListener("change", fold);
fold();
function pick(value) {
  picker.value = value;
  if (form.elements.alleen.value) { form.elements.alleen.value = ""; remember({ alleen: "" }); }
  remember({ buurt: value });
  apply();
}
picker.addEventListener("change", () => pick(picker.value));
for (const step of document.querySelectorAll("[data-area-step]")) {
  step.addEventListener("click", () => {
    const { options, selectedIndex } = picker;
    pick(options[(selectedIndex + Number(step.dataset.areaStep) + options.length) % options.length].value);
    document.querySelector("[data-board]").scrollIntoView({ block: "start" });
  });
}

// ---- the table fills what the bars above it leave ----
function fit() {
  const top = document.querySelector("[data-board]").getBoundingClientRect().top + scrollY;
  document.documentElement.style.setProperty("--board-top", `${Math.round(top)}px`);
}
addEventListener("resize", fit);
document.body.addEventListener("part", ({ detail }) => { if (detail.id === "kop") fit(); });
document.fonts.ready.then(fit);

// ---- what comes in live ----
let soon = false;
document.body.addEventListener("part", () => {
  if (soon) return;
  soon = true;
  queueMicrotask(() => { soon = false; apply(); });
});
apply();
// A link from elsewhere points to a buurt: the column in sight, below the headings that stay.
const pointed = new URLSearchParams(location.search).get("buurt");
const heading = pointed && document.getElementById(`buurt-${pointed}`);
if (heading && heading.offsetParent) {
  const wrap = document.querySelector("[data-board]");
  wrap.scrollLeft = heading.offsetLeft - wrap.querySelector("thead th").offsetWidth;
}
