"""What the facilitator still has to do before the session: a checklist that follows from what is there. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from matrix.models import Organisation

Kind = Organisation.Kind

# The parties that usually sit at the table, with the name they start under; {} is the municipality.
USUAL = {
    Kind.CORPORATION: "Woningcorporatie",
    Kind.MUNICIPALITY: "Gemeente {}",
    Kind.TENANTS: "Huurdersorganisatie",
    Kind.WELFARE: "Welzijnsorganisatie",
    Kind.CARE: "Zorgorganisatie",
    Kind.POLICE: "Politie",
}
TENANTS = {Kind.TENANTS, Kind.RESIDENTS}


@dataclass(frozen=True)
class Task:
    page: str  # name of the url where it is done
    label: str
    done: bool
    told: str  # how it stands, or what to do
    anchor: str = ""  # where on that page
    optional: bool = False


def usual_partners(municipality: str, present: Iterable[str]) -> list[tuple[str, str]]:
    """(kind, name to start under) of the usual parties of which none is there."""
    present = set(present)
    return [(kind, name.format(municipality)) for kind, name in USUAL.items() if kind not in present]


def tasks(workshop, *, organisations, areas: int, documents: int, today) -> list[Task]:
    return [
        _session(workshop, areas),
        _table(organisations),
        _agenda(workshop),
        _documents(documents),
        _invitation(workshop),
        _seats(workshop, organisations, today),
    ]


def _session(workshop, areas) -> Task:
    count = f"{areas} {'buurt' if areas == 1 else 'buurten'}"
    told = f"{workshop.place}, {count}" if workshop.place else f"{count}. Vul nog in waar de sessie is."
    return Task("prepare_session", "Naam, plaats en buurten", bool(workshop.place and areas), told)


def _table(organisations) -> Task:
    kinds = {organisation.kind for organisation in organisations}
    wanted = (
        (Kind.CORPORATION in kinds, "een woningcorporatie"),
        (Kind.MUNICIPALITY in kinds, "de gemeente"),
        (bool(TENANTS & kinds), "een huurdersorganisatie of bewonerscommissie"),
    )
    missing = [words for there, words in wanted if not there]
    count = len(organisations)
    told = f"{count} {'organisatie' if count == 1 else 'organisaties'} aan tafel"
    if missing:
        told = f"Nog niet aan tafel: {', '.join(missing)}."
    return Task("prepare", "Wie zit er aan tafel", not missing, told, "#organisaties")


def _agenda(workshop) -> Task:
    told = f"Begint om {workshop.start_time:%H.%M} uur" if workshop.start_time else "Kies hoe laat de sessie begint."
    return Task("prepare_agenda", "Agenda", bool(workshop.start_time), told)


def _documents(documents) -> Task:
    told = f"{documents} {'stuk' if documents == 1 else 'stukken'}" if documents else "Nog geen stukken; dat mag."
    return Task("prepare_documents", "Stukken", bool(documents), told, optional=True)


def _invitation(workshop) -> Task:
    told = "Uw tekst staat klaar." if workshop.invitation else "Schrijf uw eigen woorden bij de uitnodiging."
    return Task("prepare_invitations", "Uitnodigen", bool(workshop.invitation), told)


def _seats(workshop, organisations, today) -> Task:
    until = workshop.seats_until
    closed = [organisation.name for organisation in organisations if not organisation.seat_open]
    if seats_passed(workshop, today):
        told, done = f"De stoelcodes werken niet meer sinds {until:%d-%m-%Y}.", False
    elif until and until < workshop.date:
        told, done = f"De stoelcodes werken tot en met {until:%d-%m-%Y}: vóór de dag van de sessie.", False
    elif closed:
        told, done = f"Gesloten: {', '.join(closed)}.", False
    else:
        told, done = f"Werken tot en met {until:%d-%m-%Y}" if until else "Werken zonder einddatum", True
    return Task("prepare", "Stoelcodes", done, told, "#stoelen")


def seats_passed(workshop, today) -> bool:
    return bool(workshop.seats_until and workshop.seats_until < today)
