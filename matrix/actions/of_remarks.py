"""Undo of remarks and their themes: see `matrix.actions.undo`, which hands over the action (`u`: Undoing)."""

from maps.models import Area
from matrix.actions import remark as remarks
from matrix.actions.recording import Refused
from matrix.models import Remark, Theme
from matrix.stages import Right


def _remarked(u):
    fresh = remarks.own(u.workshop, u.by, u.remark())
    u.expect(fresh.text == u.after and not fresh.merged.exists())
    fresh.delete()


def _remark_rewritten(u):
    fresh = remarks.own(u.workshop, u.by, u.remark())
    u.expect(fresh.text == u.after)
    fresh.text, fresh.on_behalf = u.before, u.action.oldest.data["was_on_behalf"]
    fresh.save(update_fields=["text", "on_behalf"])


def _remark_withdrawn(u):
    data = u.data
    Remark.objects.create(
        workshop=u.workshop, stage=data["stage"], text=data["text"], on_behalf=data["on_behalf"], participation=u.by,
        internal=data.get("internal", False),
        area=Area.objects.filter(pk=data["area"]).first(), position=data["position"],
        organisation=u.workshop.organisations.filter(pk=data["organisation"]).first(),
        theme=u.workshop.themes.filter(pk=data["theme"]).first(),
    )  # fmt: skip


def _remark_answered(u):
    u.require(Right.ANSWER)
    fresh = u.remark()
    u.expect(remarks.answered(fresh) == u.after)
    fresh.answer, fresh.answer_text = u.before["answer"], u.before["text"]
    fresh.agreement = u.workshop.agreements.filter(pk=u.before["agreement"]).first()
    fresh.save(update_fields=["answer", "answer_text", "agreement"])


def _stands(remark, place: dict) -> bool:
    """Its number may have shifted because others were put above it."""
    return (remark.theme_id, remark.merged_into_id) == (place["theme"], place["merged_into"])


def _remark_placed(u):
    u.require(Right.REVEAL)
    fresh = u.remark()
    u.expect(_stands(fresh, u.after))
    if u.before["merged_into"]:
        _put_at(u.workshop, fresh, u.before)
        return
    theme = _theme(u.workshop, u.before["theme"])
    others = u.workshop.remarks.filter(stage=fresh.stage, theme=theme, merged_into=None).exclude(pk=fresh.pk)
    remarks.line_up(fresh, list(others), theme, above=u.data["stood_above"])


def _remark_merged(u):
    u.require(Right.REVEAL)
    moved = list(u.workshop.remarks.filter(pk__in=u.after))
    u.expect(len(moved) == len(u.after) and all(_stands(one, u.after[str(one.pk)]) for one in moved))
    for one in moved:
        _put_at(u.workshop, one, u.before[str(one.pk)])


def _theme(workshop, pk) -> Theme | None:
    if pk is None:
        return None
    found = workshop.themes.filter(pk=pk).first()
    if found is None:
        raise Refused("Het thema van toen is weg. Er is niets veranderd.")
    return found


def _put_at(workshop, remark, place: dict) -> None:
    remark.theme, remark.position = _theme(workshop, place["theme"]), place["position"]
    remark.merged_into = workshop.remarks.filter(pk=place["merged_into"]).first() if place["merged_into"] else None
    remark.save(update_fields=["theme", "position", "merged_into"])


def _theme_added(u):
    u.require(Right.REVEAL)
    theme = u.workshop.themes.filter(pk=u.data["theme"]).first()
    u.expect(theme is not None)
    if theme.remarks.exists():
        raise Refused("Bij dit thema staan al opmerkingen. Haal die eerst weg. Er is niets veranderd.")
    theme.delete()


def _theme_removed(u):
    u.require(Right.REVEAL)
    data = u.data
    theme = Theme.objects.create(
        workshop=u.workshop, stage=data["stage"], title=data["title"], position=data["position"]
    )
    for remark in u.workshop.remarks.filter(pk__in=data["remarks"], theme=None, merged_into=None):
        remarks.put(remark, theme, remark.position)


UNDO = {
    "remarked": _remarked,
    "remark_rewritten": _remark_rewritten,
    "remark_withdrawn": _remark_withdrawn,
    "remark_answered": _remark_answered,
    "remark_placed": _remark_placed,
    "remark_merged": _remark_merged,
    "theme_added": _theme_added,
    "theme_removed": _theme_removed,
}
