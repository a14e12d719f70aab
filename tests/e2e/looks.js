// What can be measured in a page, each as a list of lines. Read by looks.py.

// Words for an element that a developer finds it by.
function name(element) {
  const words = (element.getAttribute("aria-label") || element.textContent || element.name || "").trim();
  const classes = [...element.classList].map((word) => `.${word}`).join("");
  const id = element.id ? `#${element.id}` : "";
  return `${element.tagName.toLowerCase()}${id}${classes} «${words.replace(/\s+/g, " ").slice(0, 40)}»`;
}

function shown(element) {
  const visible = element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  return visible && element.getBoundingClientRect().width > 1 && !element.closest(".visually-hidden, .skip");
}

// Does something around it keep it from making the page wider? What is positioned escapes what is not.
function isClipped(element) {
  let loose = getComputedStyle(element).position === "absolute";
  for (let around = element.parentElement; around && around !== document.body; around = around.parentElement) {
    const { position, overflowX } = getComputedStyle(around);
    if (loose && position === "static") continue;
    if (overflowX !== "visible") return true;
    loose = position === "absolute";
  }
  return false;
}

function sideways() {
  const { clientWidth, scrollWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const right = (element) => Math.round(element.getBoundingClientRect().right);
  const out = [...document.body.querySelectorAll("*")].filter((e) => right(e) > clientWidth + 1 && !isClipped(e));
  const innermost = out.filter((e) => !out.some((other) => other !== e && e.contains(other)));
  return [`${scrollWidth} px breed`, ...innermost.slice(0, 6).map((e) => `${name(e)} tot ${right(e)} px`)];
}

// WCAG 2.5.8: a link inside a sentence may be as high as its line; the label of a tick box is part of it; and on the map
// a click anywhere on a buurt does what its letter does.
function smallTargets() {
  const found = new Set();
  const all = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]";
  for (const element of document.querySelectorAll(all)) {
    if (!shown(element) || isInSentence(element)) continue;
    const label = ["checkbox", "radio"].includes(element.type) && element.closest("label");
    const { width, height } = (label || element).getBoundingClientRect();
    const size = `${Math.round(width)}x${Math.round(height)}`;
    const isButton = element.matches("button, .button, [role=button]:not(.map-letter)");
    if (width < 24 || height < 24) found.add(`klein raakvlak ${size}: ${name(element)}`);
    else if (isButton && height < 44) found.add(`knop lager dan 44 ${size}: ${name(element)}`);
  }
  return [...found];
}

function isInSentence(element) {
  if (element.tagName !== "A" || getComputedStyle(element).display !== "inline") return false;
  return element.parentElement.textContent.trim().length > element.textContent.trim().length + 3;
}

// The text that people read, not the notes beside it.
function smallText(least) {
  const read = "p, li, dd, label, input:not([type=checkbox], [type=radio]), textarea, select, button, summary";
  const size = (element) => parseFloat(getComputedStyle(element).fontSize);
  const texts = [...document.querySelectorAll(`main :is(${read})`)].filter(shown);
  const small = [document.body, ...texts].filter((e) => size(e) < least && !e.closest(".small, .badge, .plan-note, svg"));
  return [...new Set(small.map((e) => `${size(e)} px: ${name(e)}`))].slice(0, 12);
}
