"""From a session to the paper that was asked for."""

from dataclasses import dataclass
from functools import partial

from django.db.models import Q
from django.utils import dateformat

from matrix.files.content import small_codes
from matrix.files.sharing import CLOSED, HIDDEN, shareable
from matrix.models import PlanVersion, Workshop
from matrix.plan.canonical import canonical, fingerprint, shown, text
from matrix.plan.document import build_document
from matrix.plan.errors import PlanError
from matrix.plan.extracts import ForBuurt, ForParty, ForResidents
from matrix.plan.paper import (
    Paper,
    Piece,
    about,
    first,
    in_leaves,
    of_chapter,
    of_sheets,
    page,
    pages_of_contents,
    printable,
    whole,
    without_dead_links,
)
from matrix.plan.parts import short
from matrix.plan.printing import BUURT, ORGANISATION, PLAN, RESIDENTS, VERSION, Printing
from matrix.plan.told import told
from matrix.plan.version_map import VersionMap, map_of
from matrix.plan.workbook import of_content, workbook_attached

GONE = "Dit is er niet meer: {}. Kies opnieuw bij Plan afdrukken."
STREETS = 8  # buurten in one piece of what residents read
ENTRIES = 20  # of a version, in one piece
# What a version to share says of itself: in full on its cover and in the file, and on each page.
DIFFERS = "De tekst verschilt van de vastgestelde tekst alleen door wat is weggelaten."
SAME_BUT = "alleen weggelaten, niets gewijzigd"


def paper_of(workshop: Workshop, asked: Printing) -> Paper:
    if asked.kind == VERSION:
        return of_version(workshop, asked)
    plan = build_document(workshop, shareable=asked.shareable)
    return _MAKERS[asked.kind](workshop, plan, asked)


def _whole(workshop, plan, asked) -> Paper:
    return whole(plan)


def _organisation(workshop, plan, asked) -> Paper:
    key = int(asked.about) if asked.about.isdecimal() else 0
    name = workshop.organisations.filter(pk=key).values_list("name", flat=True).first()
    party = next((party for party in plan.parties if party.name == name), None)
    if party is None:
        raise PlanError(GONE.format("de organisatie"))
    html = partial(page, plan, "Wat beloven wij, wat is ons beloofd", ["for_party"], own=ForParty(plan, party))
    pieces = printable(lambda **more: without_dead_links([Piece("organisatie", html(**more))]))
    return Paper(tuple(pieces), **about(plan, f"wat belooft {party.name}, en wat is haar beloofd", asked.words))


def _buurt(workshop, plan, asked) -> Paper:
    chapter = _chapter(plan, asked.about)
    found = ForBuurt(plan, chapter)

    def make(**more):
        made = [
            Piece("buurt-voorin", page(plan, chapter.short_name, ["for_buurt"], found=found, **more)),
            of_chapter(plan, chapter, **more),
            *of_sheets(found.only_here, **more),
        ]
        return without_dead_links(made)

    return Paper(tuple(printable(make)), **about(plan, f"plan voor {chapter.name}", asked.words))


def _chapter(plan, code):
    chapter = next((chapter for chapter in plan.chapters if chapter.code == code), None)
    if chapter is None:
        raise PlanError(GONE.format("de buurt"))
    return chapter


def _residents(workshop, plan, asked) -> Paper:
    kind = f"voor bewoners van {_chapter(plan, asked.about).name}" if asked.about else "voor bewoners"
    found = ForResidents(plan, asked.about)
    streets = found.with_something

    def make(**more):
        show = partial(page, plan, "Wat gaat er gebeuren in uw buurt?", found=found, **more)
        groups = [streets[i : i + STREETS] for i in range(0, len(streets), STREETS)] if not asked.about else [[]]
        for number, some in enumerate(groups or [[]]):
            sections = ["for_residents", "streets"] if not number else ["streets"]
            yield Piece(f"bewoners-{number}", show(sections, streets=streets if asked.about else some))

    return Paper(tuple(printable(make)), **about(plan, kind, ""))


_MAKERS = {PLAN: _whole, ORGANISATION: _organisation, BUURT: _buurt, RESIDENTS: _residents}


# ---- a version, from what it holds itself ----


@dataclass(frozen=True)
class _Kept:
    """What each page of a version says about itself."""

    title: str
    short_title: str
    version: PlanVersion
    session: dict
    municipality: str
    whole_fingerprint: str
    is_last: bool
    map: VersionMap
    left_out: tuple[tuple[str, str], ...]  # (what, why) when it is to share

    # As the page of the map asks the plan for it.

    @property
    def edition(self):
        return self.map.edition

    @property
    def overview_map(self):
        return self.map.drawn

    @property
    def legend(self):
        return self.map.legend


