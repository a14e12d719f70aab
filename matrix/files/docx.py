"""The agreements as a Word file, to take over into prestatieafspraken. The numbers are those of the session.

No clock inside: the same content gives the same bytes, so that two files can be compared.
"""

import datetime
import io
import re
import zipfile

from django.utils import dateformat

from matrix.files.content import promised
from matrix.files.tables import buurt_names, kind
from matrix.models import Agreement, Framework, Position

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_THEN = (1980, 1, 1, 0, 0, 0)  # of each part in the file


def as_docx(content: dict) -> bytes:
    from docx import Document

    document = Document()
    _prepare(document, content)
    _cover(document, content)
    _agreements(document, content)
    _promises(document, content)
    _objections(document, content)
    _proposals(document, content)
    _sources(document, content)
    out = io.BytesIO()
    document.save(out)
    return _without_clock(out.getvalue())


def plain(value) -> str:
    """Word takes no characters that XML does not know."""
    return _NOT_IN_XML.sub("", str(value))


def day(iso: str) -> str:
    return dateformat.format(datetime.date.fromisoformat(iso), "j F Y") if iso else ""


# ---- the parts ----


def _prepare(document, content) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    session = content["session"]
    about, held = document.core_properties, datetime.datetime.fromisoformat(session["date"])
    about.title, about.author, about.language = plain(f"Afspraken van {session['title']}"), "Veerkracht", "nl-NL"
    about.comments, about.created, about.modified, about.last_modified_by = "", held, held, ""
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(10.5)
    lang = normal.element.get_or_add_rPr().makeelement(qn("w:lang"), {qn("w:val"): "nl-NL"})
    normal.element.get_or_add_rPr().append(lang)
    for name, size in (("Title", 24), ("Heading 1", 17), ("Heading 2", 13), ("Heading 3", 11.5)):
        font = document.styles[name].font
        font.name, font.size, font.color.rgb = "Calibri", Pt(size), RGBColor(0x14, 0x50, 0x5C)
        fonts = document.styles[name].element.rPr.rFonts
        for key in [key for key in fonts.attrib if "heme" in key]:
            del fonts.attrib[key]
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.3)
    section.top_margin = section.bottom_margin = Cm(2)
    _page_number(section.footer.paragraphs[0], session["title"])


def _page_number(paragraph, title) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.add_run(plain(f"Afspraken van {title[:80]}, pagina "))
    run = paragraph.add_run()
    for kind_, text in (("begin", None), (None, "PAGE"), ("end", None)):
        part = OxmlElement("w:instrText" if text else "w:fldChar")
        if text:
            part.text = text
        else:
            part.set(qn("w:fldCharType"), kind_)
        run._r.append(part)


def _cover(document, content) -> None:
    session = content["session"]
    document.add_heading(plain(f"Afspraken van {session['title']}"), level=0)
    where = ", ".join(filter(None, [content["edition"]["municipality"], session["place"], day(session["date"])]))
    document.add_paragraph(plain(where))
    if session["fictional"]:
        document.add_paragraph("Gemeente, organisaties en cijfers zijn verzonnen.")
    document.add_paragraph(
        "Om over te nemen in prestatieafspraken. De nummers zijn die van de sessie; zij veranderen niet en worden niet "
        "opnieuw gebruikt. Bezwaren en voorbehoud staan er bij zoals partijen ze schreven."
    )
    document.add_paragraph(_version(content))
    if any(a["touches_advice_right"] for a in content["agreements"]):
        document.add_paragraph(
            "Een akkoord van huurders in deze sessie is niet het wettelijke advies volgens de Overlegwet."
        )


def _version(content) -> str:
    if not content["versions"]:
        return "Dit is de stand van dit moment. Het plan is nog niet vastgesteld."
    last = content["versions"][-1]
    return (
        f"Het plan is vastgesteld als versie {last['number']} (kenmerk {last['fingerprint'][:16]}). Hieronder staan de "
        "afspraken zoals zij er nu staan; wat telt, is de vastgestelde versie."
    )


def _agreements(document, content) -> None:
    document.add_heading("Afspraken", level=1)
    made = promised(content)
    if not made:
        document.add_paragraph("Er is nog niets afgesproken.")
    for framework in Framework:
        mine = [a for a in made if a["framework"] == framework]
        if mine:
            document.add_heading(framework.label, level=2)
        for agreement in mine:
            _agreement(document, content, agreement)


