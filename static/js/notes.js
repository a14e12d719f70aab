// Notes of the wall, form[data-notes]: Enter sends the row and goes on to the next; the answer comes into the row while
// the next one is being typed. What is not stored yet stays in this browser.
import { button, element } from "./conflict.js";
import { loginLink, post, whenItMayWork } from "./send.js";
import * as store from "./store.js";

const DRAFT = "briefjes";
const AHEAD = 6; // empty rows that are in sight
const form = document.querySelector("form[data-notes]");
const rows = form ? [...form.querySelectorAll("tr[data-row]")] : [];
const part = (row, name) => form.elements[`r${row.dataset.row}-${name}`];
const typed = (row) => ["code", "text", "card"].some((name) => part(row, name).value.trim());
const isOpen = (row) => !row.classList.contains("is-stored");
const NAMES = ["code", "text", "organisation", "status", "card", "again", "key"];

// ---- the rows ----
function showSome() {
  const last = rows.findLastIndex((row) => typed(row) || row.contains(document.activeElement));
  rows.forEach((row, i) => { row.hidden = i > last + AHEAD; });
}

function goOn(row) {
  const next = rows.slice(rows.indexOf(row) + 1).find((other) => isOpen(other));
  if (!next) { form.querySelector(".notes__all a").focus(); return; }
  next.hidden = false;
  part(next, "code").focus();
  showSome();
}

function stored(row, answer) {
  row.classList.remove("is-refused", "is-waiting");
  row.classList.add("is-stored");
  problem(row, "");
  row.querySelector("[data-again]").hidden = true;
  for (const name of NAMES) part(row, name).disabled = true; // so that it is not sent again with the others
  const done = row.querySelector("[data-done]");
  const link = Object.assign(element("a", "tall-link", `Staat in de matrix als ${answer.number}`), { href: answer.address });
  done.replaceChildren(link, " ", button("Ongedaan maken", () => undo(answer.undo)));
  done.hidden = false;
}

// A form of its own: the answer to undoing is a page.
function undo(address) {
  const undoing = Object.assign(document.createElement("form"), { method: "post", action: address, hidden: true });
  for (const [name, value] of [["csrfmiddlewaretoken", document.body.dataset.token], ["terug", location.pathname]]) undoing.append(Object.assign(document.createElement("input"), { name, value }));
  document.body.append(undoing);
  undoing.submit();
}

function problem(row, text) {
  const told = row.querySelector("[data-problem]");
  told.textContent = text;
  told.hidden = !text;
}

function refused(row, answer) {
  row.classList.add("is-refused");
  problem(row, answer.problems.join(" "));
  row.querySelector("[data-again]").hidden = !answer.double;
  for (const name of ["code", "text", "card"]) part(row, name).setAttribute("aria-invalid", String(answer.fields.includes(name)));
}

function summary() {
  const box = form.querySelector("[data-problems]");
  const wrong = rows.filter((row) => row.classList.contains("is-refused"));
  box.hidden = !wrong.length;
  box.querySelector("ul").replaceChildren(...wrong.map((row) => {
    const line = element("li");
    line.append(Object.assign(element("a", "", `Rij ${row.dataset.row}`), { href: `#${part(row, "code").id}` }), `: ${row.querySelector("[data-problem]").textContent}`);
    return line;
  }));
}

// ---- sending ----
// One after the other: a note is told to be there already only when the one before it has arrived.
let turn = Promise.resolve();
function send(row) {
  if (row.dataset.sending) return;
  row.dataset.sending = "1";
  turn = turn.finally(() => sendNow(row));
}

async function sendNow(row) {
  const data = new URLSearchParams(NAMES.filter((name) => name !== "again" || part(row, name).checked).map((name) => [part(row, name).name, part(row, name).value]));
  const answer = await post(form.action, data);
  delete row.dataset.sending;
  const told = answer.rows?.[0];
  row.classList.toggle("is-waiting", !told);
  row.classList.remove("is-refused");
  if (told?.number) stored(row, told);
  else if (told) refused(row, told);
  else if (answer.state === "away") waits(row, "U bent niet meer aangemeld. Dit briefje blijft hier staan. ", loginLink());
  else if (answer.why) refused(row, { problems: [answer.why], fields: [] });
  else waits(row, "Nog niet verstuurd; het gaat vanzelf zodra er verbinding is.");
  say(row, answer);
  summary();
  keep();
}

function waits(row, text, ...more) {
  problem(row, text);
  row.querySelector("[data-problem]").append(...more);
}

function say(row, answer) {
  const told = answer.rows?.[0];
  const words = told?.number ? `Rij ${row.dataset.row} ingevoerd als ${told.number}. ${answer.warning ?? ""}` : `Rij ${row.dataset.row}: ${row.querySelector("[data-problem]").textContent}`;
  form.querySelector("[data-said]").textContent = words;
  if (answer.warning) waitsNot(row, answer.warning);
}

// Stored, and yet worth a look.
function waitsNot(row, warning) {
  row.querySelector("[data-done]").append(element("span", "badge badge--warn", warning));
}

// ---- what is typed and not stored ----
function keep() {
  const open = rows.filter((row) => isOpen(row) && typed(row));
  if (!open.length) { store.drop(DRAFT); return; }
  store.put(DRAFT, open.map((row) => Object.fromEntries(NAMES.filter((name) => name !== "again").map((name) => [name, part(row, name).value]))));
}

function restore() {
  if (form.querySelector(".is-refused")) return; // the server gave the rows back itself
  const kept = store.get(DRAFT) ?? [];
  kept.slice(0, rows.length).forEach((values, i) => { for (const [name, value] of Object.entries(values)) part(rows[i], name).value = value; });
}

if (form) {
  restore();
  showSome();
  form.addEventListener("input", () => { showSome(); keep(); });
  form.addEventListener("focusin", showSome);
  form.addEventListener("keydown", (event) => {
    const row = event.target.closest("tr[data-row]");
    if (event.key !== "Enter" || event.isComposing || !row || !event.target.matches("input, select")) return;
    event.preventDefault();
    if (!typed(row)) return;
    send(row);
    goOn(row);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    for (const row of rows) if (isOpen(row) && typed(row)) send(row);
  });
  whenItMayWork(() => { for (const row of rows) if (row.classList.contains("is-waiting")) send(row); });
  if (!location.hash && matchMedia("(pointer: fine)").matches) part(rows[0], "code").focus({ preventScroll: true });
}