def of_version(workshop: Workshop, asked: Printing) -> Paper:
    """As it was fixed, whatever became of the session, of the programme's chapters or of the map since."""
    number = int(asked.about) if asked.about.isdecimal() else 0
    version = workshop.versions.filter(number=number).first()
    if version is None:
        raise PlanError(GONE.format("de versie"))
    if fingerprint(version.content) != version.fingerprint:
        raise PlanError(
            "De inhoud van deze versie klopt niet met haar vingerafdruk, en wordt daarom niet afgedrukt. Iemand heeft "
            "haar buiten het programma om gewijzigd. Vraag de beheerder."
        )
    content = _to_share(workshop, version.content) if asked.shareable else version.content
    kept = _Kept(
        title=content["session"]["title"],
        short_title=short(content["session"]["title"], 60),
        version=version,
        session=content["session"],
        municipality=content["edition"]["municipality"],
        whole_fingerprint=shown(version.fingerprint, groups=16),
        is_last=not workshop.versions.filter(number__gt=number).exists(),
        map=map_of(workshop, version.content, content),
        left_out=tuple(line for line in HIDDEN if line != CLOSED) if asked.shareable else (),  # it never applies here
    )
    blocks = [
        (part, place == 0, entry)
        for part in told(content)
        for place, entry in enumerate(part.entries or [None])  # a part in which nothing stands says so
    ]

    def make(**more):
        yield Piece("kaart", page(kept, "De signaleringskaart", ["map"], **more))
        for start in range(0, len(blocks), ENTRIES):
            some = blocks[start : start + ENTRIES]
            html = page(kept, f"Versie {number}", ["version_blocks"], blocks=some, **more)
            yield Piece(f"inhoud-{start}", html)

    form = f"Deelbare vorm van versie {number}" if asked.shareable else f"Vastgesteld, versie {number}"
    differs = DIFFERS if asked.shareable else ""

    def front(entries):
        return first(page(kept, "Inhoud", ["version_cover", "contents"], differs=differs, **in_leaves(entries)))

    return Paper(
        pieces=tuple(printable(make, also=front(()).html)),
        front=front,
        front_pages=lambda entries: 1 + pages_of_contents(entries),
        title=f"{kept.title}: versie {number}{', deelbaar' if asked.shareable else ''}",
        author=f"{len(content['parties'])} partijen in {kept.municipality}",
        subject=f"Versie {number}, vastgesteld op {dateformat.format(version.made_at, 'j F Y')}. {differs}".strip(),
        status=f"{form} · vingerafdruk {shown(version.fingerprint)}{f' · {SAME_BUT}' if asked.shareable else ''}",
        concept=False,
        attached=lambda: (_data(version, content, asked.shareable), workbook_attached(of_content(content))),
    )


def _to_share(workshop, content: dict) -> dict:
    """Fixing comes after the tenants' answer, so no text about a buurt is closed. A remark that was marked as only for
    the table since, is."""
    buurten = [buurt["code"] for buurt in content["buurten"]]
    small = small_codes(workshop.signal_map.municipality, content["edition"]["division"], buurten)
    return shareable(content, small=small, kept=frozenset(map(text, _kept_at_the_table(workshop))))


def _kept_at_the_table(workshop) -> set[str]:
    """Words of remarks that are only for the table by now, also as they were before they were changed or withdrawn: the
    version holds the words of then. What is merged under such a remark stays with it."""
    internal = dict(workshop.remarks.filter(Q(internal=True) | Q(merged_into__internal=True)).values_list("pk", "text"))
    kept = set(internal.values())
    for event in workshop.events.filter(what__in=("remark_rewritten", "remark_withdrawn")).order_by("-revision", "-pk"):
        said = event.data
        if event.what == "remark_withdrawn":
            kept |= {said["text"]} if said.get("internal") else set()
        elif said["remark"] in internal or said["after"] in kept:
            kept.add(said["before"])
    return kept


def _data(version, content: dict, is_shared: bool) -> tuple[str, str, str, bytes]:
    if not is_shared:
        return "versie.json", "application/json", "De inhoud waar de vingerafdruk bij hoort", canonical(content)
    of = {"version": {"number": version.number, "fingerprint": version.fingerprint}}
    return "versie-deelbaar.json", "application/json", "De inhoud, zonder wat is weggelaten", canonical(content | of)
