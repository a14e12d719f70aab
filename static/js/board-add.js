// Adding in the cell itself: the one form of the page goes to the cell that is filled, and stays there for the next line.
// And leaving a cell empty on purpose, with the reason in its place.
import { say } from "./board-cards.js";
import { button, element, showConflict } from "./conflict.js";
import { post } from "./send.js";
import * as store from "./store.js";

const form = document.querySelector("#toevoegen");
const home = document.querySelector("#toevoegen-thuis");
const cellOf = (area, framework) => document.getElementById(`erbij-${area}-${framework}`);

// ---- where the form stands ----
function place(box) {
  const before = form.closest(".cell-add");
  if (before) { before.classList.remove("is-open"); delete before.dataset.static; }
  home.classList.toggle("is-open", box === home);
  box.append(form);
  form.classList.toggle("is-in-cell", box !== home);
  form.querySelector("[data-add-done]").hidden = false;
  if (box === home) return;
  box.classList.add("is-open");
  box.dataset.static = ""; // when the matrix around it is renewed, it is left as it is
}

function open(area, framework, { focus = true } = {}) {
  form.elements.area.value = area;
  form.elements.framework.value = framework;
  const cell = cellOf(area, framework);
  place(cell?.offsetParent ? cell : home);
  hideOwn();
  if (!focus) return;
  form.elements.title.focus({ preventScroll: true });
  form.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function close() {
  const cell = form.closest(".cell-add");
  place(home);
  home.classList.remove("is-open");
  hideIdeas();
  cell?.querySelector("[data-add]")?.focus();
}

// Its own buurt is no "also".
function hideOwn() {
  for (const box of form.querySelectorAll("input[name=also]")) {
    const own = box.value === form.elements.area.value;
    if (own) box.checked = false;
    box.closest("label").hidden = own;
  }
}

if (form) {
  form.dataset.stays = "";
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-add]");
    if (link) { event.preventDefault(); open(link.dataset.add, link.dataset.framework); }
    else if (event.target.closest("[data-add-done]")) close();
    else if (event.target.closest("[data-add-here]")) {
      const picker = document.querySelector("[data-pick-area]");
      if (picker.offsetParent) form.elements.area.value = picker.value; // on a phone the buurt that is shown
      place(home);
      hideOwn();
      form.elements.title.focus();
    }
  });
  form.addEventListener("keydown", (event) => { if (event.key === "Escape" && list.hidden) close(); });
  form.addEventListener("change", (event) => { if (event.target.name === "area") hideOwn(); });
  form.addEventListener("sent", ({ detail }) => say(`Toegevoegd: ${detail.text}`, detail.undo));
  form.addEventListener("emptied", () => { form.elements.intervention.value = ""; hideIdeas(); form.elements.title.focus({ preventScroll: true }); });
  // A matrix that came anew may not have the cell any more: what is typed does not go with it.
  document.body.addEventListener("part", () => { if (!form.isConnected) { place(home); } });
  document.querySelector("[data-add-here]").hidden = false;
  // The catalogue comes back to the cell that was being filled.
  form.querySelector("[data-catalogue]").addEventListener("click", (event) => {
    event.currentTarget.search = `?${new URLSearchParams({ buurt: form.elements.area.value, kader: form.elements.framework.value })}`;
  });
}

// ---- ideas of the catalogue under the line ----
const list = document.querySelector("[data-suggestions]");
const title = form?.elements.title;
let asked = 0, pause, active = -1;

function hideIdeas() {
  asked += 1;
  clearTimeout(pause);
  if (!list) return;
  list.hidden = true;
  list.replaceChildren();
  active = -1;
  title.setAttribute("aria-expanded", "false");
  title.removeAttribute("aria-activedescendant");
}

async function suggest() {
  const mine = ++asked;
  const words = title.value.trim();
  if (words.length < 2) { hideIdeas(); return; }
  const query = new URLSearchParams({ zoek: words, kader: form.elements.framework.value });
  const answer = await fetch(`${list.dataset.suggestions}?${query}`).catch(() => null);
  const text = answer?.ok && !answer.redirected ? await answer.text().catch(() => "") : "";
  if (mine !== asked) return;
  list.replaceChildren(...new DOMParser().parseFromString(text, "text/html").querySelectorAll("li"));
  list.hidden = !list.children.length;
  active = -1;
  title.setAttribute("aria-expanded", String(!list.hidden));
  title.removeAttribute("aria-activedescendant");
}

