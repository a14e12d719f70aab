// Grouping and ranking remarks with the mouse: onto a heading's list, above another card, or onto a card that says the
// same. With the keyboard the page of each remark does the same.
const EDGE = 0.28; // of a card's height: there it means "above", in the middle "the same"
let dragged;

const board = () => document.querySelector("#ordenen");

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-place]");
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.remark);
  dragged.classList.add("is-dragged");
});
document.addEventListener("dragend", () => { clear(); dragged?.classList.remove("is-dragged"); dragged = undefined; });

function targetOf(event) {
  const theme = dragged && event.target.closest?.("[data-theme]");
  if (!theme || theme.dataset.stage !== dragged.closest("[data-theme]").dataset.stage) return null;
  const card = event.target.closest("[data-place]");
  if (!card || card === dragged) return { element: theme, theme: theme.dataset.theme };
  const { top, height } = card.getBoundingClientRect();
  const at = (event.clientY - top) / height;
  if (at < EDGE) return { element: card, above: true, theme: theme.dataset.theme, before: card.dataset.remark };
  if (at <= 1 - EDGE) return { element: card, into: card.dataset.remark };
  const next = card.nextElementSibling;
  return { element: card, below: true, theme: theme.dataset.theme, before: next?.dataset?.remark ?? "" };
}

function clear() {
  for (const marked of document.querySelectorAll(".is-target, .is-above, .is-below")) marked.classList.remove("is-target", "is-above", "is-below");
}

document.addEventListener("dragover", (event) => {
  const target = targetOf(event);
  clear();
  if (!target) return;
  event.preventDefault();
  target.element.classList.add(target.above ? "is-above" : target.below ? "is-below" : "is-target");
});

document.addEventListener("drop", async (event) => {
  const target = targetOf(event);
  if (!target) return;
  event.preventDefault();
  clear();
  const { into = "", theme = "", before = "" } = target;
  const body = new URLSearchParams({ into, theme, before, csrfmiddlewaretoken: document.body.dataset.token });
  const answer = await fetch(dragged.dataset.place, { method: "POST", body, redirect: "manual" }).catch(() => null);
  // A good answer is a redirect; what changed comes by the live stream, as for everyone.
  if (answer?.type !== "opaqueredirect") say("Verplaatsen lukte niet. Er is niets veranderd. Probeer het nog eens, of open de kaart.");
});

function say(text) {
  let notice = document.querySelector(".notice");
  if (!notice) { notice = Object.assign(document.createElement("p"), { className: "notice" }); notice.setAttribute("role", "alert"); board().after(notice); }
  notice.textContent = text;
}
