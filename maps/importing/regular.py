"""The wanted columns of a text table by the places of its delimiters, at a fifth of the cost of reading every cell.

Only where that cannot go wrong: no cell is quoted, every line has as many cells as the header. Of any other table
this says nothing, and `tables` reads it cell by cell, to the same result.
"""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy
    import pandas

LARGEST = 16_000_000  # bytes: the places of all cells take several times the size of the file in memory
WORD = 8  # bytes that compare as one number; figures are shorter
NEWLINE = b"\n"
CAREFUL = (b'"', b"\0", b"\r")  # with one of these (after \r\n became \n) a line may be more than its cells


def read_regular(
    path: Path, *, encoding: str, delimiter: str, header_at: int, width: int, positions: list[int]
) -> "pandas.DataFrame | None":
    """By line number and position in the header, as `Table.cells`; columns of short texts are categories.

    None where reading takes more care, or a line may be no row: at most one of its wanted cells is filled.
    """
    import numpy
    import pandas

    if path.stat().st_size > LARGEST:
        return None
    encoding = encoding.removesuffix("-sig")  # that is about the start of the file only
    content = path.read_bytes()
    if b"\r" in content:
        content = content.replace(b"\r\n", NEWLINE)
    if any(byte in content for byte in CAREFUL):
        return None
    *header, body = content.split(NEWLINE, header_at)
    if len(header) < header_at:
        return None
    body = body.rstrip(NEWLINE) + NEWLINE
    ends = _ends(body, delimiter, width)
    if ends is None:
        return None
    before = ends[:, numpy.array(positions) - 1]
    if positions[0] == 0:  # before the first cell of a line lies the last of the line above
        before[:, 0] = numpy.append(-1, before[:-1, 0])
    starts, ends = before + 1, ends[:, positions]
    columns, filled = {}, numpy.zeros(len(ends), dtype=int)
    for position, start, end, word in zip(positions, starts.T, ends.T, _words(body, starts, ends).T, strict=True):
        is_short = (end - start).max() <= WORD
        column = _categories(word, encoding) if is_short else _texts(body, start, end, encoding)
        columns[position], is_filled = column
        filled += is_filled
    if filled.min() < 2:
        return None
    return pandas.DataFrame(columns, index=range(header_at + 1, header_at + 1 + len(ends)))


def _ends(body: bytes, delimiter: str, width: int) -> "numpy.ndarray | None":
    """Where each cell ends: a row a line, `width` columns; None where a line has fewer or more."""
    import numpy

    characters = numpy.frombuffer(body, dtype=numpy.uint8)
    ends = numpy.flatnonzero((characters == ord(delimiter)) | (characters == ord(NEWLINE)))
    lines = body.count(NEWLINE)
    if len(ends) != lines * width:
        return None
    ends = ends.reshape(lines, width)
    return ends if (characters[ends[:, -1]] == ord(NEWLINE)).all() else None


def _words(body: bytes, starts: "numpy.ndarray", ends: "numpy.ndarray") -> "numpy.ndarray":
    """Every cell, or the first bytes of a longer one, as one number."""
    import numpy

    from_anywhere = numpy.ndarray(len(body), "<u8", body + bytes(WORD), strides=(1,))
    masks = numpy.array([(1 << 8 * length) - 1 for length in range(WORD + 1)], dtype="<u8")
    return from_anywhere[starts] & masks[numpy.minimum(ends - starts, WORD)]


def _categories(words: "numpy.ndarray", encoding: str) -> tuple["pandas.Categorical", "numpy.ndarray"]:
    """A column of short cells, and which of them are not blank."""
    import numpy
    import pandas

    numbers, different = pandas.factorize(words)
    cells = [cell.decode(encoding) for cell in different.astype("<u8").view(f"S{WORD}").tolist()]
    is_filled = numpy.array([bool(cell.strip()) for cell in cells])
    return pandas.Categorical.from_codes(numbers, pandas.Index(cells, dtype=object)), is_filled[numbers]


def _texts(
    body: bytes, starts: "numpy.ndarray", ends: "numpy.ndarray", encoding: str
) -> tuple["pandas.Index", "numpy.ndarray"]:
    """A column of other cells, and which of them are not blank."""
    import numpy
    import pandas

    found = NEWLINE.join([body[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)])
    cells = found.decode(encoding).split("\n")
    return pandas.Index(cells, dtype=object), numpy.array([bool(cell.strip()) for cell in cells])
