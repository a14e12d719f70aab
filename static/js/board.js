// The matrix: "+ toevoegen" in a cell fills the line above it; on a phone one buurt at a time.
const form = document.querySelector("#toevoegen");
const picker = document.querySelector("[data-pick-area]");

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-add]");
  if (!link || !form) return;
  event.preventDefault();
  form.elements.area.value = link.dataset.add;
  form.elements.framework.value = link.dataset.framework;
  form.scrollIntoView({ block: "center" });
  form.elements.title.focus();
});

// The catalogue comes back to the cell that was being filled.
document.querySelector("[data-catalogue]")?.addEventListener("click", (event) => {
  const query = new URLSearchParams({ buurt: form.elements.area.value, kader: form.elements.framework.value });
  event.currentTarget.search = `?${query}`;
});

function showArea() {
  for (const cell of document.querySelectorAll("[data-board] td[data-area]"))
    cell.classList.toggle("is-shown", cell.dataset.area === picker.value);
}
const asked = new URLSearchParams(location.search).get("buurt");
if (asked && [...picker.options].some((option) => option.value === asked)) picker.value = asked;
picker.addEventListener("change", () => { showArea(); if (form) form.elements.area.value = picker.value; });
document.body.addEventListener("htmx:afterSwap", showArea);
showArea();
