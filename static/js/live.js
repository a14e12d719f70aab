// Keeps this screen up to date: each message holds the parts of this page that changed, ready to be put in their place.
// After a break it asks for everything since the last message that it saw, so nothing is missed.
const body = document.body;
let since = Number(body.dataset.revision);
let wait = 500;
let source;
let again;

function connect() {
  if (document.hidden) return;
  const parts = [...document.querySelectorAll("[data-part]")].map((part) => part.dataset.part).join(",");
  source = new EventSource(`${body.dataset.live}?since=${since}&delen=${encodeURIComponent(parts)}`);
  source.onopen = () => { wait = 500; showOffline(false); };
  source.onmessage = (message) => take(JSON.parse(message.data));
  source.onerror = () => {
    source.close(); // the browser's own retry gives up for ever on some answers, and forgets what it saw
    showOffline(true);
    again = setTimeout(connect, wait);
    wait = Math.min(wait * 2, 4000);
  };
}

function take({ revision, now, parts: changed, subjects }) {
  if (revision <= since) return;
  since = revision;
  body.dataset.revision = revision;
  for (const [id, html] of changed) swap(document.getElementById(id), html);
  body.dispatchEvent(new CustomEvent("live", { detail: { now, subjects } }));
}

// ---- a part in its place: without touching what somebody is typing in, the focus, or what was opened ----
function swap(old, html) {
  if (!old) return;
  const template = document.createElement("template");
  template.innerHTML = html;
  const fresh = template.content.firstElementChild;
  if (!fresh || old.outerHTML === fresh.outerHTML) return;
  if (isTyping(old)) { later(old, html); return; }
  for (const kept of old.querySelectorAll("[data-static][id]")) fresh.querySelector(`#${CSS.escape(kept.id)}`)?.replaceWith(kept);
  for (const details of old.querySelectorAll("details[id][open]")) fresh.querySelector(`#${CSS.escape(details.id)}`)?.setAttribute("open", "");
  for (const form of fresh.querySelectorAll("form[method=post]")) giveToken(form);
  const { scrollLeft, scrollTop } = old;
  const focused = old.contains(document.activeElement) ? nameOf(document.activeElement, old) : null;
  old.replaceWith(fresh);
  Object.assign(fresh, { scrollLeft, scrollTop });
  if (focused) find(fresh, focused)?.focus({ preventScroll: true });
  fresh.classList.add("is-fresh");
  body.dispatchEvent(new CustomEvent("part", { detail: fresh }));
}

// Inputs live outside the parts that renew themselves; should one be inside after all, it is left alone until it is left.
const TYPED = "textarea, select, input:not([type=hidden], [type=checkbox], [type=radio], [type=submit])";
const waiting = new Map(); // id -> html
function isTyping(old) {
  return old.contains(document.activeElement) && document.activeElement.matches(TYPED);
}
function later(old, html) {
  if (!waiting.has(old.id)) {
    old.addEventListener("focusout", () => setTimeout(() => {
      const newest = waiting.get(old.id);
      waiting.delete(old.id);
      swap(document.getElementById(old.id), newest);
    }), { once: true });
  }
  waiting.set(old.id, html);
}

function giveToken(form) {
  if (form.elements.csrfmiddlewaretoken) return;
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name: "csrfmiddlewaretoken", value: body.dataset.token });
  form.prepend(input);
}

// The same link or button in the new part: by its id, else by where it leads and what it says.
function nameOf(element, part) {
  if (element === part) return { self: true };
  if (element.id) return { id: element.id };
  const alike = [...part.querySelectorAll(element.localName)];
  return { tag: element.localName, href: element.getAttribute("href"), text: element.textContent.trim(), at: alike.indexOf(element) };
}
function find(part, { self, id, tag, href, text, at }) {
  if (self) return part;
  if (id) return part.querySelector(`#${CSS.escape(id)}`);
  const alike = [...part.querySelectorAll(tag)];
  return alike.find((other) => other.getAttribute("href") === href && other.textContent.trim() === text) ?? alike[at];
}

let offline;
function showOffline(is) {
  clearTimeout(offline);
  const bar = document.querySelector("[data-offline]");
  body.classList.toggle("is-offline", is);
  if (!is) { bar.hidden = true; body.dispatchEvent(new CustomEvent("online-again")); return; }
  offline = setTimeout(() => { bar.hidden = false; }, 1500); // a hiccup is not worth a fright
}

connect();
// A page that goes to sleep in the browser's back-forward cache wakes up with a dead stream.
addEventListener("pageshow", (event) => { if (event.persisted) { source?.close(); connect(); } });
// Back to a page of before its seat was left: a borrowed laptop shows nobody what was there.
if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") leaveWhenAway();
addEventListener("pageshow", (event) => { if (event.persisted) leaveWhenAway(); });
async function leaveWhenAway() {
  try {
    const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" });
    if (answer.status === 404) location.reload();
  } catch { /* no connection: the page stays readable */ }
}
addEventListener("pagehide", () => source?.close());
// A browser keeps six connections to one address, so a tab that nobody looks at gives its own back.
document.addEventListener("visibilitychange", () => {
  clearTimeout(again);
  source?.close();
  if (!document.hidden) connect();
});
// A part came to the page, as when a buurt is opened beside the map: from now on it is kept up to date too.
body.addEventListener("more-parts", () => { clearTimeout(again); source?.close(); connect(); });
addEventListener("online", () => { clearTimeout(again); source?.close(); connect(); });
