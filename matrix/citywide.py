"""The city-wide check (stadstoets): what a measure does elsewhere, what that asks of other areas, and how it is
compensated. Pure."""

from dataclasses import dataclass

from matrix.models import Agreement

NONE, SOME = Agreement.Elsewhere.NONE.value, Agreement.Elsewhere.SOME.value


@dataclass(frozen=True)
class Elsewhere:
    agreement: object

    @property
    def state(self) -> str:
        """'wel', 'geen', or '' when nobody looked yet. Who wrote an effect and chose nothing has looked."""
        written = self.agreement.effect_elsewhere or self.agreement.asked_elsewhere or self.agreement.compensation
        return self.agreement.elsewhere or (SOME if written else "")

    @property
    def open(self) -> bool:
        """There is an effect and nobody has said how it is compensated."""
        return self.state == SOME and not self.agreement.compensation


@dataclass(frozen=True)
class CityCheck:
    effects: list[Elsewhere]
    none: list[Elsewhere]
    not_looked: list[Elsewhere]

    @property
    def open(self) -> int:
        return sum(one.open for one in self.effects)


def city_check(agreements) -> CityCheck:
    found = [Elsewhere(agreement) for agreement in agreements]
    return CityCheck(*([one for one in found if one.state == state] for state in (SOME, NONE, "")))
