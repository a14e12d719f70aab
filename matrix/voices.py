"""Who may read what, and when: the tenants first, and what is written unseen until it is revealed. Pure."""

from matrix.stages import WRITE_FIRST, Role, Stage


def analysis_is_open(stage: str, sheet, tenants, answered, reader=None) -> bool:
    """May this reader see, and help write, the joint analysis of this buurt? Only after tenants told what they
    recognise, for anyone: not even the professionals read each other before. A tenant organisation that has not told
    it yet reads it after its own answer. From Handelen on there is nothing left to influence, without tenants at the
    table nobody to wait for, and the facilitator may let the table go on.

    `tenants`: pks of the tenant organisations; `answered`: those that gave their reading of the buurt; `reader`: pk of
    the organisation of who looks, None for the facilitator and the beamer.
    """
    if stage not in (Stage.PREPARE, *WRITE_FIRST) or sheet.went_on_without_tenants or not tenants:
        return True
    return bool(answered) and (reader not in tenants or reader in answered)


def waiting_for(organisations, readings) -> list:
    """The tenant organisations that gave no reading yet."""
    given = {reading.organisation_id for reading in readings}
    return [o for o in organisations if o.role == Role.TENANT and o.pk not in given]


def is_revealed(workshop, stage: str) -> bool:
    return stage in workshop.revealed


def may_read(remark, *, workshop, role: str, organisation_id) -> bool:
    """A remark is its organisation's until it is revealed. What the facilitator wrote, the facilitator sees."""
    if is_revealed(workshop, remark.stage):
        return True
    if role == Role.FACILITATOR:
        return remark.organisation_id is None or remark.on_behalf
    return organisation_id is not None and remark.organisation_id == organisation_id
