"""Where the buurten of an earlier map are on the map of another division: for who goes on with them later. By their
land, never by code alone; see `maps.lineage`."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from maps.lineage import Lineage, divisions
from maps.models import Area
from maps.succession import Kind


@dataclass(frozen=True)
class Became:
    """What one buurt of then is now. `told`: in Dutch, why signals of then and now cannot simply be compared; empty
    when it is the same land, also under another code."""

    codes: tuple[str, ...]
    told: str = ""


def became(municipality: str, then: int, now: int, codes: Iterable[str]) -> dict[str, Became]:
    """Code in the division of `then` -> what it is in that of `now`. One that has no place there is absent."""
    codes = set(codes)
    if then == now:
        return {code: Became((code,)) for code in codes}
    lineage = Lineage({municipality: now}, divisions(municipality=municipality), also_later=True)
    found, why = defaultdict(list), {}
    there = Area.objects.neighbourhoods().in_municipality(municipality).in_division(now)
    for code in there.order_by("code").values_list("code", flat=True):
        stood = lineage.stood_for(code, then, ())
        unit = stood.unit
        if not stood.blocked:
            olds, told = unit.old, _told(unit, now)
        elif unit.kind is Kind.CHANGED and code in unit.old:  # the same code on land that overlaps: it goes on
            olds, told = (code,), f"De grens van deze buurt is gewijzigd tussen {min(then, now)} en {max(then, now)}."
        else:
            continue
        for old in codes.intersection(olds):
            found[old].append(code)
            why[old] = told
    return {old: Became(tuple(new), why[old]) for old, new in found.items()}


def _told(unit, now) -> str:
    if len(unit.old) > 1 and len(unit.new) > 1:
        return f"De buurten zijn in {now} anders ingedeeld."
    if len(unit.old) > 1:
        return f"Deze buurt hoort in {now} bij een grotere."
    return f"Deze buurt is in {now} in delen gesplitst." if len(unit.new) > 1 else ""
