"""The sheet ‘Uitleg’: for who opens the workbook at home, weeks later."""

from django.utils import timezone
from django.utils.formats import date_format

from matrix.sheet.columns import AREAS, BRINGS, NUMBER, STATUS, TAKES_PART, TITLE

HOW = (
    ("Zo werkt het",
     "Wijzig wat u wilt op het blad ‘Afspraken’ en bewaar het als Excel-werkblad (.xlsx). De begeleider leest het in. "
     "Eerst ziet de begeleider alle wijzigingen; dan pas worden ze doorgevoerd."),
    ("Een nieuwe maatregel",
     "Zet hem onderaan en laat het nummer leeg. Vul minstens in: handelingskader, buurten en wat. Hij begint als idee "
     "of voorstel."),
    (NUMBER, "Laat de nummers staan. Daaraan herkennen wij de maatregel, ook als u de regels anders sorteert."),
    (AREAS, "Meer buurten? Zet er een puntkomma tussen. De codes staan hieronder."),
    (TITLE, "In één regel, hooguit 200 tekens."),
    (STATUS, "Kies uit de lijst. ‘Vervallen’ haalt een maatregel uit het plan. Weggegooid wordt er niets."),
    (BRINGS.rstrip(": "),
     f"Wat elke organisatie zelf inbrengt. Leeg: doet niet mee. ‘{TAKES_PART}’: doet mee, nog zonder woorden."),
    ("Grijze kolommen", "Om te lezen. Elke organisatie geeft haar eigen standpunt, aan tafel of op de telefoon."),
    ("Blad per organisatie",
     "Om te lezen: wat die organisatie belooft, wat haar is beloofd en waar zij staat. Wijzig het op het blad "
     "‘Afspraken’; wat u op de andere bladen typt, wordt niet ingelezen."),
    ("Regels weglaten", "Dat mag. Wat niet in het werkblad staat, blijft zoals het is."),
    ("Kolommen weglaten", f"Dat mag, behalve ‘{NUMBER}’ en ‘{TITLE}’. Wat daarin stond, verandert niet."),
    ("Intussen gewijzigd",
     "Heeft iemand intussen hetzelfde gewijzigd, dan ziet de begeleider beide teksten en kiest een van de twee."),
    ("Formules", "Gebruik die niet. Typ de uitkomst als tekst."),
    ("Bewoners", "Schrijf over buurten, nooit over bewoners: geen namen, adressen of telefoonnummers."),
)  # fmt: skip


def explained(workshop) -> list[tuple[str, str]]:
    now = date_format(timezone.localtime(), "j F Y, H:i")
    areas = workshop.workshop_areas.select_related("area").defer("area__geometry")
    return [
        ("Dit werkblad", f"De maatregelen en afspraken van ‘{workshop}’, gedownload op {now}."),
        *HOW,
        *_listed("Buurten van deze sessie", [f"{sheet.area.name} ({sheet.area.code})" for sheet in areas]),
        *_listed("Organisaties aan tafel", [organisation.name for organisation in workshop.organisations.all()]),
    ]


def _listed(title, words):
    return [("" if place else title, one) for place, one in enumerate(words)]
