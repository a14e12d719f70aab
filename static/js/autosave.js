// Every field of a form[data-autosave] saves by itself: after a pause in typing, on a choice, on leaving the field. What
// is not on the server yet is kept in this browser, per field, with what its writer started from.
import { button, element, showConflict } from "./conflict.js";
import * as fields from "./fields.js";
import { freshPage, isLeaving, loginLink, post, whenItMayWork } from "./send.js";
import * as store from "./store.js";

const PAUSE = 1200; // ms
const DATE_PAUSE = 4000; // a year that is typed passes through the year 2
const HERE = location.pathname + location.search;
const PREFIX = "veld:";

class Autosave {
  constructor(form) {
    this.form = form;
    this.held = new Map(); // name -> why it waits: "conflict", "invalid", "refused" or "unsent"
    this.sends = 0; // begun and ended
    this.revision = 0; // of the last page that was taken over
    this.names = fields.namesOf(form);
    const refused = form.parentElement.querySelector(".field--invalid, .message--error, .both-texts");
    for (const name of this.names) fields.settleOnStart(form, name);
    if (!refused) this.restore();
    form.addEventListener("input", (event) => this.typed(event.target));
    form.addEventListener("focusin", (event) => this.line(event.target.name)); // there before it says something
    form.addEventListener("focusout", () => { this.save(); if (this.stale) setTimeout(() => refresh([this])); });
    form.addEventListener("submit", (event) => this.finish(event));
  }

  key(name) { return `${PREFIX}${this.form.dataset.autosave}:${name}`; }
  dirty() { return this.names.filter((name) => fields.isDirty(this.form, name)); }
  stored(name) { return fields.readStored(this.form, name); }

  // ---- what is typed ----
  typed(box) {
    if (!this.names.includes(box.name)) return;
    const [brings, takesPart] = fields.together(box.name);
    if (takesPart && box.name === brings && box.value.trim()) fields.write(this.form, takesPart, ["on"]);
    for (const name of fields.together(box.name)) this.keep(name);
    for (const [name, why] of [...this.held]) if (why !== "conflict") this.held.delete(name);
    if (this.held.get(box.name) !== "conflict") this.say([box.name], "");
    clearTimeout(this.timer);
    const isChoice = box.matches("select, [type=checkbox], [type=radio]");
    this.timer = setTimeout(() => this.save(), isChoice ? 0 : box.type === "date" ? DATE_PAUSE : PAUSE);
  }

  keep(name) {
    if (!fields.isDirty(this.form, name)) { store.drop(this.key(name)); return; }
    const { form } = this;
    store.put(this.key(name), { page: HERE, form: form.id, name, value: fields.read(form, name), base: this.stored(name), start: fields.readStart(form, name) });
  }

  restore() {
    let found = false;
    for (const name of this.names) {
      const draft = store.get(this.key(name));
      if (!draft) continue;
      if (fields.same(draft.value, this.stored(name))) { store.drop(this.key(name)); continue; } // the server has it after all
      fields.write(this.form, name, draft.value);
      fields.settle(this.form, name, draft.base);
      fields.writeStart(this.form, name, draft.start);
      this.say([name], "Dit had u getypt en was nog niet bewaard. Het staat er weer.");
      found = true;
    }
    if (!found) return;
    this.form.closest("details")?.setAttribute("open", "");
    setTimeout(() => this.save(), PAUSE);
  }

  // ---- saving ----
  save(options) {
    clearTimeout(this.timer);
    this.again = true;
    this.busy ??= this.run(options);
    return this.busy;
  }

  async run(options) {
    await null; // from here on `busy` is this run; whoever asks for one before it ends gets another round of it
    while (this.again) {
      this.again = false;
      const names = this.dirty().filter((name) => !this.held.has(name));
      if (!names.length) continue;
      const { needs } = this.form.dataset;
      if (needs && !fields.read(this.form, needs).length) { this.say(names, "Nog niet bewaard. Kies eerst een antwoord."); continue; }
      this.say(names, "Wordt bewaard…");
      await this.send(names, options);
    }
    this.busy = null;
  }

  async send(names, options) {
    const sent = new Map(names.map((name) => [name, fields.read(this.form, name)]));
    this.sends += 1;
    const answer = await post(this.form.action, this.data(names), options);
    this.sends += 1;
    this.taken[answer.state]?.call(this, names, sent, answer);
    if (!this.taken[answer.state]) this.wait(names, "Nog niet bewaard: de server kan het nu niet opslaan. Wij proberen het steeds opnieuw.");
    return answer.state;
  }

  // The other fields go along as they were, so that only what this writer changed is stored.
  data(names) {
    const data = new URLSearchParams(new FormData(this.form));
    for (const name of this.names) {
      if (names.includes(name)) continue;
      data.delete(name);
      for (const value of this.stored(name)) data.append(name, value);
    }
    return data;
  }

