// A card opens in its place, and moves between idea, proposal and agreement by button and by key.
import { button, showConflict } from "./conflict.js";
import { post } from "./send.js";

const form = document.querySelector("#verplaats");
const mayMove = Boolean(document.querySelector("[data-drop-bar]"));
const KEYS = { i: "idee", v: "voorstel", a: "afgesproken" };
document.body.classList.toggle("can-move", mayMove);

// ---- open and close ----
const boxOf = (inside) => inside.closest("[data-card]").querySelector("[data-opened]");
const numberOf = (inside) => inside.closest("[data-card]").dataset.card;

async function toggle(link) {
  const box = boxOf(link);
  if (box.hasChildNodes()) { box.replaceChildren(); tell(); return; }
  const number = numberOf(link);
  for (const other of document.querySelectorAll(`[id="kaart-${number}"]`)) other.closest("[data-opened]").replaceChildren();
  box.textContent = "Wordt opgehaald…";
  const answer = await fetch(`${document.body.dataset.home}matrix/maatregel/${number}/`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (answer?.redirected) { location.reload(); return; } // logged out meanwhile
  const text = answer?.ok ? await answer.text().catch(() => null) : null;
  if (text === null) { box.textContent = "Dit kon niet worden opgehaald. Probeer het nog eens."; return; }
  box.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
  for (const own of box.querySelectorAll("form[method=post]")) own.elements.csrfmiddlewaretoken.value = document.body.dataset.token;
  tell();
  document.body.dispatchEvent(new CustomEvent("more-parts"));
}

function tell() {
  for (const link of document.querySelectorAll("[data-open-card]")) {
    link.setAttribute("aria-expanded", String(boxOf(link).hasChildNodes()));
    if (mayMove) link.setAttribute("aria-keyshortcuts", "I V A");
  }
}

function goTo(number) {
  const card = document.getElementById(`maatregel-${number}`);
  if (!card?.offsetParent) return false;
  card.scrollIntoView({ block: "center", inline: "center" });
  card.querySelector("[data-open-card]").focus({ preventScroll: true });
  card.classList.add("is-fresh");
  return true;
}

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest("[data-open-card], [data-to-card]");
  if (!link) return;
  event.preventDefault();
  // In full it stands in another buurt: there, when that is in sight.
  if (link.dataset.toCard !== undefined && goTo(numberOf(link))) return;
  toggle(link);
});

// ---- move ----
export async function move(number, status) {
  const answer = await post(form.action, new URLSearchParams({ naar: `${number}:${status}` }));
  if (answer.state === "saved") say(answer.told, answer.undo);
  else if (answer.state === "offline" || answer.state === "fault") say("Niet verplaatst: er is geen verbinding. Probeer het straks nog eens.");
  else if (answer.state === "away") location.reload();
  else say(answer.why ?? "Verplaatsen lukte niet. Er is niets veranderd.");
}

let silence;
export function say(text, undo) {
  const line = document.querySelector("[data-moved]");
  line.replaceChildren(text);
  if (undo) line.append(" ", button("Ongedaan maken", () => takeBack(undo)));
  line.className = "notice";
  const hide = () => {
    if (line.contains(document.activeElement) || line.matches(":hover")) { silence = setTimeout(hide, 2000); return; }
    line.className = "visually-hidden";
    line.replaceChildren();
  };
  clearTimeout(silence);
  silence = setTimeout(hide, undo ? 9000 : 5000);
}

async function takeBack(address) {
  const answer = await post(address, new URLSearchParams());
  say(answer.state === "saved" ? answer.told : (answer.why ?? "Ongedaan maken lukte niet: er is geen verbinding. Er is niets veranderd."));
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  const [number, status] = event.submitter.value.split(":");
  move(number, status);
});

document.addEventListener("keydown", (event) => {
  const link = event.target.closest?.("[data-open-card]");
  if (!link || !mayMove || event.ctrlKey || event.metaKey || event.altKey) return;
  const status = KEYS[event.key.toLowerCase()];
  if (!status) return;
  event.preventDefault();
  move(numberOf(link), status);
});

// ---- in which buurten, on the card ----
document.addEventListener("submit", async (event) => {
  const own = event.target.closest("[data-measure-areas]");
  if (!own) return;
  event.preventDefault();
  const line = own.querySelector(".saving");
  const answer = await post(own.action, new URLSearchParams(new FormData(own)));
  line.className = "saving";
  if (answer.state === "saved") { own.elements.seen.value = answer.start.seen; line.textContent = "Bewaard"; line.classList.add("is-saved"); return; }
  line.classList.add("is-warning");
  if (answer.state === "conflict") {
    const their = answer.theirs.areas;
    const boxes = () => [...own.querySelectorAll("input[name=areas]")];
    const mine = boxes().filter((box) => box.checked).map((box) => box.labels[0].textContent.trim()).join(", ");
    own.querySelector(".conflict")?.remove();
    line.textContent = "Nog niet bewaard.";
    const goOn = () => { own.elements.seen.value = their.start.seen; line.textContent = ""; };
    showConflict(own, {
      theirs: their.text, mine,
      onTheirs: () => { goOn(); for (const box of boxes()) box.checked = their.values.areas.includes(box.value); },
      onMine: () => { goOn(); own.requestSubmit(); },
    });
    return;
  }
  const why = answer.why ?? Object.values(answer.errors ?? {}).join(" ");
  line.textContent = answer.state === "offline" || answer.state === "fault" ? "Nog niet bewaard: geen verbinding. Uw keuze blijft hier staan." : `Nog niet bewaard. ${why}`;
});

document.body.addEventListener("part", ({ detail }) => { if (detail.matches("[data-board], .cell")) tell(); });
tell();
if (location.hash.startsWith("#maatregel-")) goTo(location.hash.slice("#maatregel-".length));
