// The table of signals: which rows match, and in which order. The server does the same for files, paper and no script.
const rows = () => [...document.querySelectorAll("[data-signal-table] tr[data-code]")];
const wordsOf = (row) => (row.words ??= [...row.querySelectorAll("[data-words]")].map((part) => part.textContent).join(" ").replace(/\s+/g, " ").toLowerCase());

// -> Set of codes
export function matching(key, district, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (row) => (!key || row.dataset.class === key) && (!district || row.dataset.wijk === district) && words.every((word) => wordsOf(row).includes(word));
  return new Set(rows().filter(fits).map((row) => row.dataset.code));
}

export function narrow(codes) {
  const all = rows();
  for (const row of all) row.hidden = !codes.has(row.dataset.code);
  document.querySelector("[data-count]").textContent = `${codes.size} van ${all.length} buurten`;
  document.querySelector("[data-nothing]").hidden = codes.size > 0;
}

// By this heading; again turns it round. What has no value comes last, whichever way. -> what the address says
export function sort(link) {
  const heading = link.closest("th");
  const down = heading.getAttribute("aria-sort") === "ascending";
  for (const other of heading.parentElement.children) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", down ? "descending" : "ascending");
  const column = [...heading.parentElement.children].indexOf(heading);
  const nameOf = (row) => row.querySelector("[data-open]").textContent;
  const valueOf = (row) => {
    const cell = row.children[column];
    return cell.dataset.value === undefined ? nameOf(row) : cell.dataset.value;
  };
  const numeric = heading.classList.contains("num");
  const compare = (a, b) => (numeric ? a - b : a.localeCompare(b, "nl"));
  const sorted = rows().sort((a, b) => {
    const [one, other] = [valueOf(a), valueOf(b)];
    if (!one || !other) return !one - !other || compareNames(a, b);
    return (down ? -1 : 1) * compare(one, other) || compareNames(a, b);
  });
  function compareNames(a, b) { return nameOf(a).localeCompare(nameOf(b), "nl"); }
  sorted[0]?.parentElement.append(...sorted);
  const filter = document.querySelector("[data-map-filter]");
  const value = `${down ? "-" : ""}${link.dataset.sort}`;
  if (filter) filter.elements.sorteer.value = value;
  return value;
}
