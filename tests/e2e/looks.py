"""What can be measured of how a page looks, each as a list of findings: where, what, which element."""

from axe_playwright_python.sync_playwright import Axe

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# Words for an element that a developer finds it by.
NAME = """const name = (e) => {
  const words = (e.getAttribute("aria-label") || e.textContent || e.name || "").trim().replace(/\\s+/g, " ").slice(0, 40);
  const classes = typeof e.className === "string" && e.className ? "." + e.className.trim().replace(/\\s+/g, ".") : "";
  return `${e.tagName.toLowerCase()}${e.id ? "#" + e.id : ""}${classes} «${words}»`;
};
const shown = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && e.getBoundingClientRect().width > 1
  && !e.closest(".visually-hidden, .skip");
"""

SIDEWAYS = (
    "() => {"
    + NAME
    + """
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  const scrolls = (e) => { for (let p = e.parentElement; p && p !== document.body; p = p.parentElement)
    if (getComputedStyle(p).overflowX !== "visible") return true; return false; };
  const out = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > wide + 1 && !scrolls(e));
  const innermost = out.filter((e) => !out.some((other) => other !== e && e.contains(other)));
  return [`${document.documentElement.scrollWidth} px breed`, ...innermost.slice(0, 6).map((e) => `${name(e)} tot ${Math.round(e.getBoundingClientRect().right)} px`)];
}"""
)

# WCAG 2.5.8 lets a link inside a sentence be as high as its line; the label of a tick box is part of it.
TARGETS = (
    "() => {"
    + NAME
    + """
  const all = document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]");
  const inSentence = (e) => e.tagName === "A" && getComputedStyle(e).display === "inline"
    && e.parentElement.textContent.trim().length > e.textContent.trim().length + 3;
  const found = [];
  for (const e of all) {
    if (!shown(e) || inSentence(e)) continue;
    const box = (["checkbox", "radio"].includes(e.type) && e.closest("label") || e).getBoundingClientRect();
    const size = `${Math.round(box.width)}x${Math.round(box.height)}`;
    if (box.width < 24 || box.height < 24) found.push(`klein raakvlak ${size}: ${name(e)}`);
    else if (e.matches("button, .button, [role=button]:not(.map-letter)") && box.height < 44) found.push(`knop lager dan 44 ${size}: ${name(e)}`);
  }
  return [...new Set(found)];
}"""
)

SMALL_TEXT = (
    "(least) => {"
    + NAME
    + """
  const texts = [document.body, ...document.querySelectorAll("main :is(p:not(.plan-note), li, dd, label, input:not([type=checkbox], [type=radio]), textarea, select, button, summary)")];
  const small = texts.filter((e) => (e === document.body || shown(e)) && !e.closest(".small, .badge, svg") && parseFloat(getComputedStyle(e).fontSize) < least);
  return [...new Set(small.map((e) => `${getComputedStyle(e).fontSize}: ${name(e)}`))].slice(0, 12);
}"""
)


def sideways(page) -> list[str]:
    return [f"schuift opzij: {text}" for text in page.evaluate(SIDEWAYS)]


def small_targets(page) -> list[str]:
    return page.evaluate(TARGETS)


def small_text(page, *, least: int) -> list[str]:
    return [f"kleiner dan {least} px: {text}" for text in page.evaluate(SMALL_TEXT, least)]


def barriers(page, *, contrast: bool) -> list[str]:
    """Violations of WCAG 2.2 A and AA that axe finds. Contrast is two thirds of its time."""
    rules = {"color-contrast": {"enabled": contrast}}
    result = Axe().run(page, options={"runOnly": WCAG, "resultTypes": ["violations"], "rules": rules})
    return [
        f"axe {violation['id']} ({violation['impact']}): {' '.join(map(str, node['target']))}: "
        + " ".join(check["message"] for check in node["any"] + node["all"] + node["none"])
        for violation in result.response["violations"]
        for node in violation["nodes"]
    ]
