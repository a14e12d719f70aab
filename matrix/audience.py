"""Who looks at a screen. What is shown depends on the role and the organisation, never on the person: so all screens of
one audience can share what was rendered once."""

from dataclasses import dataclass

from matrix import stages
from matrix.models import Organisation, Participation, Workshop
from matrix.stages import Role

BEAMER = "beamer"  # the role of the screen for the whole room: sees what all may see, may do nothing


@dataclass(frozen=True)
class Audience:
    workshop: Workshop
    role: str
    organisation: Organisation | None = None

    @property
    def organisation_id(self):
        return self.organisation.pk if self.organisation else None

    @property
    def key(self) -> str:
        """Goes with `audience_of`."""
        return str(self.organisation.pk) if self.organisation else str(self.role)

    @property
    def is_facilitator(self):
        return self.role == Role.FACILITATOR

    @property
    def is_tenant(self):
        return self.role == Role.TENANT

    def may(self, right: stages.Right) -> bool:
        return stages.allows(self.workshop.stage, right, self.role)

    @property
    def can(self) -> dict[str, bool]:
        """For templates: what to offer now."""
        return {right.value: self.may(right) for right in stages.Right}


def audience(participation: Participation) -> Audience:
    return Audience(participation.workshop, participation.role, participation.organisation)


def audience_of(workshop: Workshop, key: str) -> Audience:
    """The audience with this key: a role, or an organisation of the workshop."""
    if not key.isdecimal():
        return Audience(workshop, key)
    organisation = next(o for o in workshop.organisations.all() if o.pk == int(key))
    return Audience(workshop, organisation.role, organisation)
