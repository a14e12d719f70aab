"""A session as it may be shared: its content, with how far the work is. Every file is made of it."""

from collections import defaultdict

from maps.places import histories
from matrix.files.sharing import MIN_HOUSEHOLDS, shareable
from matrix.models import Agreement, Progress, Workshop
from matrix.paper.codes import numbers
from matrix.plan.canonical import content_of, text
from matrix.stages import Role
from matrix.voices import analysis_is_open


def shared_content(workshop: Workshop, organisation_id: int | None) -> dict:
    """As the reader of this organisation (None: the facilitator) may take it along. In a fixed number of queries."""
    sheets = list(workshop.workshop_areas.select_related("area").defer("area__geometry"))
    closed = _closed(workshop, sheets, organisation_id)
    found = shareable(content_of(workshop), small=small_buurten(workshop, sheets), closed=closed)
    given = numbers(sheets)
    paper = {sheet.area.code: given[sheet.area_id] for sheet in sheets}
    lines = _progress(workshop)
    states = dict(workshop.agreements.values_list("number", "status"))
    for buurt in found["buurten"]:
        buurt["number"] = paper[buurt["code"]]
    for agreement in found["agreements"]:
        agreement |= {"status": states[agreement["number"]], "progress": lines[agreement["number"]]}
    versions = workshop.versions.values_list("number", "fingerprint")
    return found | {"versions": [{"number": number, "fingerprint": fingerprint} for number, fingerprint in versions]}


def _closed(workshop, sheets, organisation_id) -> frozenset[str]:
    """As on the page of a buurt: the tenants first."""
    tenants = {o.pk for o in workshop.organisations.all() if o.role == Role.TENANT}
    answered = defaultdict(set)
    for area, organisation in workshop.readings.values_list("area_id", "organisation_id"):
        answered[area].add(organisation)
    return frozenset(
        sheet.area.code
        for sheet in sheets
        if not analysis_is_open(workshop.stage, sheet, tenants, answered[sheet.area_id], organisation_id)
    )


def small_buurten(workshop, sheets) -> frozenset[str]:
    edition = workshop.signal_map
    return small_codes(edition.municipality, edition.division, [sheet.area.code for sheet in sheets])


def small_codes(municipality, division, codes) -> frozenset[str]:
    """Of these buurten of a division, those whose figures are not shared."""
    past = histories(municipality, division, codes)
    last = {code: [p.values["households"] for p in files if p.values.get("households") is not None][-1:]
            for code, files in past.items()}  # fmt: skip
    return frozenset(code for code, households in last.items() if households and households[0] < MIN_HOUSEHOLDS)


def _progress(workshop) -> dict[int, list[dict]]:
    """Number of an agreement -> its log, oldest line first."""
    found = defaultdict(list)
    rows = Progress.objects.filter(agreement__workshop=workshop).select_related("agreement", "organisation")
    for line in rows.order_by("on", "pk"):
        found[line.agreement.number].append(
            {
                "on": line.on.isoformat(), "by": text(line.organisation or ""), "status": line.status,
                "percent": line.percent, "note": text(line.note),
            }
        )  # fmt: skip
    return found


def promised(content: dict) -> list[dict]:
    return [a for a in content["agreements"] if a["state"] == Agreement.Status.AGREED]
