"""Write first, reveal later: remarks of the organisations, their order, and the answer that each ends with."""

from uuid import UUID

from django.db.models import Max

from matrix import stages
from matrix.actions.recording import Conflict, Refused, record, voicing, writing
from matrix.models import Organisation, Participation, Remark, Theme, Workshop
from matrix.stages import WRITE_FIRST, Right, Stage


def _about(remark_or_stage) -> list[str]:
    return [f"remarks/{getattr(remark_or_stage, 'stage', remark_or_stage)}"]


def write(
    *, by: Participation, text: str, area=None, on_behalf_of: Organisation | None = None, key: UUID | None = None
) -> Remark:
    """A remark at the step of now. The others read it after the facilitator reveals."""
    with voicing(by, Right.REMARK, on_behalf_of=on_behalf_of, key=key) as (workshop, organisation):
        if area and not workshop.workshop_areas.filter(area=area).exists():
            raise Refused("Deze buurt hoort niet bij de sessie.")
        remark = Remark.objects.create(
            workshop=workshop, stage=workshop.stage, area=area, organisation=organisation, participation=by,
            text=text.strip(), on_behalf=on_behalf_of is not None, position=_last(workshop, None),
        )  # fmt: skip
        record(workshop, by=by, what="remarked", summary=f"{remark.speaker} schreef een opmerking",
               subjects=_about(remark), organisation=organisation, key=key,
               data={"remark": remark.pk, "after": remark.text})  # fmt: skip
    return remark


def _last(workshop, theme) -> int:
    return (workshop.remarks.filter(theme=theme).aggregate(n=Max("position"))["n"] or 0) + 1


def one_line_end(text: str) -> str:
    """Browsers send other line ends than they got."""
    return text.replace("\r\n", "\n").strip()


def own(workshop, by: Participation, remark: Remark) -> Remark:
    """The remark as it is now, when the writer may change it: their organisation's own, or what the facilitator
    entered and nobody took over."""
    fresh = workshop.remarks.get(pk=remark.pk)
    entered = by.organisation_id is None and (fresh.organisation_id is None or fresh.on_behalf)
    if not entered and (by.organisation_id is None or fresh.organisation_id != by.organisation_id):
        raise Refused(f"Deze opmerking is van {fresh.speaker}. Alleen {fresh.speaker} kan haar wijzigen.")
    if fresh.answer:
        raise Refused("Deze opmerking heeft al een antwoord, dus de tekst blijft staan.")
    return fresh


def rewrite(*, by: Participation, remark: Remark, text: str, seen: str | None = None) -> Remark:
    """Other words. Who rewrites what was entered on their behalf, takes it over. `seen`: the words that the writer
    started from; see `reading.analyse`."""
    with writing(by) as workshop:
        fresh = own(workshop, by, remark)
        before, fresh.text = fresh.text, one_line_end(text)
        if fresh.text == before:
            return fresh
        if seen is not None and before != one_line_end(seen):
            raise Conflict({"text": before})
        was_on_behalf = fresh.on_behalf
        fresh.on_behalf = fresh.on_behalf and by.organisation_id is None
        fresh.save(update_fields=["text", "on_behalf"])
        record(workshop, by=by, what="remark_rewritten", summary=f"{fresh.speaker} wijzigde een opmerking",
               subjects=_about(fresh), data={"remark": fresh.pk, "before": before, "after": fresh.text,
                                        "was_on_behalf": was_on_behalf})  # fmt: skip
    return fresh


def keep_internal(*, by: Participation, remark: Remark, internal: bool) -> None:
    """Only for the table, or for all who get a plan to share: by who said it, or by the facilitator."""
    with writing(by) as workshop:
        fresh = workshop.remarks.get(pk=remark.pk)
        if by.organisation_id is None or fresh.organisation_id != by.organisation_id:
            stages.require(workshop.stage, Right.REVEAL, by.role)
        if fresh.internal == internal:
            return
        fresh.internal = internal
        fresh.save(update_fields=["internal"])
        told = "blijft aan de tafel" if internal else "mag in een plan om te delen"
        record(workshop, by=by, what="remark_kept", summary=f"Een opmerking van {fresh.speaker} {told}",
               subjects=_about(fresh), data={"remark": fresh.pk, "internal": internal})  # fmt: skip


