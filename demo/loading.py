"""Puts Merelveen, its signal map and the demo session into the database, and takes them out again."""

import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction

from maps.models import Dataset, SignalMap
from matrix.models import Workshop, seat_code

CODE = "demo"
GM = "GM9901"  # as in demo.shapes, which takes its time to import
YEARS = {"year_from": 2018, "year_to": 2024}
USERNAME, FIRST_NAME, LAST_NAME = "begeleider", "Noor", "van Dam (fictief)"
PASSWORD_FILE = "demo_login.txt"  # noqa: S105 - the name of a file


class CannotLoad(Exception):
    """Says in Dutch what is in the way: something real that bears the name of a part of the demo."""


@transaction.atomic
def load(*, reset: bool = False) -> Workshop:
    """The demo session and its facilitator. What is there stays as it is, unless it is to be built anew."""
    found = Workshop.objects.filter(code=CODE).first()
    if found and not found.fictional:
        raise CannotLoad(f"Er is al een sessie met de code ‘{CODE}’ die niet fictief is; die blijft zoals zij is.")
    user = _facilitator()
    if found and not reset:
        found.facilitators.add(user)
        return found
    if found:
        _remove_workshop(found)
    if reset:
        _remove_municipality()

    from demo.workshop import play

    return play(code=CODE, user=user, signal_map=_film() or _make_film(user))


def password() -> str:
    """Of the facilitator, as `load` left it."""
    return _password_file().read_text(encoding="utf-8").strip()


def _facilitator():
    user, is_new = get_user_model().objects.get_or_create(
        username=USERNAME, defaults={"first_name": FIRST_NAME, "last_name": LAST_NAME, "is_staff": True}
    )
    if user.last_name != LAST_NAME and not user.workshops.filter(code=CODE).exists():
        raise CannotLoad(f"Er is al een account ‘{USERNAME}’ dat niet van de demo is. Geef dat een andere naam.")
    _give_password(user, even_if_known=is_new)
    return user


def _give_password(user, *, even_if_known: bool) -> None:
    """That of DEMO_PASSWORD, else the one that was made before, else a new one; kept to be shown again."""
    path = _password_file()
    known = path.read_text(encoding="utf-8").strip() if path.exists() else ""
    password = os.environ.get("DEMO_PASSWORD") or known or f"{seat_code()}-{seat_code()}"
    if password == known and not even_if_known:
        return
    user.set_password(password)
    user.save(update_fields=["password"])
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(f"{password}\n", encoding="utf-8")


def _password_file() -> Path:
    return Path(settings.VAR_DIR) / PASSWORD_FILE


def _film() -> SignalMap | None:
    return SignalMap.objects.current().films().filter(
        municipality=GM, reference=SignalMap.Reference.MUNICIPALITY, fictional=True, **YEARS
    ).first()  # fmt: skip


def _make_film(user) -> SignalMap:
    """By the ordinary importers. Imported here, since pandas takes its time."""
    from maps.computing import compute_signals

    with tempfile.TemporaryDirectory() as folder:
        _import_files(Path(folder), user)
    # In this order: the map opens on what was computed last.
    for reference in (SignalMap.Reference.COUNTRY, SignalMap.Reference.MUNICIPALITY):
        film, _ = compute_signals(**YEARS, reference=reference, municipality=GM)
    return film


def _import_files(folder: Path, user) -> None:
    from demo.files import write_files
    from maps import importing

    importers = {
        "buurten": importing.import_areas,
        "kerncijfers": importing.import_indicators,
        "leefbaarometer": importing.import_leefbaarometer,
        "misdrijven": importing.import_crimes,
    }
    for path in write_files(folder):
        importers[path.stem.split("_")[0]](path, by=user)


def _remove_workshop(workshop: Workshop) -> None:
    workshop.agreements.all().delete()  # they protect the organisations that lead or contribute
    workshop.delete()


def _remove_municipality() -> None:
    """Merelveen and nothing else; not while a session that somebody made to practise rests on it."""
    editions = SignalMap.objects.of_municipality(GM).filter(fictional=True)
    if Workshop.objects.filter(signal_map__in=editions).exists():
        return
    editions.films().delete()  # they keep their foto
    editions.delete()
    for dataset in Dataset.objects.filter(fictional=True):
        if dataset.municipalities == [GM]:
            dataset.delete()
