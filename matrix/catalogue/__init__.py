"""The catalogue of interventions: our own texts, one file a framework; the database is kept equal to them."""

import tomllib
from pathlib import Path


def read_catalogue() -> list[dict]:
    """All cards in order, as dicts of the fields of Intervention."""
    cards = []
    for path in sorted(Path(__file__).parent.glob("*.toml")):
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["intervention"]
        cards += [entry | {"framework": path.stem, "position": i} for i, entry in enumerate(entries)]
    return cards


def store_catalogue(**_signal) -> None:
    """After every migrate. A card that left the files stays while an agreement points to it."""
    from matrix.models import Intervention

    for card in read_catalogue():
        Intervention.objects.update_or_create(slug=card["slug"], defaults=card)