def withdraw(*, by: Participation, remark: Remark) -> None:
    """Taken back by who said it. The log keeps the words."""
    with writing(by) as workshop:
        fresh = own(workshop, by, remark)
        if fresh.merged.exists():
            raise Refused("Andere opmerkingen zijn met deze samengevoegd. Haal die eerst los.")
        data = {"text": fresh.text, "stage": fresh.stage, "area": fresh.area_id, "organisation": fresh.organisation_id,
                "on_behalf": fresh.on_behalf, "theme": fresh.theme_id, "position": fresh.position,
                "internal": fresh.internal}  # fmt: skip
        fresh.delete()
        record(workshop, by=by, what="remark_withdrawn", summary=f"{fresh.speaker} trok een opmerking in",
               subjects=_about(fresh), data=data)  # fmt: skip


def reveal(*, by: Participation, stage: Stage) -> None:
    """From now on everyone reads what was and is written at this step. Hiding it again makes no sense: it was read."""
    if stage not in WRITE_FIRST:
        raise Refused("Bij deze stap valt niets te onthullen.")
    with writing(by, Right.REVEAL) as workshop:
        if stage in workshop.revealed:
            return
        workshop.revealed = [*workshop.revealed, stage]
        workshop.save(update_fields=["revealed"])
        record(workshop, by=by, what="revealed", summary=f"De opmerkingen van {Stage(stage).label} zijn onthuld",
               subjects=[*_about(stage), "beamer"])  # fmt: skip


def add_theme(*, by: Participation, stage: Stage, title: str) -> Theme:
    with writing(by, Right.REVEAL) as workshop:
        theme = workshop.themes.filter(stage=stage, title=title.strip()).first()
        if theme:
            return theme
        position = workshop.themes.filter(stage=stage).count()
        theme = Theme.objects.create(workshop=workshop, stage=stage, title=title.strip(), position=position)
        record(workshop, by=by, what="theme_added", summary=f"Thema «{theme}»", subjects=_about(stage),
               data={"theme": theme.pk})  # fmt: skip
    return theme


def remove_theme(*, by: Participation, theme: Theme) -> None:
    """Its remarks stay, without a theme."""
    with writing(by, Right.REVEAL) as workshop:
        fresh = workshop.themes.get(pk=theme.pk)
        data = {"title": fresh.title, "stage": fresh.stage, "position": fresh.position,
                "remarks": [*fresh.remarks.values_list("pk", flat=True)]}  # fmt: skip
        for remark in fresh.remarks.all():
            put(remark, None, _last(workshop, None))
        fresh.delete()
        record(workshop, by=by, what="theme_removed", summary=f"Thema «{theme}» is weg", subjects=_about(theme),
               data=data)  # fmt: skip


def place(*, by: Participation, remark: Remark, theme: Theme | None, before: Remark | None = None) -> None:
    """Under this theme (None: without), above `before` or at the end: so remarks are grouped and ranked. A remark that
    was merged stands by itself again."""
    with writing(by, Right.REVEAL) as workshop:
        fresh = _revealed(workshop, remark)
        if theme and theme.stage != fresh.stage:
            raise Refused("Dit thema hoort bij een andere stap.")
        was = placed(fresh)
        heads = workshop.remarks.filter(stage=fresh.stage, merged_into=None).exclude(pk=fresh.pk)
        below = heads.filter(theme=fresh.theme, position__gte=fresh.position).first()
        line_up(fresh, list(heads.filter(theme=theme)), theme, above=before and before.pk)
        record(workshop, by=by, what="remark_placed", subjects=_about(fresh),
               summary=f"«{fresh}» staat nu {f'bij {theme}' if theme else 'zonder thema'}",
               data={"remark": fresh.pk, "before": was, "after": placed(fresh),
                                        "stood_above": below and below.pk})  # fmt: skip


