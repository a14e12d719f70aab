"""Whose consent a change of fixed words needs, and whether it is there. Pure."""

from dataclasses import dataclass

from matrix.models import Agreement, Amendment, Consent, Position

WAITING, READY, REFUSED = "waiting", "ready", "refused"
_YES = (Position.Stance.AGREE, Position.Stance.RESERVATION)


@dataclass(frozen=True)
class Asked:
    """One organisation and what it says of an amendment; None: nothing yet."""

    organisation: object
    consent: Consent | None
    needed: bool

    @property
    def says_yes(self) -> bool:
        return self.consent is not None and self.consent.stance in _YES


def needed_by(agreement: Agreement, data: dict) -> set[int]:
    """Pks of the organisations that must consent: who leads, contributes or took a position on the fixed words, and
    who would lead or contribute by the proposed ones."""
    found = {agreement.lead_id, data.get("after", {}).get("lead")}
    found |= {contribution.organisation_id for contribution in agreement.contributions.all()}
    found |= {p.organisation_id for p in agreement.positions.all() if p.wording == agreement.wording}
    found |= {int(pk) for pk, text in data.get("brought_after", {}).items() if text is not None}
    return found - {None}


def asked(amendment: Amendment, agreement: Agreement, organisations) -> list[Asked]:
    """Every organisation at the table may speak; of a closed amendment only those that did are told."""
    given = {consent.organisation_id: consent for consent in amendment.consents.all()}
    if not amendment.is_open:
        return [Asked(o, given[o.pk], False) for o in organisations if o.pk in given]
    needed = needed_by(agreement, amendment.data)
    return [Asked(o, given.get(o.pk), o.pk in needed) for o in organisations]


def outcome(found: list[Asked]) -> str:
    """One "niet akkoord" keeps the fixed words, whoever says it. Else everyone whose consent is needed says yes, and at
    least somebody does."""
    if any(one.consent and one.consent.stance == Position.Stance.DISAGREE for one in found):
        return REFUSED
    if all(one.says_yes for one in found if one.needed) and any(one.says_yes for one in found):
        return READY
    return WAITING


def waits_for(found: list[Asked]) -> list:
    """The organisations whose yes is still to come."""
    return [one.organisation for one in found if one.needed and not one.says_yes]
