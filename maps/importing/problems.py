"""What is wrong with a file, in Dutch and by row: the answer to a person who can repair it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

LIMIT = 200  # nobody repairs more than these in one go; the rest is counted


@dataclass(frozen=True)
class Problem:
    """`row` as the user's own program numbers it (the header is row 1); None when it is about the file."""

    row: int | None
    column: str | None
    message: str

    def __str__(self):
        if self.row is None:
            return self.message if self.column is None else f"kolom {self.column}: {self.message}"
        where = f"regel {self.row}" + (f", kolom {self.column}" if self.column is not None else "")
        return f"{where}: {self.message}"


class ImportRefused(Exception):
    """Nothing was stored. `problems` holds at most LIMIT of them, and then one that counts the rest; `total` counts
    all that were found."""

    def __init__(self, problems: Iterable[Problem] | str, *, more: int = 0):
        if isinstance(problems, str):
            problems = [Problem(None, None, problems)]
        problems = list(problems)
        self.total = len(problems) + more
        more += len(problems[LIMIT:])
        self.problems = problems[:LIMIT]
        if more:
            self.problems.append(Problem(None, None, f"en nog {more} andere"))
        super().__init__("\n".join(map(str, self.problems)))


class Problems:
    """Collects problems while a file is checked. Junk has millions: past the limit they only count."""

    def __init__(self):
        self._kept: list[Problem] = []
        self._more = 0

    def __bool__(self):
        return bool(self._kept)

    def add(self, row: int | None, column: str | None, message: str) -> None:
        self.add_rows([row], column, lambda _: message)

    def add_rows(self, rows: Sequence[int | None], column: str | None, message: Callable[[int], str]) -> None:
        """One problem a row; `message` gets the position in `rows`."""
        room = LIMIT - len(self._kept)
        self._kept += [
            Problem(None if row is None else int(row), column, message(i)) for i, row in enumerate(rows[:room])
        ]
        self._more += len(rows[room:])

    def stop_if_any(self) -> None:
        if self:
            raise ImportRefused(sorted(self._kept, key=lambda p: p.row or 0), more=self._more)