  taken = {
    saved(names, sent, { start, warning }) {
      for (const name of names) {
        fields.writeStart(this.form, name, start);
        fields.settle(this.form, name, sent.get(name));
        this.keep(name);
      }
      const done = names.filter((name) => !fields.isDirty(this.form, name));
      if (this.finishing) this.say(done, ""); // the page that comes says it
      else this.say(done, warning ? `Bewaard. ${warning}` : "Bewaard", warning ? "is-warning" : "is-saved");
      if (done.length < names.length) this.again = true;
    },
    invalid(names, sent, { errors }) {
      let found = names.filter((name) => errors[name]);
      if (!found.length) found = names; // it is about the form as a whole
      for (const name of found) this.hold(name, "invalid", `Nog niet bewaard. ${errors[name] ?? Object.values(errors).join(" ")}`);
      this.again = true;
    },
    refused(names, sent, { why }) {
      for (const name of names) this.hold(name, "refused", `Nog niet bewaard. ${why}`);
    },
    conflict(names, sent, { theirs }) {
      for (const [name, their] of Object.entries(theirs)) this.ask(name, their);
      this.again = true;
    },
    offline(names) { this.wait(names, "Nog niet bewaard: geen verbinding. Uw tekst blijft hier staan."); },
    gone(names) { for (const name of names) this.hold(name, "refused", "Niet bewaard: dit bestaat niet meer. Kopieer uw tekst als u die nodig hebt."); },
    away(names) {
      this.wait(names, "U bent niet meer aangemeld. Uw tekst blijft hier staan. ");
      this.line(names[0])?.append(loginLink());
    },
  };

  hold(name, why, text) { this.held.set(name, why); this.say([name], text, "is-warning"); }
  wait(names, text) {
    for (const name of names) this.held.set(name, "unsent");
    this.say(names, text, "is-warning");
  }
  tryAgain(...reasons) {
    const waiting = [...this.held].filter(([, why]) => reasons.includes(why)).map(([name]) => name);
    for (const name of waiting) this.held.delete(name);
    if (waiting.length) this.save();
  }

  // ---- two people on one field ----
  ask(name, their) {
    const { form } = this;
    placeOf(form, name).closest("details")?.setAttribute("open", "");
    const both = Object.keys(their.values);
    const mine = new Map(both.map((one) => [one, fields.read(form, one)]));
    for (const one of both) this.held.set(one, "conflict");
    this.say(both, "Nog niet bewaard.", "is-warning");
    const goOnFrom = () => {
      for (const one of both) {
        fields.settle(form, one, their.values[one]);
        fields.writeStart(form, one, their.start);
        this.held.delete(one);
      }
    };
    const putBack = () => {
      for (const one of both) { fields.write(form, one, mine.get(one)); this.keep(one); }
      this.save();
    };
    showConflict(placeOf(form, name), {
      theirs: their.text,
      mine: inWords(form, name),
      onTheirs: () => {
        for (const one of both) mine.set(one, fields.read(form, one));
        for (const one of both) fields.write(form, one, their.values[one]);
        goOnFrom();
        for (const one of both) this.keep(one);
        this.say([name], "De tekst van de ander staat er nu. ");
        this.line(name).append(button("Toch mijn tekst", putBack));
        fields.firstBox(form, name).focus();
      },
      onMine: () => { goOnFrom(); for (const one of both) this.keep(one); this.save(); fields.firstBox(form, name).focus(); },
    });
  }

  // ---- the button: all that is not saved yet, and then as a page without script would ----
  async finish(event) {
    event.preventDefault();
    for (const [name, why] of [...this.held]) if (why !== "conflict") this.held.delete(name);
    const { needs } = this.form.dataset;
    if (needs && !fields.read(this.form, needs).length) { this.form.submit(); return; }
    this.finishing = true;
    await this.save();
    this.finishing = false;
    if (this.held.size) { this.showHeld(); return; }
    const [first] = this.names;
    this.finishing = true;
    const state = await this.send([], {});
    this.finishing = false;
    if (state === "saved" && !isLeaving()) this.form.submit();
    else if (state !== "saved" && !this.held.size) this.say([first], "Nog niet bewaard: geen verbinding. Uw tekst blijft hier staan.", "is-warning");
  }

  showHeld() {
    const [name] = this.held.keys();
    placeOf(this.form, name).scrollIntoView({ block: "center" });
    (placeOf(this.form, name).querySelector(".conflict button") ?? fields.firstBox(this.form, name)).focus();
  }

