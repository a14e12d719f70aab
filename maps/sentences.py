"""One plain sentence per buurt: what the colours say. Pure; the same on map, table, phone and paper."""

from maps.classification import Direction, direction
from maps.style import STYLES

# What happened to the residents, and to the problems. Against others (relative) a film says only how it developed
# beside them: overlast may fall and still fall less than elsewhere.
_COMPOSITION = {
    ("relative", Direction.UP): "Vergeleken met {place} werd deze buurt {size} kwetsbaarder",
    ("relative", Direction.STABLE): "Vergeleken met {place} bleef de kwetsbaarheid in de pas",
    ("relative", Direction.DOWN): "Vergeleken met {place} werd deze buurt {size} minder kwetsbaar",
    ("absolute", Direction.UP): "Het aandeel kwetsbare bewoners nam {size} toe",
    ("absolute", Direction.STABLE): "Het aandeel kwetsbare bewoners bleef ongeveer gelijk",
    ("absolute", Direction.DOWN): "Het aandeel kwetsbare bewoners nam {size} af",
    ("foto", Direction.UP): "Er wonen {size} meer kwetsbare bewoners dan {place}",
    ("foto", Direction.STABLE): "Er wonen ongeveer evenveel kwetsbare bewoners als {place}",
    ("foto", Direction.DOWN): "Er wonen {size} minder kwetsbare bewoners dan {place}",
}
_PROBLEMS = {
    ("relative", Direction.UP): "ging het met overlast en veiligheid {size} slechter",
    ("relative", Direction.STABLE): "bleef de overlast in de pas",
    ("relative", Direction.DOWN): "ging het met overlast en veiligheid {size} beter",
    ("absolute", Direction.UP): "overlast en onveiligheid namen {size} toe",
    ("absolute", Direction.STABLE): "overlast en onveiligheid bleven ongeveer gelijk",
    ("absolute", Direction.DOWN): "overlast en onveiligheid namen {size} af",
    ("foto", Direction.UP): "er is {size} meer overlast en onveiligheid dan {place}",
    ("foto", Direction.STABLE): "er is ongeveer evenveel overlast en onveiligheid als {place}",
    ("foto", Direction.DOWN): "er is {size} minder overlast en onveiligheid dan {place}",
}


def number(value: float | None, decimals: int = 1, *, signed: bool = False) -> str:
    """Dutch notation, with a real minus: 1.234,5 · +0,9 · −0,6. A missing figure is a dash."""
    if value is None:
        return "–"
    text = f"{value:+,.{decimals}f}" if signed else f"{value:,.{decimals}f}"
    if float(text.replace(",", "")) == 0:
        text = text.lstrip("+-")
    return text.replace("-", "−").translate(str.maketrans(",.", ".,"))


def sentence(
    *, composition: float | None, problems: float | None, film: bool, relative: bool, years: str, municipality: str,
    band: float, clearly: float = 2.0, neighbours: list[str] = (), reason: str = "", note: str = "",
) -> str:  # fmt: skip
    """The sentence of one buurt; `years` as printed (2018–2022), `neighbours` the classes that it borders on, `note`
    over which land it goes if not the buurt's own. A value of `clearly` bands or more is called duidelijk."""
    if composition is None and problems is None:
        return f"Over deze buurt kunnen we niets zeggen: {reason or 'er ontbreken gegevens'}."
    kind = "foto" if not film else "relative" if relative else "absolute"
    place = f"{'elders' if film else 'gemiddeld'} in {municipality}" if relative else "gemiddeld in Nederland"
    parts = []
    for texts, value in ((_COMPOSITION, composition), (_PROBLEMS, problems)):
        if value is not None:
            size = "duidelijk" if abs(value) >= clearly * band else "iets"
            parts.append(texts[kind, direction(value, band=band)].format(size=size, place=place))
    if len(parts) == 1:
        known = parts[0]
        if problems is not None and kind == "relative":
            known = f"Vergeleken met {place} {known}"
        return (
            f"Voor een signaal ontbreken gegevens: {reason or 'een van de twee cijfers is er niet'}. "
            f"Wel bekend: {known[0].lower()}{known[1:]} ({years}).{f' {note}' if note else ''}"
        )
    same_side = direction(composition, band=band) == direction(problems, band=band)
    text = f"{parts[0]}{', en ' if same_side else ', maar '}{parts[1]} ({years})."
    if note:
        text += f" {note}"
    if neighbours:
        names = " of ".join(f"«{STYLES[key].label}»" for key in neighbours)
        text += f" Dit is een grensgeval: iets anders gerekend hoort de buurt bij {names}."
    return text


def sentence_of(signal, *, municipality: str) -> str:
    """The sentence of a stored `Signal`, with its own edition's recipe."""
    edition = signal.signal_map
    return sentence(
        composition=signal.composition,
        problems=signal.problems,
        film=edition.is_film,
        relative=edition.reference == edition.Reference.MUNICIPALITY,
        years=edition.years,
        municipality=municipality,
        band=edition.recipe["band"],
        clearly=edition.recipe.get("clearly", 2.0),
        neighbours=signal.neighbours,
        reason=signal.reason,
        note=signal.note,
    )
