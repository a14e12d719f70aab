"""Which buurten of a map are shown and in which order: the same for the table, the map, the files and the paper."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from maps.showing import ShownMap, ShownSignal
from maps.style import STYLES


@dataclass(frozen=True)
class Column:
    """A heading of the table that sorts."""

    key: str
    label: str
    numeric: bool = False


COLUMNS = (
    Column("naam", "Buurt"),
    Column("signaal", "Signaal"),
    Column("bewoners", "Bewoners", numeric=True),
    Column("overlast", "Overlast", numeric=True),
)


def sort_from(query: Mapping[str, str], known: Collection[str]) -> tuple[str, bool]:
    """What `sorteer` asks: a key, and whether the other way round (`-key`). One that is not known is the name."""
    asked = query.get("sorteer", "")
    key = asked.removeprefix("-")
    return key if key in known else "naam", asked.startswith("-")


@dataclass(frozen=True)
class Arrangement:
    """What the address asks: `klasse`, `wijk` (a code), `zoek` (words, all of which must be there), `sorteer`."""

    signal_class: str = ""
    district: str = ""
    words: str = ""
    sort: str = "naam"
    descending: bool = False

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "Arrangement":
        sort, descending = sort_from(query, {column.key for column in COLUMNS})
        chosen = query.get("klasse", "")
        return cls(
            signal_class=chosen if chosen in STYLES else "",
            district=query.get("wijk", "")[:10],
            words=" ".join(query.get("zoek", "")[:100].split()),
            sort=sort,
            descending=descending,
        )

    def on(self, shown_map: ShownMap) -> "Arrangement":
        """Without a class or wijk that this map does not have: a film has other classes than a foto."""
        classes = {cell.style.key for cell in shown_map.classes}
        districts = {code for code, _ in shown_map.districts}
        return replace(
            self,
            signal_class=self.signal_class if self.signal_class in classes else "",
            district=self.district if self.district in districts else "",
        )

    @property
    def narrows(self) -> bool:
        return bool(self.signal_class or self.district or self.words)

    def matches(self, shown: ShownSignal) -> bool:
        text = shown.words.casefold()
        return (
            self.signal_class in ("", shown.style.key)
            and self.district in ("", shown.area.district)
            and all(word in text for word in self.words.casefold().split())
        )

    def in_order(self, signals: Iterable[ShownSignal]) -> list[ShownSignal]:
        """By name within equals; what has no value comes last, whichever way."""
        by_name = sorted(signals, key=lambda shown: shown.area.name.casefold())
        if self.sort == "naam":
            return by_name[::-1] if self.descending else by_name
        known = [shown for shown in by_name if self._value(shown) not in (None, "")]
        unknown = [shown for shown in by_name if self._value(shown) in (None, "")]
        return sorted(known, key=self._value, reverse=self.descending) + unknown

    def _value(self, shown: ShownSignal):
        if self.sort == "signaal":
            return shown.style.letter
        return shown.signal.composition if self.sort == "bewoners" else shown.signal.problems

    def arranged(self, signals: Iterable[ShownSignal]) -> list[ShownSignal]:
        return [shown for shown in self.in_order(signals) if self.matches(shown)]
