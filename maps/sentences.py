"""One plain sentence per buurt: what the colours say. Pure; the same on map, table, phone and paper."""

from maps.classification import Direction, SignalClass, direction
from maps.style import STYLES

# What happened to the residents, and to the problems; {place} is what we compare with.
_COMPOSITION = {
    (True, Direction.UP): "Er kwamen {size} meer kwetsbare bewoners{than}",
    (True, Direction.STABLE): "Het aandeel kwetsbare bewoners veranderde {like}",
    (True, Direction.DOWN): "Het aandeel kwetsbare bewoners ontwikkelde zich {size} gunstiger{than}",
    (False, Direction.UP): "Er wonen {size} meer kwetsbare bewoners{than}",
    (False, Direction.STABLE): "Het aandeel kwetsbare bewoners is {like}",
    (False, Direction.DOWN): "Er wonen {size} minder kwetsbare bewoners{than}",
}
_PROBLEMS = {
    (True, Direction.UP): "overlast en onveiligheid ontwikkelden zich {size} ongunstiger{than}",
    (True, Direction.STABLE): "overlast en onveiligheid veranderden {like}",
    (True, Direction.DOWN): "overlast en onveiligheid ontwikkelden zich {size} gunstiger{than}",
    (False, Direction.UP): "er is {size} meer overlast en onveiligheid{than}",
    (False, Direction.STABLE): "overlast en onveiligheid zijn {like}",
    (False, Direction.DOWN): "er is {size} minder overlast en onveiligheid{than}",
}


def number(value: float | None, decimals: int = 1, *, signed: bool = False) -> str:
    """Dutch notation, with a real minus: 1.234,5 · +0,9 · −0,6. A missing figure is a dash."""
    if value is None:
        return "–"
    text = f"{value:+,.{decimals}f}" if signed else f"{value:,.{decimals}f}"
    if float(text.replace(",", "")) == 0:
        text = text.lstrip("+-")
    return text.replace("-", "−").translate(str.maketrans(",.", ".,"))


def _size(value: float, band: float) -> str:
    return "duidelijk" if abs(value) >= 2 * band else "iets"


def _words(value: float, *, band: float, film: bool, place: str, absolute: bool) -> dict[str, str]:
    if film and absolute:
        return {"size": _size(value, band), "than": " dan voorheen", "like": "nauwelijks"}
    like = f"ongeveer zoals {place}" if film else f"ongeveer als {place}"
    return {"size": _size(value, band), "than": f" dan {place}", "like": like}


def sentence(
    *, composition: float | None, problems: float | None, film: bool, relative: bool, years: str, municipality: str,
    band: float, neighbours: list[str] = (), reason: str = "",
) -> str:  # fmt: skip
    """The sentence of one buurt; `years` as printed (2018–2022), `neighbours` the classes that it borders on."""
    if composition is None or problems is None:
        return f"Over deze buurt kunnen we niets zeggen: {reason or 'er ontbreken gegevens'}."
    if relative:
        place = f"elders in {municipality}" if film else f"gemiddeld in {municipality}"
    else:
        place = "gemiddeld in Nederland"
    absolute = film and not relative
    parts = [
        texts[film, direction(value, band=band)].format(
            **_words(value, band=band, film=film, place=place, absolute=absolute)
        )
        for texts, value in ((_COMPOSITION, composition), (_PROBLEMS, problems))
    ]
    same_side = direction(composition, band=band) == direction(problems, band=band)
    text = f"{parts[0]}{', en ' if same_side else ', maar '}{parts[1]} ({years})."
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
        neighbours=signal.neighbours,
        reason=signal.reason,
    )


def is_missing(signal) -> bool:
    return signal.signal_class == SignalClass.INSUFFICIENT_DATA
