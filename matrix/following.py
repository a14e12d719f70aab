"""A session that looks back on an earlier one, which may itself look back: what stays the same along the chain."""

from matrix.models import Agreement, Workshop

LONGEST = 50  # sessions in a row; a file from elsewhere could make a circle


def chain(workshop: Workshop) -> list[Workshop]:
    """This session and those before it, newest first."""
    found = [workshop]
    while (earlier := found[-1].follows) and earlier not in found and len(found) < LONGEST:
        found.append(earlier)
    return found


def revisions(workshop: Workshop) -> int:
    """Only rises, also when a session goes on in the next one."""
    return sum(session.revision for session in chain(workshop))


def names(agreements) -> dict[int, str]:
    """Agreement pk -> what names it in whatever session it goes on: code and number where it began."""
    first = {agreement.pk: agreement.pk for agreement in agreements}
    at = {agreement.pk: agreement.follows_id for agreement in agreements}
    for _ in range(LONGEST):
        going = {pk: follows for pk, follows in at.items() if follows}
        if not going:
            break
        earlier = dict(Agreement.objects.filter(pk__in=going.values()).values_list("pk", "follows_id"))
        for pk, follows in going.items():
            first[pk], at[pk] = follows, earlier[follows]
    rows = Agreement.objects.filter(pk__in=first.values()).values_list("pk", "workshop__code", "number")
    called = {pk: f"{code}-{number}" for pk, code, number in rows}
    return {pk: called[began] for pk, began in first.items()}
