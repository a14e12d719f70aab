// Two people on one field: both texts, side by side, and the choice. `onTheirs` and `onMine` store it.
export function showConflict(place, { theirs, mine, onTheirs, onMine }) {
  const box = element("div", "message message--warning conflict");
  box.setAttribute("role", "alert");
  const notice = element("p");
  notice.append(element("b", "", "Iemand anders heeft dit intussen gewijzigd."), " Er is niets overschreven. Kies welke tekst blijft. U kunt uw tekst ook eerst aanpassen.");
  const both = element("div", "both-texts");
  both.append(text("De tekst van de ander", theirs), text("Uw tekst", mine));
  const choices = element("div", "row");
  choices.append(
    button("Gebruik de tekst van de ander", () => { box.remove(); onTheirs(); }),
    button("Bewaar mijn tekst", () => { box.remove(); onMine(); }),
  );
  box.append(notice, both, choices);
  place.append(box);
}

export function button(label, act) {
  const made = element("button", "button button--small", label);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

export function element(tag, className = "", text = "") {
  return Object.assign(document.createElement(tag), { className, textContent: text });
}

function text(heading, words) {
  const one = element("div");
  const said = element("p", "own-words", words || "(leeg)");
  said.dir = "auto";
  one.append(element("b", "", heading), said);
  return one;
}
