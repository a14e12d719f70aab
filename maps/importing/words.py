"""Dutch for lists and numbers in what the importers say."""


def number_of(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def in_short(names: list[str]) -> str:
    more = len(names) - 10
    return ", ".join(names[:10]) + (f" en {more} andere" if more > 0 else "")


def years_in_words(years: list[int]) -> str:
    """[2016, 2017, 2018] -> '2016–2018'; [2016, 2018] -> '2016, 2018'."""
    if len(years) > 2 and years[-1] - years[0] == len(years) - 1:
        return f"{years[0]}–{years[-1]}"
    return ", ".join(map(str, years))
