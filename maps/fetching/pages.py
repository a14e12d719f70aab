"""A collection of many pages, kept on disk page by page: a run that broke goes on at the first page that is missing.

A folder holds the pages as they came in and `manifest.json`, which says of each its address, its size, its SHA-256
and where the next one is. A page that is not as the manifest says counts as missing, and so do those after it.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from maps.fetching.client import MB, OTHER_FORM, Broken, Client, FetchRefused, NotThere, read_json

Told = Callable[[str, int, int], None]

KEPT_FOR = timedelta(days=7)  # older pages may be of another edition than the next ones
MANIFEST = "manifest.json"
MOST_PAGES = 9_999  # whoever sends more goes round in circles


@dataclass(frozen=True)
class Form:
    """How a source writes a page: the name of its list of items, and how to see what is wrong and what comes next."""

    items: str
    next_link: Callable[[dict], str | None]
    complaint: Callable[[dict], str | None] = lambda page: None
    total: Callable[[dict], int | None] = lambda page: None

    def read(self, body: bytes) -> dict:
        page = read_json(body)
        items = page.get(self.items)
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise Broken(OTHER_FORM)
        if why := self.complaint(page):
            raise Broken(why)
        return page


@dataclass(frozen=True)
class Page:
    """One line of the manifest. The file is named by its place: page-0001.json."""

    url: str
    next: str | None
    items: int
    size: int
    sha256: str
    at: str


@dataclass(frozen=True)
class Collection:
    """Everything at `url` and what it links on to, in a folder of its own below `work`, by its name.

    `told(name, pages, items)` hears how many are there after every page.
    """

    name: str
    client: Client
    form: Form
    url: str
    work: Path
    told: Told

    @property
    def folder(self) -> Path:
        return self.work / self.name.replace(" ", "-")

    def fetch(self) -> int:
        """Fetch every page that is not there yet. Return how many items there are; raises FetchRefused."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        pages = self._kept()
        if pages:
            self.told(self.name, len(pages), sum(page.items for page in pages))
        url = pages[-1].next if pages else self.url
        while url:
            if url in {page.url for page in pages} or len(pages) == MOST_PAGES:
                raise FetchRefused(f"{self.client.host} verwijst steeds naar een volgende bladzijde: {url[:200]}.")
            page, total = self._fetch(url, len(pages) + 1)
            pages.append(page)
            self._write(MANIFEST, json.dumps({"pages": [asdict(page) for page in pages]}, indent=1).encode())
            items, size = sum(page.items for page in pages), sum(page.size for page in pages)
            self.told(self.name, len(pages), items)
            if size > self.client.limits.all_bytes:
                most = self.client.limits.all_bytes // MB
                raise FetchRefused(f"{self.client.host} stuurt meer dan {most} MB. Neem minder gemeenten tegelijk.")
            url = page.next
            if not url and total is not None and total != items:
                self.forget()
                raise FetchRefused(
                    f"{self.client.host} heeft {total} gebieden, maar stuurde er {items}. Voer de opdracht opnieuw uit."
                )
        return sum(page.items for page in pages)

    def items(self) -> Iterator[list[dict]]:
        """Page by page, after `fetch`: the country at once does not fit in the memory of a laptop."""
        for path in sorted(self.folder.glob("page-*.json")):
            yield json.loads(path.read_bytes())[self.form.items]

    def forget(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _fetch(self, url: str, number: int) -> tuple[Page, int | None]:
        try:
            body, page = self.client.get(url, lambda body: (body, self.form.read(body)))
        except NotThere as error:
            if number == 1:
                raise
            raise FetchRefused(f"{error} Eerdere bladzijden waren er wel. Begin opnieuw met --fresh.") from None
        link = self.form.next_link(page)
        onward = self.client.address(link, of=url) if link else None
        self._write(_name(number), body)
        items = len(page[self.form.items])
        sha256, now = hashlib.sha256(body).hexdigest(), timezone.now().isoformat()
        return Page(url, onward, items, len(body), sha256, now), self.form.total(page)

    def _kept(self) -> list[Page]:
        """The pages of an earlier run that are still good; what is beyond them is thrown away."""
        kept = []
        for number, page in enumerate(self._known(), start=1):
            path = self.folder / _name(number)
            if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != page.sha256:
                break
            kept.append(page)
        good = {_name(number) for number in range(1, len(kept) + 1)} | ({MANIFEST} if kept else set())
        for path in self.folder.iterdir():
            if path.name not in good:
                path.unlink()
        return kept

    def _known(self) -> list[Page]:
        with suppress(OSError, ValueError, LookupError, TypeError):  # no manifest, or one that was cut off
            pages = [Page(**page) for page in json.loads((self.folder / MANIFEST).read_bytes())["pages"]]
            if pages[0].url == self.url and timezone.now() - parse_datetime(pages[0].at) < KEPT_FOR:
                return pages
        return []

    def _write(self, name: str, body: bytes) -> None:
        """Whole or not at all, also when the power goes."""
        part = self.folder / f"{name}.part"
        part.write_bytes(body)
        os.replace(part, self.folder / name)


def _name(number: int) -> str:
    return f"page-{number:04}.json"
