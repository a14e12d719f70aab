"""The parts of pages that keep themselves up to date: what each is called, which subjects of the log change it, who
sees the same of it, and how it is rendered. A page names its parts in `data-part`; the live stream sends them anew."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Prefetch
from django.http import Http404
from django.template.loader import render_to_string

from matrix.audience import Audience, audience_of
from matrix.models import Organisation, Workshop
from matrix.stages import Role
from matrix.views import (
    agreement,
    agreement_list,
    amendments,
    area,
    beamer,
    board,
    coverage,
    dots,
    frame,
    looking_back,
    measure,
    progress,
    reciprocity,
    remarks,
    versions,
    workshop,
)

logger = logging.getLogger(__name__)

MANY = 60  # small parts in one message; above it the whole costs less than its pieces
ABOUT_ONE = {"row", "agreement", "positions", "advice", "measure"}  # parts that show one agreement
ALL, ROLE, ORGANISATION = "all", "role", "organisation"


@dataclass(frozen=True)
class Region:
    """`context` gets the audience and what stands behind the name of the part, split at '/'. `changed_by` gets the
    same and the subjects, and tells which parts to render: mostly the part itself. `shared_by`: who sees the same, so
    that it is rendered once for all of them. What is shared by a role differs only in what `frame.shared` says of it,
    so its context is made once."""

    template: str
    element: str  # id in the page, with {} for what stands behind the name
    context: Callable[..., dict]
    changed_by: Callable[..., list[str]] = lambda subjects, *rest: []
    shared_by: str = ALL
    only: str = ""  # the role that may see it; empty: all at the table


def _when(*names):
    """The part itself, when one of these subjects changed; {} stands for what is behind the name of the part."""

    def changed(subjects, part, *rest):
        watched = {name.format(*rest) for name in names}
        return [part] if watched & subjects else []

    return changed


def _cells(subjects, part, *rest):
    """The cells that changed and the counts of their rows; the whole matrix when its buurten or the step did."""
    if subjects & {"areas", "stage", "organisations"}:
        return [part]
    renamed = {"board/": "cell/", "filled/": "complete/", "readings/": "heading/"}
    changed = [s.replace(old, new) for old, new in renamed.items() for s in sorted(subjects) if s.startswith(old)]
    return changed if len(changed) <= MANY else [part]


def _covered(subjects, part, *rest):
    """The rows of the buurten in which something changed."""
    if subjects & {"areas", "stage"}:
        return [part]
    pks = {s.split("/")[1] for s in subjects if s.startswith("board/")}
    return [f"covered/{pk}" for pk in sorted(pks)]


def _voices(subjects, part, pk):
    about = {f"analysis/{pk}", f"readings/{pk}", "stage"} & subjects
    return [part] if about or any(s.startswith(f"board/{pk}/") for s in subjects) else []


def _cards(subjects, part, *rest):
    if subjects & {"areas", "stage", "organisations"}:
        return [part]
    pks = {s.split("/")[1] for s in subjects if s.startswith(("readings/", "analysis/"))}
    return [f"card/{pk}" for pk in sorted(pks)]


def _list_of_agreements(subjects, part, *rest):
    """The rows that changed; the whole list when one came or moved from idea to agreement, and when it shows a choice:
    a row may come into it or leave it."""
    if rest and any(subject.startswith(("agreements", "organisations", "areas")) for subject in subjects):
        return [part]
    if subjects & {"agreements", "organisations", "areas"}:
        return [part]
    rows = sorted(s.replace("agreements/", "row/") for s in subjects if s.startswith("agreements/"))
    if len(rows) > MANY:
        return [part]
    return [*rows, "promises"] if "promises" in subjects else rows


def _any(*starts):
    """The part itself, when any subject of these kinds changed."""

    def changed(subjects, part, *rest):
        return [part] if any(subject.startswith(starts) for subject in subjects) else []

    return changed


def _looked_back(subjects, part, *rest):
    """The agreements that changed; the whole list when one came or went, or the step changed who may read what."""
    if subjects & {"agreements", "organisations", "areas", "stage"}:
        return [part]
    numbers = {s.split("/")[1] for s in subjects if s.startswith(("reviews/", "progress/", "agreements/"))}
    return [f"looked_back/{number}" for number in sorted(numbers)]


REGIONS = {
    "header": Region(
        "matrix/frame.html#header", "kop", frame.header_context,
        _when("header", "stage", "seats", "organisations"), ROLE,
    ),
    "organisations": Region(
        "matrix/prepare.html#organisations", "organisaties", workshop.organisations_context,
        _when("organisations", "seats"), ROLE, only=Role.FACILITATOR,
    ),
    "cards": Region("matrix/read.html#rows", "rijen", area.cards_context, _cards, ROLE),
    "card": Region("matrix/read.html#card", "buurt-{}", area.card_context, shared_by=ROLE),
    "readings": Region(
        "matrix/area.html#readings", "huurders", area.readings_context, _when("readings/{}", "organisations")
    ),
    "voices": Region("matrix/panel.html#voices", "stemmen", area.voices_context, _voices, ORGANISATION),
    "analysis": Region(
        "matrix/area.html#analysis", "samen", area.analysis_context, _when("analysis/{}", "readings/{}", "stage"),
        ORGANISATION
    ),
    "board": Region(
        "matrix/board.html#rows", "rijen", board.board_context,
        _cells, ROLE,
    ),
    "cell": Region("matrix/board.html#cell", "vak-{}-{}", board.cell_context, shared_by=ROLE),
    "heading": Region("matrix/board.html#heading", "gehoord-{}", board.heading_context),
    "complete": Region("matrix/board.html#complete", "compleet-{}", board.complete_context),
    "measure": Region(
        "matrix/measure.html#stored", "kaart-{}", measure.measure_context,
        _when("agreements/{}", "organisations", "stage"), ROLE,
    ),
    "coverage": Region("matrix/coverage_table.html#whole", "dekking", coverage.coverage_context, _covered),
    "covered": Region("matrix/coverage_table.html#row", "dekking-{}", coverage.covered_context),
    "agreements": Region("matrix/agreements.html#rows", "rijen", agreement_list.list_context, _list_of_agreements),
    "row": Region("matrix/agreements.html#row", "afspraak-{}", agreement_list.row_context),
    "promises": Region("matrix/agreements.html#promises", "wie-belooft", agreement_list.promises_context),
    "agreement": Region(
        "matrix/agreement.html#standing", "stand", agreement.standing_context,
        _when("agreements/{}", "organisations", "seats"), ROLE,
    ),
    "positions": Region(
        "matrix/agreement.html#positions", "standpunten", agreement.standing_context,
        _when("agreements/{}", "organisations"),
    ),
    "fixed": Region(
        "components/fixed.html#fixed", "vastgesteld-{}", amendments.fixed_context,
        _when("agreements/{}", "versions", "organisations", "stage"), ROLE,
    ),
    "amendment": Region(
        "components/amendment.html#standing", "wijziging", amendments.amendment_context,
        _when("agreements/{}", "organisations", "stage"), ORGANISATION,
    ),
    "versions": Region(
        "components/versions.html#state", "stand-van-het-plan", versions.state_context, _when("versions", "stage"), ROLE
    ),
    "advice": Region(
        "matrix/agreement.html#advice", "advies", agreement.standing_context, _when("agreements/{}", "organisations")
    ),
    "reciprocity": Region(
        "matrix/reciprocity.html#view", "wederkerig", reciprocity.reciprocity_context,
        _any("agreements", "organisations", "promises", "areas", "seats"), ROLE,
    ),
    "city": Region("matrix/city_check.html#check", "stadstoets", reciprocity.city_context, _any("agreements"), ROLE),
    "dots": Region("matrix/dots.html#rounds", "rondes", dots.list_context, _when("dots", "stage"), ROLE),
    "dot_round": Region(
        "matrix/dot_round.html#round", "ronde", dots.round_context, _when("dots/{}", "organisations"), ROLE
    ),
    "remarks": Region(
        "components/remarks.html#list", "opmerkingen", remarks.list_context, _when("remarks/{}", "stage"), ORGANISATION
    ),
    "ordering": Region(
        "matrix/remarks.html#board", "ordenen", remarks.board_context,
        _when("remarks/kijken", "remarks/duiden", "stage"), ORGANISATION,
    ),
    "progress": Region(
        "matrix/progress.html#parties", "partijen", progress.progress_context, _any("agreements", "organisations")
    ),
    "leads": Region(
        "matrix/progress.html#leads", "u-trekt", progress.leads_context, _any("agreements", "organisations"),
        ORGANISATION,
    ),
    "log": Region("matrix/report.html#log", "verloop", progress.log_context, _when("agreements/{}", "progress/{}")),
    "looking_back": Region(
        "matrix/looking_back.html#rows", "rijen", looking_back.list_context, _looked_back, ORGANISATION
    ),
    "looked_back": Region(
        "matrix/looking_back.html#row", "terugblik-{}", looking_back.row_context,
        _when("reviews/{}", "progress/{}", "agreements/{}", "organisations", "stage"), ORGANISATION,
    ),
    "review": Region(
        "matrix/review.html#looked", "terugblik-{}", looking_back.row_context,
        _when("reviews/{}", "progress/{}", "agreements/{}", "organisations", "stage"), ORGANISATION,
    ),
    "reviewed": Region(
        "matrix/looking_back.html#count", "hoe-ver", looking_back.count_context, _any("reviews", "agreements")
    ),
    "beamer": Region("matrix/beamer.html#content", "beamer", beamer.content_context, lambda subjects, part: [part]),
}  # fmt: skip


def gather(workshop_pk: int, revision: int, parts, subjects: set[str]) -> None:
    """What the parts of all screens together will ask for is fetched in one go; `render` then makes them."""
    split = [key.split("/") for key in {key for part in parts for key in _changed(part, subjects)}]
    cells = [(int(rest[0]), rest[1]) for name, *rest in split if name == "cell"]
    numbers = [int(rest[0]) for name, *rest in split if name in ABOUT_ONE and _is_number(rest[0])]
    if cells or numbers:
        workshop = _session(workshop_pk, revision)
        board.gather(workshop, cells)  # first: it brings the agreements along
        agreement.gather(workshop, numbers)


def _is_number(text) -> bool:
    return text.isdecimal() and len(text) < 10  # a database knows no larger ones


def render(workshop_pk: int, revision: int, audience_key: str, parts, subjects: set[str]) -> list[tuple[str, str]]:
    """(id of the element, its HTML) of those parts of a screen that the subjects changed."""
    keys = dict.fromkeys(key for part in parts for key in _changed(part, subjects))
    if not keys:
        return []
    seen_by = _seen_by(workshop_pk, revision, audience_key)
    found = [_rendered(seen_by, revision, key) for key in keys]
    return [part for part in found if part]


def _changed(part: str, subjects) -> list[str]:
    name, *rest = part.split("/")
    return REGIONS[name].changed_by(subjects, part, *rest)


def known(parts: list[str]) -> tuple[str, ...]:
    """Those that exist, of what a browser asked for."""
    return tuple(sorted({part for part in parts if _exists(part)}))


def _exists(part: str) -> bool:
    """One that cannot be understood would be in the way of what all other screens get."""
    try:
        _changed(part, set())
    except (KeyError, IndexError, TypeError):
        return False
    return True


# What was made for a session at its last revision, so that fifty screens that wake up together cost one rendering:
# {session: (revision, {key: value})}. Only the thread of the live streams comes here.
_made: dict[int, tuple[int, dict]] = {}
_SESSIONS = 50  # at once; older ones are made anew


def _remembered(workshop_pk, revision, key, make):
    """What was made for this key at this revision; else made now."""
    at, values = _made.get(workshop_pk, (None, {}))
    if at != revision:
        if len(_made) > _SESSIONS:
            _made.clear()
        values = {}
        _made[workshop_pk] = (revision, values)
    if key not in values:
        values[key] = make()
    return values[key]


def _session(workshop_pk, revision) -> Workshop:
    def fetch():
        parties = Prefetch("organisations", Organisation.objects.with_presence())
        workshop = Workshop.objects.prefetch_related(parties).get(pk=workshop_pk)
        # What several parts need at this revision.
        workshop.shared = {"parties": list(workshop.organisations.all())}
        return workshop

    return _remembered(workshop_pk, revision, "session", fetch)


def _seen_by(workshop_pk, revision, audience_key) -> Audience:
    workshop = _session(workshop_pk, revision)
    return _remembered(workshop_pk, revision, ("who", audience_key), lambda: audience_of(workshop, audience_key))


def _rendered(seen_by: Audience, revision, key) -> tuple[str, str] | None:
    name, *rest = key.split("/")
    region = REGIONS[name]
    if region.only and seen_by.role != region.only:
        return None
    sharing = {ALL: "", ROLE: str(seen_by.role), ORGANISATION: seen_by.key}[region.shared_by]
    pk = seen_by.workshop.pk
    if region.shared_by == ALL:
        seen_by = Audience(seen_by.workshop, "")
    elif region.shared_by == ROLE:
        seen_by = Audience(seen_by.workshop, seen_by.role)

    def context():
        if region.shared_by == ORGANISATION:
            return region.context(seen_by, *rest)
        nobody = Audience(seen_by.workshop, "")
        return _remembered(pk, revision, ("context", key), lambda: region.context(nobody, *rest))

    def make():
        try:
            return region.element.format(*rest), render_to_string(region.template, context() | frame.shared(seen_by))
        except Http404:
            return None  # went away meanwhile, with the part of the page around it
        except Exception:  # one part that fails must not keep the others from anyone
            logger.exception("Onderdeel %s van sessie %s kon niet worden getekend.", key, seen_by.workshop.pk)
            return None

    return _remembered(pk, revision, (sharing, key), make)
