// Keeps what is being typed in a form[data-keep] in this browser until the server has it: a refused form, a lost
// connection or an expired login loses nothing. A file of the form's own fields only, gone once it is sent and stored.
const KEY = (form) => `veerkracht:${form.dataset.keep}`;
const FIELDS = "textarea, input[type=text], input:not([type])";

for (const form of document.querySelectorAll("form[data-keep]")) {
  restore(form);
  form.addEventListener("input", () => keep(form));
  form.addEventListener("submit", () => sessionStorage.setItem(`${KEY(form)}:sent`, "1"));
}

function fieldsOf(form) {
  return [...form.querySelectorAll(FIELDS)].filter((field) => field.name);
}

function keep(form) {
  const typed = {};
  for (const field of fieldsOf(form)) if (field.value !== field.defaultValue) typed[field.name] = field.value;
  try { localStorage.setItem(KEY(form), JSON.stringify(typed)); } catch { /* a full or closed store: the page works without */ }
}

function restore(form) {
  const sent = sessionStorage.getItem(`${KEY(form)}:sent`);
  sessionStorage.removeItem(`${KEY(form)}:sent`);
  const refused = form.querySelector(".field--invalid, .message--error") || document.querySelector(".both-texts");
  if (sent && !refused) { localStorage.removeItem(KEY(form)); return; } // the server has it
  if (refused) return; // the server gave the text back itself
  const typed = JSON.parse(localStorage.getItem(KEY(form)) ?? "{}");
  const changed = fieldsOf(form).filter((field) => typed[field.name] !== undefined && typed[field.name] !== field.value);
  if (!changed.length) return;
  for (const field of changed) field.value = typed[field.name];
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
