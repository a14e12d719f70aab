"""The quicker steps change nothing of what WeasyPrint makes, and are for the WeasyPrint that is installed."""

import json
import subprocess
import sys

import pytest
import weasyprint
from django.conf import settings
from weasyprint.html import UA_STYLESHEET

from benchmarks.plan_world import make_session
from matrix.plan import quicker
from matrix.plan.document import build_document
from matrix.plan.paper import pieces

# Short words with a space, at the end of a line now and then.
LINKS = "".join(
    f'<p style="width: {width}mm"><b>Nog niet:</b> '
    + ", ".join(f'<a href="#x">{number * 7 % 23}.{number % 9}</a>' for number in range(40))
    + ".</p>"
    for width in range(60, 160, 3)
)
OUTLINE = (
    '<svg width="20mm" height="10mm" viewBox="0 0 40 20"><path fill="#eee" stroke="#111" fill-rule="evenodd" d="'
    + "".join(f"M{x} 1L{x + 0.5} {x / 3:.1f}C1 2 3 4 {x} 9Zm1 2l.5.5z" for x in range(30))
    + '"/><path d="M1 1L3 3" marker-end="url(#x)" stroke="#111"/></svg>'
)
# Styles of all kinds: tables with joined and loose borders, lists, percentages, floats, hyphens, both directions of
# writing, lines that are justified, underlined, struck through or cut off, and signs that are special.
EXTRA = """<!doctype html><html lang="nl"><head><title>Proef</title></head><body>
<h1 style="text-decoration: underline">Kop met <i>nadruk</i></h1>
<ul><li>een</li><li>twee <ol><li>drie</li></ol></li></ul>
<p style="text-align: justify; width: 60%; hyphens: auto">{words}</p>
<p dir="rtl">שלום <b dir="ltr">{words}</b> مرحبا</p>
<p style="float: right; width: 30mm; max-height: 20mm; border: 1mm solid; border-radius: 2mm; padding: 5%">{words}</p>
<table style="border-collapse: separate; width: 80%"><tr><th>a</th><td style="padding: 2mm">{words}</td></tr></table>
<table style="border-collapse: collapse"><tr><th style="border: 1mm solid">a</th><td>b<br>c</td></tr></table>
<p style="box-sizing: border-box; width: 50mm; padding: 4mm; border: 1px dashed"><s>{words}</s></p>
<p style="margin-inline-start: 10mm; padding-block: 2mm; inline-size: 90mm">{words} <a href="#x">verder</a></p>
<p style="letter-spacing: 1pt; word-spacing: 3pt; font-variant-caps: small-caps">{words}</p>
<div style="position: relative; height: 30mm"><p style="position: absolute; right: 2mm; top: 1mm; width: 40%">{words}</p>
<p style="position: absolute; left: 0; bottom: 1mm; border-radius: 1mm; background: #eee">Hoek</p></div>
<p style="overflow: hidden; text-overflow: ellipsis; white-space: nowrap; width: 40mm">{words}</p>
<p style="width: 40mm"><b>fi</b> fl ffl office flat à 'é' ½ ① 👍 🤷🏽 ﬁ é a­b �⁣</p><p>AVAVAV To. “Ja”</p>
<p style="white-space: pre-line; line-height: 1.1; font-size: 0.5px">regel
tweede</p><p style="white-space: pre-wrap; font-size: 9.3pt; font-variant-numeric: tabular-nums">1.234
  5.678	9</p>
{outline}{outline}
<svg width="20mm" height="10mm"><text x="5" y="20" font-size="12">Kaart</text></svg>
</body></html>""".replace(
    "{words}", "Samenlevingsopbouw in de huurdersvereniging van de Merelstraat, elke week. " * 4
).replace("{outline}", OUTLINE + LINKS)

LAY_OUT = """
import hashlib, json, sys
import django
django.setup()
from matrix.plan import layout, quicker
if sys.argv[1] == "plain":
    from weasyprint.html import UA_STYLESHEET
    layout.hurry, layout.browser_styles = quicker.press_lightly, lambda: [UA_STYLESHEET]
for name, html in json.load(sys.stdin):
    print(name, hashlib.sha256(layout.lay_out(html, name=name).packed()).hexdigest())
"""


@pytest.fixture
def papers(db):
    plan = build_document(make_session(2, code="proef"))
    return [(piece.name, piece.html) for piece in pieces(plan)] + [("proef", EXTRA)]


def lay_out(papers, how: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", LAY_OUT, how], input=json.dumps(papers), cwd=settings.BASE_DIR, text=True,
        capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_quick_way_makes_the_same_file(papers):
    assert lay_out(papers, "quick") == lay_out(papers, "plain")


def test_the_quick_way_is_for_the_version_that_is_installed():
    """After an upgrade: compare with the new WeasyPrint, then raise the version in matrix/plan/quicker.py."""
    assert weasyprint.__version__ == quicker.VERSION
    assert quicker.hurry()


def test_another_version_is_left_as_it_is(monkeypatch):
    monkeypatch.setattr(weasyprint, "__version__", "71.0")
    monkeypatch.setattr(quicker, "STEPS", [lambda: pytest.fail("a step was taken")])
    assert not quicker.hurry.__wrapped__()
    monkeypatch.setattr(quicker, "hurry", quicker.hurry.__wrapped__)
    assert quicker.browser_styles() == [UA_STYLESHEET]