  // ---- what stands beside the field ----
  line(name) {
    const box = this.names.includes(name) && fields.firstBox(this.form, name);
    if (!box) return null;
    const place = placeOf(this.form, name);
    let line = place.querySelector(":scope > .saving");
    if (!line) {
      line = element("p", "saving");
      line.setAttribute("role", "status");
      place.append(line);
    }
    return line;
  }
  say(names, text, look = "") {
    for (const place of new Set(names.map((name) => this.line(name)))) {
      if (!place) continue;
      place.className = `saving ${look}`;
      place.textContent = text;
    }
  }

  // ---- what others wrote, where this page shows it untouched ----
  takeOver(page) {
    const other = page.getElementById(this.form.id);
    this.stale = false;
    const revision = Number(page.body.dataset.revision);
    if (!other || revision < this.revision) return; // of two pages the older may come last
    this.revision = revision;
    const touched = (name) => fields.isDirty(this.form, name) || fields.isFocused(this.form, name) || this.held.has(name);
    const asOne = Boolean(this.form.elements.seen) && this.names.some(touched); // one start for all fields
    for (const name of this.names) {
      const theirs = fields.read(other, name);
      if (fields.same(theirs, fields.readStored(this.form, name))) continue;
      if (asOne || fields.together(name).some(touched)) { this.stale ||= !fields.isDirty(this.form, name); continue; }
      for (const one of fields.together(name)) {
        fields.write(this.form, one, fields.read(other, one));
        fields.settle(this.form, one, fields.read(other, one));
      }
      fields.writeStart(this.form, name, fields.readStart(other, name));
    }
  }
}

function placeOf(form, name) {
  const box = fields.firstBox(form, name);
  return box.closest(".contribution, .field") ?? form;
}

function inWords(form, name) {
  const box = fields.firstBox(form, name);
  if (box.localName === "select") return box.selectedOptions[0]?.textContent ?? "";
  if (box.type !== "checkbox" && box.type !== "radio") return box.value;
  const ticked = [...form.elements].filter((one) => one.name === name && one.checked);
  return ticked.map((one) => one.labels[0]?.textContent.trim()).join(", ");
}

const forms = [...document.querySelectorAll("form[data-autosave]")].map((form) => new Autosave(form));

// A page that was fetched while a form was being sent may be from before that: it would put old words back.
async function refresh(which) {
  const before = new Map(which.map((form) => [form, form.sends]));
  const page = await freshPage();
  if (!page) return;
  for (const form of which) {
    const overtaken = form.busy || form.finishing || form.sends !== before.get(form);
    if (overtaken) Promise.resolve(form.busy).then(() => refreshSoon([form]));
    else form.takeOver(page);
  }
}

let soon;
const about = new Set();
function refreshSoon(which) {
  for (const form of which) about.add(form);
  clearTimeout(soon);
  if (about.size) soon = setTimeout(() => { const those = [...about]; about.clear(); refresh(those); }, 150);
}
document.body.addEventListener("live", ({ detail }) => {
  if (detail.subjects?.includes("stage")) for (const form of forms) form.tryAgain("refused");
  refreshSoon(forms.filter((form) => form.form.dataset.about.split(" ").some((one) => detail.subjects?.includes(one))));
});

whenItMayWork(() => { for (const form of forms) form.tryAgain("unsent"); });
addEventListener("pagehide", () => { for (const form of forms) form.save({ leaving: true }); });
document.addEventListener("visibilitychange", () => { if (document.hidden) for (const form of forms) form.save({ leaving: true }); });
addEventListener("beforeunload", (event) => {
  if (store.state.full && forms.some((form) => form.dirty().length)) event.preventDefault();
});

// ---- words that were left behind on another page of this session ----
async function lookForWords() {
  const drafts = store.keys(PREFIX).map((key) => [key, store.get(key)]);
  for (const address of new Set(drafts.map(([, draft]) => draft?.page))) {
    if (!address || address === HERE) continue;
    const page = await freshPage(address);
    if (!page) continue;
    const mine = drafts.filter(([, draft]) => draft?.page === address);
    for (const [key, draft] of mine) {
      const form = page.getElementById(draft.form);
      if (form && fields.same(fields.read(form, draft.name), draft.value)) store.drop(key); // it arrived after all
    }
    if (!mine.some(([key]) => store.get(key)) || document.querySelector("[data-left-behind]")) continue;
    const notice = element("p", "message message--warning", "U hebt nog tekst die niet is bewaard. ");
    notice.dataset.leftBehind = "";
    notice.setAttribute("role", "status");
    notice.append(Object.assign(element("a", "tall-link", "Ga erheen"), { href: address }));
    document.querySelector("main").prepend(notice);
  }
}
setTimeout(lookForWords, PAUSE); // what was sent on leaving the other page arrives first
