"""What can be measured of how a page looks, each as a list of findings: what is wrong, and with which element."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

MEASURES = Path(__file__).with_name("looks.js").read_text(encoding="utf-8")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def _measure(page, call: str) -> list[str]:
    return page.evaluate(f"() => {{ {MEASURES}\n return {call}; }}")


def sideways(page) -> list[str]:
    return [f"schuift opzij: {text}" for text in _measure(page, "sideways()")]


def small_targets(page) -> list[str]:
    return _measure(page, "smallTargets()")


def small_text(page, *, least: int) -> list[str]:
    return [f"kleiner dan {least} px: {text}" for text in _measure(page, f"smallText({least})")]


def barriers(page, *, contrast: bool) -> list[str]:
    """Violations of WCAG 2.2 A and AA that axe finds. Contrast is two thirds of its time."""
    rules = {"color-contrast": {"enabled": contrast}}
    result = Axe().run(page, options={"runOnly": WCAG, "resultTypes": ["violations"], "rules": rules})
    return [
        f"axe {violation['id']}: {' '.join(map(str, node['target']))}: {_reasons(node)}"
        for violation in result.response["violations"]
        for node in violation["nodes"]
        if not _is_letter_on_the_map(violation, node)
    ]


def _reasons(node) -> str:
    return " ".join(check["message"] for check in node["any"] + node["all"] + node["none"])


def _is_letter_on_the_map(violation, node) -> bool:
    """Letters of small buurten may touch: a click anywhere on the buurt does the same, and so does the table."""
    return violation["id"] == "target-size" and "map-letter" in str(node["target"])