def line_up(remark, others: list, theme, *, above: int | None) -> None:
    """Among the others of the theme: above the one with this key, else at the end."""
    at = next((i for i, other in enumerate(others) if other.pk == above), len(others))
    for position, other in enumerate([*others[:at], remark, *others[at:]], start=1):
        put(other, theme, position)


def placed(remark) -> dict:
    return {"theme": remark.theme_id, "position": remark.position, "merged_into": remark.merged_into_id}


def put(remark, theme, position) -> None:
    remark.theme, remark.position, remark.merged_into = theme, position, None
    remark.save(update_fields=["theme", "position", "merged_into"])


def _revealed(workshop: Workshop, remark: Remark) -> Remark:
    fresh = workshop.remarks.get(pk=remark.pk)
    if fresh.stage not in workshop.revealed:
        raise Refused("Deze opmerking is nog niet onthuld.")
    return fresh


def merge(*, by: Participation, remark: Remark, into: Remark) -> None:
    """They say the same: `remark` stands below `into`, with its own words and organisation. What was merged into it
    comes along."""
    with writing(by, Right.REVEAL) as workshop:
        fresh, target = _revealed(workshop, remark), _revealed(workshop, into)
        target = target.merged_into or target
        if target.pk == fresh.pk or target.stage != fresh.stage:
            raise Refused("Deze twee opmerkingen kunnen niet worden samengevoegd.")
        moved = [fresh, *fresh.merged.all()]
        before = {str(one.pk): placed(one) for one in moved}
        for one in moved:
            one.merged_into, one.theme = target, target.theme
            one.save(update_fields=["merged_into", "theme"])
        record(workshop, by=by, what="remark_merged", summary=f"«{fresh}» is samengevoegd met «{target}»",
               subjects=_about(fresh), data={"remark": fresh.pk, "into": target.pk, "before": before,
                                        "after": {str(one.pk): placed(one) for one in moved}})  # fmt: skip


def answer(*, by: Participation, remark: Remark, verdict: str, text: str = "", agreement=None) -> Remark:
    """What happened with it: taken up, and where; or not, and why. The answer holds for what was merged into it too.
    An empty verdict takes the answer back."""
    verdict, text = (Remark.Answer(verdict) if verdict else ""), text.strip()
    if verdict == Remark.Answer.NOT_TAKEN_UP and not text:
        raise Refused("Schrijf erbij waarom dit niet wordt opgepakt.")
    if verdict == Remark.Answer.TAKEN_UP and not (agreement or text):
        raise Refused("Kies bij welke maatregel dit is opgepakt, of schrijf waar.")
    with writing(by, Right.ANSWER) as workshop:
        fresh = _revealed(workshop, remark)
        if agreement and agreement.workshop_id != workshop.pk:
            raise Refused("Deze maatregel hoort niet bij de sessie.")
        before = answered(fresh)
        fresh.answer, fresh.answer_text = verdict, text if verdict else ""
        fresh.agreement = agreement if verdict == Remark.Answer.TAKEN_UP else None
        if answered(fresh) == before:
            return fresh
        fresh.save(update_fields=["answer", "answer_text", "agreement"])
        told = fresh.get_answer_display().lower() if verdict else "weer zonder antwoord"
        record(workshop, by=by, what="remark_answered", summary=f"«{fresh}»: {told}", subjects=_about(fresh),
               data={"remark": fresh.pk, "before": before, "after": answered(fresh)})  # fmt: skip
    return fresh


def answered(remark) -> dict:
    return {"answer": str(remark.answer), "text": remark.answer_text, "agreement": remark.agreement_id}
