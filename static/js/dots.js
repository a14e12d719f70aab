// Dots: each press of plus or minus shows at once and is saved at once, one after another. Without script every button
// is a form of its own.
import { post } from "./send.js";

const section = document.querySelector("[data-dots]");
const forms = section ? [...section.querySelectorAll("form")] : [];
const stored = new Map(); // form -> what the server has
const wanted = new Map(); // form -> what this person pressed
let sending = Promise.resolve();

for (const form of forms) {
  stored.set(form, Number(form.elements.seen.value));
  wanted.set(form, stored.get(form));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    press(form, event.submitter?.hasAttribute("data-more") ? 1 : -1);
  });
}

const given = () => [...wanted.values()].reduce((sum, count) => sum + count, 0);
const left = () => Number(forms[0].dataset.each) - given();

function press(form, step) {
  if ((step > 0 && left() < 1) || (step < 0 && wanted.get(form) < 1)) return;
  wanted.set(form, wanted.get(form) + step);
  say("");
  draw();
  sending = sending.then(() => save(form));
}

async function save(form) {
  const count = wanted.get(form);
  if (count === stored.get(form)) return; // several presses went along in one
  const data = new URLSearchParams([...new FormData(form)]);
  data.set("seen", stored.get(form));
  data.set("count", count);
  const answer = await post(form.action, data);
  if (answer.counts) {
    for (const other of forms) {
      const now = answer.counts[other.elements.subject.value] ?? 0;
      const pressed = wanted.get(other) !== stored.get(other) && other !== form; // waits for its turn
      stored.set(other, now);
      if (!pressed && (other !== form || wanted.get(form) === count)) wanted.set(other, now);
    }
    if (answer.state !== "saved") say(answer.why);
  } else {
    for (const other of forms) wanted.set(other, stored.get(other));
    say(answer.why ?? "Deze stip is niet bewaard: de verbinding is weg. Probeer het zo nog eens.");
  }
  draw();
}

function draw() {
  for (const form of forms) {
    const count = wanted.get(form);
    form.querySelector("[data-count]").textContent = count;
    form.querySelector("[data-less]").disabled = count < 1;
    form.querySelector("[data-more]").disabled = left() < 1;
  }
  const line = section.querySelector("[data-left]");
  line.replaceChildren();
  if (left() < 1) line.textContent = "Alle stippen verdeeld. U kunt ze nog verplaatsen.";
  else line.append("Nog ", Object.assign(document.createElement("b"), { textContent: left() }), " over");
}

function say(text) {
  const line = section.querySelector("[data-why]");
  line.hidden = !text;
  line.textContent = text;
}

// What came out takes the place of the buttons.
document.body.addEventListener("part", () => {
  if (!document.querySelector("#ronde[data-revealed]")) return;
  section?.remove();
  for (const element of document.querySelectorAll("[data-until-revealed]")) element.remove();
});
