// Forms with a button, form[data-keep]: what is typed in them stays in this browser, and what is sent while there is no
// connection waits here and goes by itself. Each carries a key of its own, so that what did arrive is not stored twice.
import { button, element } from "./conflict.js";
import * as fields from "./fields.js";
import { isLeaving, loginLink, post, whenItMayWork } from "./send.js";
import * as store from "./store.js";

const HERE = location.pathname + location.search;
const DRAFT = "concept:";
const OUT = "uit:";
const forms = new Map([...document.querySelectorAll("form[data-keep]")].map((form) => [form.dataset.keep, form]));

// randomUUID is for https only, and a laptop in a community centre serves http.
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

// ---- what is typed ----
for (const [keep, form] of forms) {
  restore(form, DRAFT + keep);
  form.addEventListener("input", () => keepDraft(form));
  form.addEventListener("submit", (event) => { event.preventDefault(); submit(form); });
}

function isText(form, name) {
  return fields.firstBox(form, name).matches("textarea, input:not([type=checkbox], [type=radio])");
}
function keepDraft(form) {
  const names = fields.namesOf(form);
  const key = DRAFT + form.dataset.keep;
  if (!names.some((name) => fields.isDirty(form, name))) { store.drop(key); return; }
  const values = Object.fromEntries(names.map((name) => [name, fields.read(form, name)]));
  store.put(key, { values, key: form.elements.key?.value, seen: form.elements.seen?.value });
}

function restore(form, key) {
  if (form.querySelector(".field--invalid, .message--error, .both-texts")) return; // the server gave the text back itself
  const draft = store.get(key);
  if (!draft) return;
  const changed = fields.namesOf(form).filter((name) => draft.values[name] && !fields.same(draft.values[name], fields.read(form, name)));
  if (!changed.some((name) => isText(form, name))) { store.drop(key); return; }
  for (const name of changed) {
    const isPlace = fields.firstBox(form, name).localName === "select" && location.search; // the address says which cell
    if (!isPlace) fields.write(form, name, draft.values[name]);
  }
  for (const name of ["key", "seen"]) if (form.elements[name] && draft[name] !== undefined) form.elements[name].value = draft[name];
  form.closest("details")?.setAttribute("open", "");
  const note = notice(form, "Dit had u getypt en was nog niet bewaard. Het staat er weer. ");
  note.append(button("Weg ermee", () => { form.reset(); store.drop(key); note.remove(); }));
}

function notice(form, text) {
  form.querySelector(":scope > [data-note]")?.remove();
  const note = element("p", "message message--warning", text);
  note.dataset.note = "";
  note.setAttribute("role", "status");
  form.prepend(note);
  return note;
}

// ---- sending ----
// Written down before it is sent: a page that is left at that moment loses nothing.
async function submit(form) {
  if (form.dataset.stays !== undefined) { sendLine(form); return; }
  if (form.dataset.sending) return; // a second click
  form.dataset.sending = "1";
  const { keep, waits, many } = form.dataset;
  const id = many === undefined ? OUT + keep : `${OUT}${Date.now()}:${form.elements.key.value}`;
  const sent = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
  const text = sent.filter(([name, value]) => fields.namesOf(form).includes(name) && isText(form, name) && value).map(([, value]) => value).join(" ");
  const entry = { action: form.action, fields: sent, page: HERE, keep, waits, text };
  store.put(id, entry);
  const answer = await post(form.action, new URLSearchParams(sent));
  delete form.dataset.sending;
  if (answer.state === "saved") { store.drop(id); store.drop(DRAFT + keep); go(answer.go); return; }
  if (answer.state === "offline" || answer.state === "fault") {
    store.drop(DRAFT + keep);
    if (many !== undefined) {
      form.reset();
      form.elements.key.value = newKey();
    }
    show();
    return;
  }
  store.drop(id);
  keepDraft(form);
  if (answer.state === "away") notice(form, "U bent niet meer aangemeld. Uw tekst blijft hier staan. ").append(loginLink());
  else form.submit(); // the server says on a page of its own what is the matter
}

