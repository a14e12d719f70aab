"""The log in plain words: of which kind each event is. Pure."""

KINDS = {
    "opmerkingen": ("Opmerkingen", (
        "remarked", "remark_rewritten", "remark_withdrawn", "remark_placed", "remark_merged", "remark_answered",
        "revealed", "theme_added", "theme_removed", "remark_kept",
    )),
    "duiding": ("Duiding en probleemanalyse", ("recognised", "analysed", "went_on")),
    "maatregelen": ("Maatregelen en afspraken", (
        "proposed", "edited", "status_set", "left_empty", "cell_reopened", "said_plainly", "card_added", "card_changed",
        "card_removed", "cards_taken_in",
    )),
    "voortgang": ("Voortgang en terugblik", (
        "reported", "progress_withdrawn", "reviewed", "noticed", "decided", "review_revealed",
    )),
    "standpunten": ("Standpunten en goedkeuring", ("position_taken", "plain_approved", "taken_over", "consent_given")),
    "vastgesteld": ("Vastgesteld en gewijzigd", ("frozen", "amended", "amendment_accepted", "amendment_withdrawn")),
    "advies": ("Wettelijk advies", ("advice_asked", "advice_given", "advice_decided")),
    "prioriteiten": ("Prioriteiten", ("dots_opened", "dots_revealed")),
    "sessie": ("De sessie zelf", (
        "follow_up_made", "facilitator_added", "facilitator_removed",
        "workshop_created", "workshop_described", "areas_chosen", "stage_moved", "timer_set", "organisation_added",
        "organisation_removed", "organisations_added", "organisation_renamed", "agenda_set", "invitation_written",
        "document_added", "document_removed",
    )),
    "stoelen": ("Komen en gaan", ("joined", "left", "seat_renewed", "seat_opened", "seat_closed", "seats_opened",
        "seats_closed", "seats_until_set",
    )),
    "ongedaan": ("Ongedaan gemaakt", ("undone",)),
}  # fmt: skip

OTHER = "Overig"
HIDDEN = ("shown", "dots_given")  # the beamer follows the facilitator page by page; nobody asks for that afterwards

_KIND_OF = {what: label for label, whats in KINDS.values() for what in whats}


def kind_of(what: str) -> str:
    return _KIND_OF.get(what, OTHER)


def whats(kind: str) -> tuple[str, ...]:
    """The events of a kind; empty for a kind that does not exist."""
    return KINDS[kind][1] if kind in KINDS else ()
