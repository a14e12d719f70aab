// Copies the text of the field that a button names in data-copy. Without https there is no clipboard to ask: then the
// text is selected and copied as by hand.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const words = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const done = await copied(field);
    button.textContent = done ? "Gekopieerd" : "Kopiëren lukt niet: kies ‘Lees de tekst’";
    setTimeout(() => { button.textContent = words; }, 4000);
  });
}

async function copied(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    return copiedByHand(field);
  }
}

function copiedByHand(field) {
  const around = field.closest("details");
  const wasOpen = around?.open;
  if (around) around.open = true; // what is not shown cannot be selected
  field.select();
  const done = document.execCommand("copy");
  if (around && done) around.open = wasOpen;
  return done;
}
