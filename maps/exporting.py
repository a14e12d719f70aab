"""Signals as a CSV table, for scripts and for spreadsheets."""

import csv
import io

from maps.models import Signal
from maps.showing import own_signals_of

COLUMNS = (
    "buurtcode", "buurtnaam", "composition", "problems", "class", "borderline", "reason", "years", "reference",
    "recipe_version", "own_class", "own_source", "own_years",
)  # fmt: skip


def signals_csv(editions) -> str:
    """One row a buurt and edition. Numbers with a decimal point, rounded to 6; a missing number is empty.

    The own signals of a corporation stand last, newest years first; of several the parts are divided by " | ".
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for edition in editions:
        signals = list(Signal.objects.of(edition).for_map().order_by("area__code").defer("area__geometry"))
        own_signals = own_signals_of([signal.area.code for signal in signals])
        for signal in signals:
            writer.writerow(_row(signal, edition) + _own(own_signals.get(signal.area.code, ())))
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


def _own(signals):
    parts = ((own.signal_class, own.source, own.years) for own in signals)
    return tuple(_text(" | ".join(part)) for part in zip(*parts, strict=True)) or ("", "", "")


def _number(value):
    return "" if value is None else f"{value:.6f}"


def _text(value):
    """A spreadsheet takes a leading =, +, - or @ for a formula."""
    return f"'{value}" if value[:1] in "=+-@\t\r" else value
