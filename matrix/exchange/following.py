"""On which earlier session one looks back, by codes and numbers: the earlier one travels in a file of its own, sooner
or later. So this stands beside the session in its file and is no part of what makes two files equal."""

from matrix.models import Agreement, Workshop


def told(workshop: Workshop) -> dict:
    numbers = workshop.agreements.exclude(follows=None).order_by("number")
    rows = numbers.values_list("number", "follows__workshop__code", "follows__number")
    return {
        "workshop": workshop.follows.code if workshop.follows else None,
        "agreements": [list(row) for row in rows],
    }


def connect(workshop: Workshop, follows: dict | None) -> None:
    """As far as the earlier session is here. What is not in the file, or not here, leaves what was known already: the
    other installation may never have seen the earlier session."""
    follows = follows or {}
    if earlier := Workshop.objects.filter(code=follows.get("workshop")).exclude(pk=workshop.pk).first():
        Workshop.objects.filter(pk=workshop.pk).update(follows=earlier)
    wanted = {number: (code, on) for number, code, on in follows.get("agreements", ())}
    codes = {code for code, _ in wanted.values()}
    there = Agreement.objects.filter(workshop__code__in=codes).exclude(workshop=workshop)
    pks = {(code, number): pk for pk, code, number in there.values_list("pk", "workshop__code", "number")}
    for agreement in workshop.agreements.filter(number__in=wanted):
        if (pk := pks.get(wanted[agreement.number])) and pk != agreement.follows_id:
            Agreement.objects.filter(pk=agreement.pk).update(follows=pk)
