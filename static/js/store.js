// What is not yet on the server, kept in this browser, per session and per organisation: on a shared computer nobody is
// offered what another typed.
const { home, who } = document.body.dataset;
const root = `veerkracht:${home}:${who}:`;
export const state = { full: false }; // the browser could not keep something: full, or closed by the user

export function put(key, value) {
  try { localStorage.setItem(root + key, JSON.stringify(value)); state.full = false; } catch { state.full = true; }
}
export function drop(key) {
  try { localStorage.removeItem(root + key); } catch { /* then there is nothing in it either */ }
}
export function get(key) {
  try { return JSON.parse(localStorage.getItem(root + key)); } catch { return null; }
}
export function keys(prefix) {
  try { return Object.keys(localStorage).filter((key) => key.startsWith(root + prefix)).map((key) => key.slice(root.length)).sort(); } catch { return []; }
}
