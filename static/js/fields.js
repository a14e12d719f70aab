// A named field of a form as a list of values, whatever boxes it is made of; and the hidden fields beside it that say
// what its writer started from. What the server has, as far as this page knows, is the default of the boxes.
const isTick = (box) => box.type === "checkbox" || box.type === "radio";
const boxes = (form, name) => [...form.elements].filter((box) => box.name === name && box.type !== "hidden");

export function namesOf(form) {
  const seen = [...form.elements].filter((box) => box.name && !["hidden", "submit", "button"].includes(box.type));
  return [...new Set(seen.map((box) => box.name))];
}

export function read(form, name) {
  return boxes(form, name).flatMap((box) => (isTick(box) ? (box.checked ? [box.value] : []) : [box.value]));
}

export function readStored(form, name) {
  return boxes(form, name).flatMap((box) => {
    if (isTick(box)) return box.defaultChecked ? [box.value] : [];
    if (box.localName !== "select") return [box.defaultValue];
    return [([...box.options].find((option) => option.defaultSelected) ?? box.options[0])?.value ?? ""];
  });
}

export function write(form, name, values) {
  for (const box of boxes(form, name)) {
    if (isTick(box)) box.checked = values.includes(box.value);
    else if (box.value !== (values[0] ?? "")) box.value = values[0] ?? "";
  }
}

// The server has these values now; what stands in the boxes stays.
export function settle(form, name, values) {
  for (const box of boxes(form, name)) {
    const { value, checked } = box;
    if (isTick(box)) { box.defaultChecked = values.includes(box.value); box.checked = checked; continue; }
    if (box.localName === "select") for (const option of box.options) option.defaultSelected = option.value === (values[0] ?? "");
    else box.defaultValue = values[0] ?? "";
    if (box.value !== value) box.value = value;
  }
}

const plain = (values) => JSON.stringify(values.map((value) => value.replaceAll("\r\n", "\n").trim()).sort());
export const same = (a, b) => plain(a) === plain(b);
export const isDirty = (form, name) => !same(read(form, name), readStored(form, name));
export const isFocused = (form, name) => boxes(form, name).includes(document.activeElement);
export const firstBox = (form, name) => boxes(form, name)[0];

// A party takes part and brings something: two boxes, one line of the agreement.
export function together(name) {
  const [, pk] = name.match(/^(?:brings|takes_part)_(\d+)$/) ?? [];
  return pk ? [`brings_${pk}`, `takes_part_${pk}`] : [name];
}

const hidden = (form, name) => [...form.elements].filter((box) => box.type === "hidden" && box.name === name);
export const startNames = (name) => [...together(name).flatMap((one) => [`initial-${one}`, `seen-${one}`]), "seen"];

export function readStart(form, name) {
  const found = startNames(name).map((one) => [one, hidden(form, one).map((box) => box.value)]);
  return Object.fromEntries(found.filter(([, values]) => values.length));
}

// `start`: {name of a hidden field: its value, or a list of them}. Only those that go with this field.
export function writeStart(form, name, start) {
  for (const one of startNames(name)) {
    if (!(one in start)) continue;
    const [first, ...others] = hidden(form, one);
    const values = [start[one]].flat();
    if (first && values.length === 1 && !others.length) { first.value = values[0]; continue; }
    for (const box of hidden(form, one)) box.remove();
    for (const value of values) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: one, value }));
  }
}

// A page that gave a refused form back shows what was typed; what is stored is in the hidden fields.
export function settleOnStart(form, name) {
  const [initial] = hidden(form, `initial-${name}`);
  const [seen] = hidden(form, "seen");
  if (initial) settle(form, name, isTick(firstBox(form, name)) ? (initial.value === "True" ? ["on"] : []) : [initial.value]);
  else if (seen && name === "text") settle(form, name, [seen.value]);
  else if (hidden(form, `seen-${name}`).length) settle(form, name, hidden(form, `seen-${name}`).map((box) => box.value));
}