function pick(option) {
  title.value = option.dataset.title;
  form.elements.intervention.value = option.dataset.card;
  hideIdeas();
  title.dispatchEvent(new Event("input", { bubbles: true })); // kept in this browser, as what is typed
  clearTimeout(pause);
  title.focus();
}

function walk(step) {
  const options = [...list.children];
  options[active]?.setAttribute("aria-selected", "false");
  active = (active + step + options.length + (active < 0 && step < 0 ? 1 : 0)) % options.length;
  options[active].setAttribute("aria-selected", "true");
  options[active].scrollIntoView({ block: "nearest" });
  title.setAttribute("aria-activedescendant", options[active].id);
}

if (title) {
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list", autocomplete: "off" })) title.setAttribute(name, value);
  title.addEventListener("input", () => {
    if (!title.value.trim()) form.elements.intervention.value = "";
    clearTimeout(pause);
    pause = setTimeout(suggest, 250);
  });
  title.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") walk(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter" && active >= 0) pick(list.children[active]);
    else if (event.key === "Escape") hideIdeas();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
  list.addEventListener("click", (event) => { const option = event.target.closest("li"); if (option) pick(option); });
  title.addEventListener("blur", () => setTimeout(() => { if (document.activeElement !== title) hideIdeas(); }));
}

// ---- bewust leeg, in the cell ----
const LEFT = "leeg:";
function askWhy(link) {
  const box = link.closest("td").querySelector(".cell-add");
  if (box.querySelector(".why-empty")) { box.querySelector("input").focus(); return; }
  const address = link.href, before = link.dataset.leaveEmpty;
  const own = element("form", "why-empty");
  const label = element("label", "", "Waarom mag dit vak leeg blijven?");
  const reason = Object.assign(element("input"), { type: "text", name: "reason", maxLength: 200, required: true, value: store.get(LEFT + address) ?? before, dir: "auto" });
  const save = Object.assign(element("button", "button button--primary button--small", "Bewaar"), { type: "submit" });
  const line = element("p", "saving");
  line.setAttribute("role", "status");
  let seen = before;
  label.append(reason);
  const done = () => { store.drop(LEFT + address); delete box.dataset.static; box.classList.remove("has-why"); own.remove(); };
  const row = element("div", "row");
  row.append(save);
  if (before) row.append(button("Toch niet leeg", () => send({ "weer-open": "1" })));
  row.append(button("Terug", done));
  own.append(label, row, line);
  async function send(values) {
    line.textContent = "Wordt bewaard…";
    const answer = await post(address, new URLSearchParams(values));
    if (answer.state === "saved") { if (answer.warning) say(answer.warning); done(); return; }
    if (answer.state === "conflict") {
      const their = answer.theirs.reason;
      line.textContent = "";
      showConflict(own, {
        theirs: their.text, mine: reason.value,
        onTheirs: done,
        onMine: () => { seen = their.text; own.requestSubmit(); },
      });
      return;
    }
    const why = answer.why ?? Object.values(answer.errors ?? {}).join(" ");
    line.textContent = answer.state === "offline" || answer.state === "fault" ? "Nog niet bewaard: geen verbinding. Uw tekst blijft hier staan." : `Nog niet bewaard. ${why}`;
  }
  own.addEventListener("submit", (event) => { event.preventDefault(); send({ reason: reason.value, seen }); });
  own.addEventListener("keydown", (event) => { if (event.key === "Escape") done(); });
  reason.addEventListener("input", () => store.put(LEFT + address, reason.value));
  box.dataset.static = "";
  box.classList.add("has-why");
  box.append(own);
  reason.focus();
}
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-leave-empty]");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  askWhy(link);
});

// ---- on arrival: what was typed before, or the cell that the address names ----
if (form) {
  const isRefused = form.querySelector(".field--invalid, .message--error");
  const named = location.hash === "#toevoegen" || new URLSearchParams(location.search).has("kaart");
  if (isRefused || named || title.value.trim()) open(form.elements.area.value, form.elements.framework.value, { focus: named && !isRefused });
  // A browser that goes to #toevoegen itself takes the focus to the form, where nothing can be typed.
  if (named && !isRefused) addEventListener("load", () => setTimeout(() => { if (document.activeElement === document.body) title.focus({ preventScroll: true }); }));
}