def _agreement(document, content, a) -> None:
    document.add_heading(plain(f"{a['number']}. {a['title']}"), level=3)
    names = buurt_names(content)
    everywhere = len(a["buurten"]) == len(names) > 1
    elsewhere = [
        a["effect_elsewhere"] or ("Bekeken: geen effect elders." if a["elsewhere"] == "geen" else ""),
        a["asked_elsewhere"] and f"Dit vraagt van andere gebieden: {a['asked_elsewhere']}",
        a["compensation"] and f"Zo wordt dat opgevangen: {a['compensation']}",
    ]
    marks = [
        a["reservation"] and f"Onder voorbehoud: {a['reservation']}",
        a["legal_check"] and "Eerst een juridische toets.",
        a["touches_advice_right"] and "Raakt het adviesrecht van huurders.",
    ]
    rows = [
        ("Buurten", "alle buurten van de sessie" if everywhere else ", ".join(names[c] for c in a["buurten"])),
        ("Soort", kind(a)),
        ("Status", Agreement.Status(a["status"]).label),
        ("Doel", a["goal"]),
        ("Trekker", a["lead"] or "nog geen trekker"),
        ("Bijdragen", "\n".join(f"{c['organisation']}: {c['text'] or 'doet mee'}" for c in a["contributions"])),
        ("Periode", " tot ".join(filter(None, [day(a["start"]), day(a["end"])]))),
        ("Middelen en dekking", a["means"]),
        ("Het werkt als", a["measure"]),
        ("Bewoners merken", a["residents_notice"]),
        ("Elders in de stad", "\n".join(filter(None, elsewhere))),
        ("Let op", "\n".join(filter(None, marks))),
        ("Standpunten", "\n".join(_stands(p) for p in a["positions"]) or "nog geen standpunten"),
    ]
    _facts(document, [(label, text) for label, text in rows if text])


def _stands(position: dict) -> str:
    told = f"{position['organisation']}: {Position.Stance(position['stance']).label.lower()}"
    if position["earlier_text"]:
        told += " (over een eerdere tekst)"
    if position["back_by"]:
        told += f", antwoord uiterlijk {day(position['back_by'])}"
    return f"{told}. {position['reason']}" if position["reason"] else told


def _facts(document, rows) -> None:
    from docx.shared import Cm

    table = document.add_table(rows=0, cols=2)
    table.style, table.autofit = "Table Grid", False
    for label, text in rows:
        cells = table.add_row().cells
        cells[0].width, cells[1].width = Cm(3.8), Cm(12.6)
        cells[0].paragraphs[0].add_run(plain(label)).bold = True
        first, *others = plain(text).split("\n")
        cells[1].paragraphs[0].add_run(first)
        for line in others:
            cells[1].add_paragraph(line)
    document.add_paragraph()


def _promises(document, content) -> None:
    document.add_heading("Wat beloven wij", level=1)
    made = promised(content)
    for party in content["parties"]:
        document.add_heading(plain(party["name"]), level=2)
        lines = [f"trekt {a['number']}. {a['title']}" for a in made if a["lead"] == party["name"]]
        lines += [
            f"brengt in bij {a['number']}. {a['title']}: {c['text'] or 'doet mee, bijdrage nog niet beschreven'}"
            for a in made
            for c in a["contributions"]
            if c["organisation"] == party["name"] != a["lead"]
        ]
        for line in lines or ["belooft nog niets"]:
            document.add_paragraph(plain(line), style="List Bullet")


def _objections(document, content) -> None:
    document.add_heading("Bezwaren en voorbehoud", level=1)
    found = [(a, p) for a in content["agreements"] for p in a["positions"] if p["stance"] in Position.NEEDS_REASON]
    if not found:
        document.add_paragraph("Er zijn geen bezwaren of voorbehoud.")
    for a, position in found:
        document.add_paragraph(plain(f"{a['number']}. {a['title']}. {_stands(position)}"), style="List Bullet")


def _proposals(document, content) -> None:
    open_ = [a for a in content["agreements"] if a["state"] != Agreement.Status.AGREED]
    if not open_:
        return
    document.add_heading("Nog geen afspraak", level=1)
    for a in open_:
        status = Agreement.Status(a["status"]).label.lower()
        document.add_paragraph(plain(f"{a['number']}. {a['title']} ({status})"), style="List Bullet")


def _sources(document, content) -> None:
    edition = content["edition"]
    document.add_heading("Bronnen", level=1)
    document.add_paragraph(plain(f"Signaal: {edition['year_from']}–{edition['year_to']}, recept versie "
                                 f"{edition['recipe_version']}. Bron: {'; '.join(edition['sources'])}."))  # fmt: skip
    document.add_paragraph("Een signaal, geen oordeel. Eigen benadering op open data, niet de Aedes-kaart.")


def _without_clock(body: bytes) -> bytes:
    """The parts of the file with one and the same time."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(zipfile.ZipInfo(part.filename, _THEN), old.read(part), zipfile.ZIP_DEFLATED)
    return out.getvalue()
