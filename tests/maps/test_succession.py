"""What became of buurten between two divisions, on squares of 100 by 100."""

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from maps.succession import COMPARABLE, Kind, Unit, in_words, match, named


def box(left, right, *, bottom=0, top=100):
    return shapely.box(left, bottom, right, top)


def row(**ends):
    """Buurten side by side: code -> where it ends, from 0."""
    shapes, start = {}, 0
    for code, end in ends.items():
        shapes[code] = box(start, end)
        start = end
    return shapes


def found(old, new):
    """'merged A+B>C' a unit, in alphabetical order."""
    return sorted(f"{u.kind} {'+'.join(u.old)}>{'+'.join(u.new)}" for u in match(old, new))


AB = row(A=100, B=200)

CASES = {
    "nothing changed": (AB, AB, ["same A>A", "same B>B"]),
    "all codes new": (AB, row(X=100, Y=200), ["recoded A>X", "recoded B>Y"]),
    "two codes swapped": (AB, row(B=100, A=200), ["recoded A>B", "recoded B>A"]),
    "a code moved on": (row(A=100, B=200, C=300), row(C=100, A=200, B=300),
                        ["recoded A>C", "recoded B>A", "recoded C>B"]),
    "the code is now elsewhere": ({"A": box(0, 100)}, {"A": box(500, 600)}, ["gone A>", "new >A"]),
    "elsewhere, while its land has another code": (
        AB, {"X": box(0, 100), "A": box(500, 600), "B": box(100, 200)}, ["new >A", "recoded A>X", "same B>B"]),
    "two became one under a new code": (AB, row(C=200), ["merged A+B>C"]),
    "two became one under a code of them": (AB, row(A=200), ["merged A+B>A"]),
    "three became one": (row(A=50, B=120, C=200), row(A=200), ["merged A+B+C>A"]),
    "one became two": (row(A=200), row(A=80, B=200), ["split A>A+B"]),
    "one became three": (row(A=200), row(X=80, Y=120, Z=200), ["split A>X+Y+Z"]),
    "a tenth went to the neighbour": (AB, row(A=110, B=200), ["changed A+B>A", "changed B>B"]),
    "new land beside it": (AB, row(A=100, B=200, C=300), ["new >C", "same A>A", "same B>B"]),
    "gone": (AB, row(A=100), ["gone B>", "same A>A"]),
    "gone in a large neighbour that stays what it was": (
        row(A=97, B=100), row(A=100), ["gone B>", "same A>A"]),
    "born in a large neighbour that stays what it was": (
        row(A=100), row(A=97, B=100), ["changed A>B", "same A>A"]),
    "shrunk to 96%": (row(A=100), row(A=96), ["same A>A"]),
    "shrunk to 94%": (row(A=100), row(A=94), ["changed A>A"]),
    "grown from 96%": (row(A=96), row(A=100), ["same A>A"]),
    "grown from 94%": (row(A=94), row(A=100), ["changed A>A"]),
    "moved by 4%": ({"A": box(0, 100)}, {"A": box(4, 104)}, ["same A>A"]),
    "moved by 6%": ({"A": box(0, 100)}, {"A": box(6, 106)}, ["changed A>A"]),
    "slivers on all sides": (
        {"A": box(0, 100), "B": box(100, 200)},
        {"A": box(1, 99, bottom=1, top=99), "B": box(99, 201, bottom=-1, top=101)},
        ["same A>A", "same B>B"]),
    "only a sliver in common": ({"A": box(0, 100)}, {"B": box(98, 198)}, ["gone A>", "new >B"]),
    "put together but for a quarter": (AB, row(C=150, D=200), ["changed A+B>C", "changed B>D"]),
    "put together with land that was nobody's": (AB, row(C=240), ["changed A+B>C"]),
    "put together to 96%": (AB, row(C=208), ["merged A+B>C"]),
    "two and two, otherwise cut": (
        AB, {"X": box(0, 200, top=50), "Y": box(0, 200, bottom=50)}, ["changed A+B>X", "changed A+B>Y"]),
    "one corner in common": (
        {"A": box(0, 100)}, {"B": box(100, 200, bottom=100, top=200)}, ["gone A>", "new >B"]),
    "nothing before": ({}, AB, ["new >A", "new >B"]),
    "nothing after": (AB, {}, ["gone A>", "gone B>"]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_became_of_them(case):
    old, new, expected = CASES[case]
    assert found(old, new) == expected


def test_a_merge_of_which_one_part_went_elsewhere_is_no_merge():
    """96% of C is A and B, but a third of B is in D."""
    old = {"A": box(0, 170), "B": box(170, 230)}
    new = {"C": box(0, 210), "D": box(210, 310)}
    assert found(old, new) == ["changed A+B>C", "changed B>D"]


def test_far_away_and_small_it_is_the_same():
    """Degrees, at the size of a buurt."""
    old = {"A": shapely.box(5.1, 52.1, 5.1004, 52.1004), "B": shapely.box(5.1004, 52.1, 5.1008, 52.1004)}
    assert found(old, {"A": old["A"].union(old["B"])}) == ["merged A+B>A"]


SIDE = 4
CELLS = [(x, y) for x in range(SIDE) for y in range(SIDE)]
divisions = st.lists(st.sampled_from("ABCDE."), min_size=len(CELLS), max_size=len(CELLS)).map(
    lambda letters: {
        code: shapely.union_all([shapely.box(x, y, x + 1, y + 1) for (x, y), c in zip(CELLS, letters, strict=True) if c == code])
        for code in sorted(set(letters) - {"."})
    }
)  # fmt: skip
anything = settings(max_examples=150, deadline=None)


@anything
@given(divisions, divisions)
def test_every_code_is_accounted_for(old, new):
    units = match(old, new)
    assert sorted(code for unit in units for code in unit.new) == sorted(new)
    assert {code for unit in units for code in unit.old} == set(old)
    compared = [code for unit in units if unit.comparable for code in unit.old]
    assert len(compared) == len(set(compared))


@anything
@given(divisions, divisions)
def test_what_is_compared_is_one_and_the_same_land(old, new):
    for unit in match(old, new):
        if unit.comparable:
            before = shapely.union_all([old[code] for code in unit.old])
            after = shapely.union_all([new[code] for code in unit.new])
            assert before.intersection(after).area >= 0.95 * max(before.area, after.area)
            assert min(len(unit.old), len(unit.new)) == 1
        elif unit.new:  # and what is not, is no other area's land
            assert not any(area.equals(new[unit.new[0]]) for area in old.values())


@anything
@given(divisions, divisions)
def test_looking_back_is_the_same_the_other_way_round(old, new):
    def compared(units):
        return {unit for unit in units if unit.comparable}

    assert compared(match(new, old)) == {unit.backwards() for unit in compared(match(old, new))}


@anything
@given(divisions, divisions, st.permutations("ABCDE"))
def test_codes_play_no_part(old, new, others):
    renamed = dict(zip("ABCDE", others, strict=True))

    def land(units, name):
        kinds = {Kind.SAME: Kind.RECODED}
        return {(kinds.get(u.kind, u.kind), tuple(sorted(name.get(c, c) for c in u.old)), u.new) for u in units}

    back = {new_name: name for name, new_name in renamed.items()}
    assert land(match({renamed[c]: s for c, s in old.items()}, new), back) == land(match(old, new), {})


@given(divisions)
@anything
def test_what_did_not_change_is_the_same(division):
    assert match(division, division) == [Unit(Kind.SAME, (code,), (code,)) for code in sorted(division)]


def test_it_is_stored_and_read_back():
    unit = Unit(Kind.MERGED, ("A", "B"), ("C",))
    assert Unit.from_list(unit.as_list()) == unit
    assert unit.backwards() == Unit(Kind.SPLIT, ("C",), ("A", "B"))
    assert set(COMPARABLE) & {Kind.CHANGED, Kind.NEW, Kind.GONE} == set()


# ---- in words ----


def test_the_note_of_one_municipality():
    units = [
        Unit(Kind.SAME, ("BU1",), ("BU1",)),
        Unit(Kind.SAME, ("BU2",), ("BU2",)),
        Unit(Kind.RECODED, ("BU3",), ("BU4",)),
        Unit(Kind.MERGED, ("BU5", "BU6"), ("BU5",)),
        Unit(Kind.SPLIT, ("BU7",), ("BU3", "BU7")),
        Unit(Kind.CHANGED, ("BU8",), ("BU8",)),
        Unit(Kind.NEW, (), ("BU9",)),
        Unit(Kind.GONE, ("BU9",), ()),
    ]
    then = {f"BU{n}": f"Oud {n}" for n in range(1, 10)}
    now = {f"BU{n}": f"Nieuw {n}" for n in range(1, 10)}
    assert in_words(units, 2016, 2024, then, now) == (
        "De buurten van 2024 naast die van 2016: 2 met dezelfde grens en code, "
        "1 met dezelfde grens en een andere code (Nieuw 4: BU3 werd BU4), "
        "1 door samenvoeging (Oud 5 en Oud 6 werden Nieuw 5), "
        "2 door splitsing (Oud 7 werd Nieuw 3 en Nieuw 7), "
        "1 met een gewijzigde grens en dus niet te vergelijken (Nieuw 8), "
        "1 op een plek waar toen geen buurt was (Nieuw 9), "
        "1 van toen verdwenen (Oud 9)."
    )


def test_the_note_of_a_hundred_municipalities_names_some_and_counts_the_rest():
    units = [Unit(Kind.CHANGED, (f"BU{n:04}",), (f"BU{n:04}",)) for n in range(500)]
    note = in_words(units, 2016, 2024, {}, {f"BU{n:04}": f"Buurt {n}" for n in range(500)})
    assert note.startswith("De buurten van 2024 naast die van 2016: 500 met een gewijzigde grens en dus niet te ")
    assert note.endswith("Buurt 10; Buurt 11; en nog 488).")
    assert len(note) < 400


@pytest.mark.parametrize(
    ("codes", "expected"),
    [("A", "Aa"), ("AB", "Aa en B"), ("ABC", "Aa, B en C"), ("ABCDEFGH", "Aa, B, C, D, E en 3 andere"), ("", "")],
)
def test_names_in_a_row(codes, expected):
    assert named(codes, {"A": "Aa"}) == expected