// form[data-stays]: one line after the other. The line is written down and the box is empty for the next one before the
// first has arrived; the page stays.
const underway = new Set();
async function sendLine(form) {
  const { keep, waits } = form.dataset;
  const texts = fields.namesOf(form).filter((name) => isText(form, name));
  const text = texts.flatMap((name) => fields.read(form, name)).join(" ").trim();
  if (!text) return;
  const id = `${OUT}${Date.now()}:${form.elements.key.value}`;
  const sent = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
  const entry = { action: form.action, fields: [...sent, ["blijft", "1"]], page: HERE, keep, waits, text };
  store.put(id, entry);
  store.drop(DRAFT + keep);
  form.querySelector(":scope > [data-note]")?.remove();
  emptyLine(form);
  underway.add(id);
  const answer = await post(entry.action, new URLSearchParams(entry.fields));
  underway.delete(id);
  if (answer.state === "saved") {
    store.drop(id);
    if (answer.warning) notice(form, answer.warning);
    form.dispatchEvent(new CustomEvent("sent", { detail: { text, undo: answer.undo } }));
    return;
  }
  if (answer.state === "offline" || answer.state === "fault") { show(); return; }
  if (answer.state === "away") { store.put(id, { ...entry, away: true }); show(); return; }
  const problem = answer.why ?? Object.values(answer.errors ?? {}).join(" ");
  if (texts.some((name) => fields.read(form, name).some(Boolean))) { // the next line is there already
    store.put(id, { ...entry, problem: problem || "Er ontbreekt iets." });
    show();
    return;
  }
  store.drop(id);
  for (const [name, value] of sent) if (texts.includes(name)) fields.write(form, name, [value]);
  keepDraft(form);
  notice(form, `Nog niet bewaard. ${problem}`);
}

// All but the place, which the next line has too.
function emptyLine(form) {
  const places = [...form.querySelectorAll("select")].map((select) => [select, select.value]);
  // A card that was chosen put its title there to begin with: the next line is another one.
  for (const box of form.querySelectorAll("textarea, input[type=text]")) box.defaultValue = "";
  form.reset();
  for (const [select, value] of places) select.value = value;
  form.elements.key.value = newKey();
  form.dispatchEvent(new CustomEvent("emptied"));
}

function go(address) {
  if (isLeaving()) return;
  if (address === undefined) { location.reload(); return; } // saved, and nowhere else to go
  const to = new URL(address, location.href);
  const here = to.pathname + to.search === HERE;
  if (here && !to.hash) { // once: a first of two loads would use up what the second is to say
    history.replaceState(null, "", to);
    location.reload();
    return;
  }
  location.assign(to);
  if (here) location.reload(); // going to a place on the same page fetches nothing
}

let flushing = false;
async function flush() {
  if (flushing) return;
  flushing = true;
  for (const id of store.keys(OUT)) {
    const entry = store.get(id);
    const form = entry && forms.get(entry.keep);
    if (!entry || entry.problem || form?.dataset.sending || underway.has(id)) continue;
    const answer = await post(entry.action, new URLSearchParams(entry.fields));
    if (answer.state === "offline" || answer.state === "fault") break;
    if (answer.state === "away") { entry.away = true; store.put(id, entry); break; }
    if (answer.state === "saved") { store.drop(id); store.drop(DRAFT + entry.keep); sentNow.push(entry); continue; }
    store.put(id, { ...entry, problem: answer.why ?? "Er is intussen iets veranderd, of er ontbreekt iets." });
  }
  flushing = false;
  show();
}

// ---- what waits, and what went ----
const sentNow = [];
function show() {
  const waiting = store.keys(OUT).map((id) => [id, store.get(id)]).filter(([, entry]) => entry);
  document.querySelector("[data-outbox]")?.remove();
  if (!waiting.length && !sentNow.length) return;
  const box = element("div", "message message--warning outbox");
  box.dataset.outbox = "";
  box.setAttribute("role", "status");
  for (const [id, entry] of waiting) box.append(entry.problem ? refusedLine(id, entry) : waitingLine(entry));
  for (const { waits, text } of sentNow) box.append(line(`${waits} is alsnog verstuurd`, text));
  if (!waiting.length) box.classList.replace("message--warning", "message--success");
  document.querySelector("main").prepend(box);
}

function line(what, text) {
  const said = element("p", "", `${what}: `);
  said.append(Object.assign(element("q", "", text.length > 120 ? `${text.slice(0, 120)}…` : text), { dir: "auto" }));
  return said;
}
function waitingLine({ waits, text, away }) {
  const said = line(away ? `${waits} is nog niet verstuurd, want u bent niet meer aangemeld` : `${waits} is nog niet verstuurd en gaat zodra er verbinding is`, text);
  if (away) said.append(" ", loginLink());
  return said;
}
function refusedLine(id, entry) {
  const said = line(`${entry.waits} kon niet worden bewaard. ${entry.problem}`, entry.text);
  const putBack = () => {
    const values = {};
    for (const [name, value] of entry.fields) (values[name] ??= []).push(value);
    store.put(DRAFT + entry.keep, { values, key: values.key?.[0] });
    store.drop(id);
    if (entry.page === HERE) location.reload(); else location.assign(entry.page);
  };
  said.append(" ", button("Zet het terug in het formulier", putBack), " ", button("Weg ermee", () => { store.drop(id); show(); }));
  return said;
}

whenItMayWork(() => { if (store.keys(OUT).length) flush(); });
if (store.keys(OUT).length) flush();
