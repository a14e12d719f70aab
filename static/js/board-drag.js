// A card is picked up with the mouse, or with a finger that stays on it for a moment, and dropped on one of three large
// targets at the bottom. With the keyboard the letters on a card do the same.
import { move } from "./board-cards.js";

const bar = document.querySelector("[data-drop-bar]");
const FAR = 8; // px: less is a click
const HOLD = 350; // ms: a finger that moves before that scrolls
let held; // what may become a drag: {card, x, y, timer}
let ghost;

function start(event) {
  const card = event.target.closest?.("[data-card]");
  if (!bar || !card || event.button > 0 || event.target.closest("button, input, select, summary, label, [data-opened]")) return;
  held = { card, x: event.clientX, y: event.clientY, id: event.pointerId, isTouch: event.pointerType !== "mouse" };
  if (held.isTouch) held.timer = setTimeout(lift, HOLD);
}

function lift() {
  getSelection().removeAllRanges();
  ghost = document.createElement("div");
  ghost.className = "drag-ghost";
  ghost.textContent = held.card.querySelector("a").textContent;
  document.body.append(ghost);
  document.body.classList.add("is-dragging");
  held.card.classList.add("is-dragged");
  const now = held.card.dataset.facts.match(/status-(\w+)/)[1];
  for (const target of bar.querySelectorAll("[data-drop]")) target.classList.toggle("is-now", target.dataset.drop === now);
  bar.hidden = false;
  place(held.x, held.y);
}

function place(x, y) {
  ghost.style.transform = `translate(${x + 12}px, ${y - 20}px)`;
  const over = targetAt(x, y);
  for (const target of bar.querySelectorAll("[data-drop]")) target.classList.toggle("is-target", target === over);
}
const targetAt = (x, y) => document.elementFromPoint(x, y)?.closest("[data-drop]") ?? null;

function follow(event) {
  if (!held || event.pointerId !== held.id) return;
  if (ghost) { place(event.clientX, event.clientY); return; }
  if (Math.hypot(event.clientX - held.x, event.clientY - held.y) < FAR) return;
  if (held.isTouch) { drop(); return; } // it scrolls
  lift();
  place(event.clientX, event.clientY);
}

function finish(event) {
  if (!held || event.pointerId !== held.id) return;
  const target = ghost && targetAt(event.clientX, event.clientY);
  const { card } = held;
  if (ghost) addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }));
  drop();
  if (target && !target.classList.contains("is-now")) move(card.dataset.card, target.dataset.drop);
}
function swallow(event) { event.preventDefault(); event.stopPropagation(); }

function drop() {
  clearTimeout(held?.timer);
  held?.card.classList.remove("is-dragged");
  ghost?.remove();
  held = ghost = undefined;
  document.body.classList.remove("is-dragging");
  if (bar) bar.hidden = true;
}

document.addEventListener("pointerdown", start);
document.addEventListener("pointermove", follow);
document.addEventListener("pointerup", finish);
document.addEventListener("pointercancel", drop);
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && ghost) drop(); });
// The browser's own ideas of dragging a link, scrolling and a menu for who holds one.
document.addEventListener("dragstart", (event) => { if (bar && event.target.closest?.("[data-card]")) event.preventDefault(); });
document.addEventListener("touchmove", (event) => { if (ghost) event.preventDefault(); }, { passive: false });
document.addEventListener("contextmenu", (event) => { if (held?.isTouch) event.preventDefault(); });
