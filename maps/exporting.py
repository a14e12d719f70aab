"""Signals as a CSV table, for scripts and for spreadsheets."""

import csv
import io

from maps.models import Signal

COLUMNS = (
    "buurtcode", "buurtnaam", "composition", "problems", "class", "borderline", "reason", "years", "reference",
    "recipe_version",
)  # fmt: skip


def signals_csv(editions) -> str:
    """One row a buurt and edition. Numbers with a decimal point, rounded to 6; a missing number is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for edition in editions:
        for signal in Signal.objects.of(edition).for_map().order_by("area__code").defer("area__geometry"):
            writer.writerow(_row(signal, edition))
    return out.getvalue()


def _row(signal, edition):
    return (
        signal.area.code,
        _text(signal.area.name),
        _number(signal.composition),
        _number(signal.problems),
        signal.signal_class,
        "true" if signal.borderline else "false",
        signal.reason,
        f"{edition.year_from}-{edition.year_to}" if edition.is_film else edition.year_to,
        edition.reference,
        edition.recipe_version,
    )


def _number(value):
    return "" if value is None else f"{value:.6f}"


def _text(value):
    """A spreadsheet takes a leading =, +, - or @ for a formula."""
    return f"'{value}" if value[:1] in "=+-@\t\r" else value
