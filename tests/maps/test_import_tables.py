"""Two ways to read a text table: by the places of its delimiters where that is safe, else cell by cell. One outcome."""

from random import Random

import pytest

from maps.importing import ImportRefused, regular
from maps.importing.figures import WANTED
from maps.importing.tables import read_table

A, B = "BU03440111", "BU0344AB10"
HEADER = "jaar;buurtcode;buurtnaam;aantal_inwoners;x;percentage_koopwoningen"
ROWS = [f"2024;{A};Café ’t Hoekje;1835;;46,5", f"2024;{B};Oost;;-99997;12345678"]


def read(path, content: str, encoding="utf-8"):
    """Header, cells by line, or what is wrong; and whether the cells came by their places."""
    path.write_bytes(content.encode(encoding))
    try:
        table = read_table(path, path.name, WANTED)
    except ImportRefused as refused:
        return str(refused), False
    columns = {position: dict(table.cells[position].items()) for position in table.cells.columns}
    return (table.header, columns), any(table.cells.dtypes == "category")


def read_both_ways(path, monkeypatch, content, encoding="utf-8"):
    with monkeypatch.context() as patch:
        patch.setattr(regular, "LARGEST", 0)
        carefully, by_places = read(path, content, encoding)
        assert not by_places
    quickly, by_places = read(path, content, encoding)
    assert quickly == carefully
    return quickly, by_places


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("last", ["", "{end}", "{end}{end}"])
def test_a_plain_table_is_read_by_the_places_of_its_delimiters(tmp_path, monkeypatch, end, encoding, last):
    content = end.join(["Kerncijfers;;;;;", HEADER, *ROWS]) + last.format(end=end)
    (_, columns), by_places = read_both_ways(tmp_path / "k.csv", monkeypatch, content, encoding)
    assert by_places
    assert columns == {
        0: {3: "2024", 4: "2024"}, 1: {3: A, 4: B}, 3: {3: "1835", 4: ""}, 5: {3: "46,5", 4: "12345678"},
    }  # fmt: skip


@pytest.mark.parametrize(
    "row",
    [
        f'2024;{A};"Oost; en West";5;;3',  # a delimiter in a cell
        f'2024;{A};"twee\nregels";5;;3',
        f'2024;"{A}";Oost;"1.835";;3',
        f"2024;{A};Oost;5",  # Excel leaves empty last cells out
        f"2024;{A};Oost;5;;3;;",
        f"2024;{A};Oost;5;;3;te veel",
        f"2024;{A};Oost\rWest;5;;3",
        ";;;;;",
        "",
        "Bron: CBS;;;;;",
        f"2024;{A};Oost;5\x00;;3",
        f'2024;{A};"Oost;5;;3',
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_line_that_takes_care_gets_it(tmp_path, monkeypatch, row, place):
    lines = [HEADER, *ROWS]
    lines.insert(place + 1, row)
    _, by_places = read_both_ways(tmp_path / "k.csv", monkeypatch, "\n".join(lines) + "\n")
    assert by_places == (row == "" and place == 2)  # lines without anything at the end are no matter


def test_a_thousand_odd_tables_are_read_the_same_in_both_ways(tmp_path, monkeypatch):
    """Seeded: the same tables every time."""
    random, quick = Random(12), 0
    pieces = [A, B, "5", "46,5", "2024", "", " ", "é", "123456789", *";;;;;;;;;\n\n\n\t,", '"', "\r", "\r\n", "©"]
    for _ in range(1000):
        few = pieces[: random.choice([5, 10, 18, 22, len(pieces)])]
        rows = ["".join(random.choices(few, k=random.randrange(12))) for _ in range(random.randrange(4))]
        header = random.choice([HEADER, "bu_code;aantal_inwoners;jaar", "jaar;code;aant_inw;"])
        width = header.count(";")
        rows += [";".join(random.choices(few[:7], k=width + 1)) for _ in range(random.randrange(4))]
        random.shuffle(rows)
        _, by_places = read_both_ways(tmp_path / "k.csv", monkeypatch, "\n".join([header, *rows]))
        quick += by_places
    assert quick > 50
