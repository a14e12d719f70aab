// Keeps what is being typed in a form[data-keep] in this browser until the server has it: a refused form, a lost
// connection or an expired login loses nothing. A file of the form's own fields only, gone once it is sent and stored.
const KEY = (form) => `veerkracht:${form.dataset.keep}`;
const FIELDS = "textarea, input[type=text], input:not([type])";

const SENT = "veerkracht:sent"; // which form was sent last

// Only a page that says so proves that the server has it: an error page does not, nor no page at all.
if (document.querySelector(".message--success")) localStorage.removeItem(sessionStorage.getItem(SENT));
sessionStorage.removeItem(SENT);
for (const form of document.querySelectorAll("form[data-keep]")) {
  restore(form);
  form.addEventListener("input", () => keep(form));
  form.addEventListener("submit", () => sessionStorage.setItem(SENT, KEY(form)));
}

function fieldsOf(form) {
  return [...form.querySelectorAll(FIELDS)].filter((field) => field.name);
}

// What the writer started from, so that the server can tell that another changed it since.
function startOf(form, field) {
  return form.elements[`initial-${field.name}`] ?? form.elements.seen;
}

function keep(form) {
  const typed = {};
  for (const field of fieldsOf(form)) if (field.value !== field.defaultValue) typed[field.name] = [field.value, startOf(form, field)?.value];
  try { localStorage.setItem(KEY(form), JSON.stringify(typed)); } catch { /* a full or closed store: the page works without */ }
}

function restore(form) {
  const refused = form.querySelector(".field--invalid, .message--error") || document.querySelector(".both-texts");
  if (refused) return; // the server gave the text back itself
  const typed = JSON.parse(localStorage.getItem(KEY(form)) ?? "{}");
  const changed = fieldsOf(form).filter((field) => typed[field.name] && typed[field.name][0] !== field.value);
  if (!changed.length) { localStorage.removeItem(KEY(form)); return; } // the server has it after all
  for (const field of changed) {
    const [text, start] = typed[field.name];
    field.value = text;
    if (startOf(form, field)) startOf(form, field).value = start;
  }
  form.closest("details")?.setAttribute("open", "");
  const note = document.createElement("p");
  note.className = "message message--warning";
  note.setAttribute("role", "status");
  note.textContent = "Dit had u getypt en was nog niet bewaard. Het staat er weer. ";
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "button button--small";
  drop.textContent = "Weg ermee";
  drop.addEventListener("click", () => { form.reset(); localStorage.removeItem(KEY(form)); note.remove(); });
  note.append(drop);
  form.prepend(note);
}
