"""One answer from one host. What goes wrong is tried again, or becomes a Dutch sentence that says what to do.

Only the host that the administrator chose is asked: neither a link in an answer nor a redirect leads elsewhere.
"""

import http.client
import json
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import count
from typing import TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import SplitResult, urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from maps.importing.reading import MAX_BYTES

T = TypeVar("T")

CHUNK = 1 << 16
MB = 1_000_000
PORTS = {"http": 80, "https": 443}
CUT_OFF = (http.client.HTTPException, ConnectionError)
TRY_AGAIN = {408, 429, 500, 502, 503, 504}
GOES_ON = (
    "Wat al binnen is, blijft bewaard. Voer de opdracht later opnieuw uit: "
    "zij gaat verder bij de eerste bladzijde die nog ontbreekt."
)
OTHER_FORM = "een bladzijde heeft een andere vorm dan is afgesproken"


class FetchRefused(Exception):
    """Says in Dutch what is wrong and what to do. Nothing was stored."""


class NotThere(FetchRefused):
    """The host answers, but knows no such address (404, 410)."""


class Broken(Exception):
    """This answer is no good, the next one may be. `wait`: the seconds that the host asks for, if it does."""

    def __init__(self, why: str, wait: float | None = None):
        super().__init__(why)
        self.wait = wait


@dataclass(frozen=True)
class Limits:
    """Seconds and bytes. A wait doubles after each try."""

    tries: int = 5
    first_wait: float = 1
    longest_wait: float = 300  # that a host may ask for; for longer nobody sits watching
    silence: float = 30  # without a single byte
    page_time: float = 600  # for one page, however steadily it drips in
    page_bytes: int = 250 * MB
    all_bytes: int = MAX_BYTES  # of all pages of one collection; the importers take no more either


LIMITS = Limits()


class Client:
    """Asks one host, patiently. `sleep` is there for tests, which do not wait."""

    def __init__(self, base: str, *, limits: Limits = LIMITS, sleep: Callable[[float], None] = time.sleep):
        self.base = base.rstrip("/")
        self.limits = limits
        self._sleep = sleep
        self._home = _checked(self.base)
        self._opener = build_opener(_Redirects(self))

    @property
    def host(self) -> str:
        return self._home.hostname

    def address(self, link: str, *, of: str) -> str:
        """A link as found in the answer `of`, as an address on our own host; any other is refused.

        Behind a load balancer a service writes http:// in its links where it was asked over https://.
        """
        url = urljoin(of, str(link))
        try:
            parts = urlsplit(url)
            place = parts.hostname, parts.port or PORTS.get(parts.scheme)
        except ValueError:
            raise _elsewhere(self.host, url) from None
        if parts.scheme not in PORTS or "@" in parts.netloc:
            raise _elsewhere(self.host, url)
        home = self.host, self._home.port or PORTS[self._home.scheme]
        if place == home and parts.scheme == self._home.scheme:
            return url
        ordinary = {(self.host, port) for port in PORTS.values()}
        if place in ordinary and home in ordinary:
            return parts._replace(scheme="https", netloc=self.host).geturl()
        raise _elsewhere(self.host, url)

    def get(self, url: str, read: Callable[[bytes], T], *, tries: int | None = None) -> T:
        """What `read` makes of the answer. When that raises Broken, or the network fails, it is asked for again."""
        tries = tries or self.limits.tries
        for turn in count(1):
            try:
                return read(self._ask(url))
            except Broken as broken:
                if broken.wait is not None and broken.wait > self.limits.longest_wait:
                    minutes = int(broken.wait / 60 + 0.5)
                    raise FetchRefused(f"{self.host} vraagt om {minutes} minuten te wachten. {GOES_ON}") from None
                if turn == tries:
                    times = f" ({tries} keer geprobeerd)" if tries > 1 else ""
                    raise FetchRefused(f"{self.host}: {broken}{times}. {GOES_ON}") from None
                self._sleep(self.limits.first_wait * 2 ** (turn - 1) if broken.wait is None else broken.wait)

    def _ask(self, url: str) -> bytes:
        headers = {"Accept": "application/geo+json, application/json", "User-Agent": "Veerkracht (fetch_open_data)"}
        request = Request(url, headers=headers)  # noqa: S310 - _checked and address let only http and https through
        try:
            with self._opener.open(request, timeout=self.limits.silence) as response:
                return self._body(response)
        except HTTPError as error:
            with error:
                raise _refusal(self.host, error) from None
        except (OSError, http.client.HTTPException) as error:
            raise self._network(error) from None

    def _body(self, response) -> bytes:
        chunks, size, until = [], 0, time.monotonic() + self.limits.page_time
        while chunk := response.read1(CHUNK):  # what is there now: a whole CHUNK may never come
            chunks.append(chunk)
            size += len(chunk)
            if size > self.limits.page_bytes:
                raise FetchRefused(
                    f"{self.host} stuurt een bladzijde van meer dan {self.limits.page_bytes // MB} MB. Dat kan niet "
                    "kloppen. Controleer het adres, of neem één gemeente."
                )
            if time.monotonic() > until:
                raise Broken(f"een bladzijde was na {self.limits.page_time:.0f} seconden nog niet binnen")
        announced = response.headers.get("Content-Length", "")
        if announced.isdigit() and size < int(announced):
            raise Broken(f"een bladzijde is afgebroken ({size} van {announced} bytes)")
        return b"".join(chunks)

    def _network(self, error: Exception) -> Exception:
        reason = error.reason if isinstance(error, URLError) else error
        if isinstance(reason, ssl.SSLCertVerificationError):
            return FetchRefused(
                f"Het certificaat van {self.host} klopt niet ({reason.verify_message}). Er is niets opgehaald. "
                "Controleer de klok van deze computer en de proxy."
            )
        if isinstance(reason, TimeoutError):
            return Broken(f"geen antwoord binnen {self.limits.silence:.0f} seconden")
        if isinstance(reason, ConnectionRefusedError) or not isinstance(reason, CUT_OFF):
            return Broken(f"niet te bereiken ({reason}); controleer de internetverbinding en het adres")
        return Broken("de verbinding brak af")


class _Redirects(HTTPRedirectHandler):
    def __init__(self, client: Client):
        self._client = client

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        url = self._client.address(newurl, of=req.full_url)
        return super().redirect_request(req, fp, code, msg, headers, url)


def _checked(base: str) -> SplitResult:
    try:
        parts = urlsplit(base)
        if parts.scheme in PORTS and parts.hostname and "@" not in parts.netloc and parts.port != 0:
            return parts
    except ValueError:  # of `port`, when it is no number
        pass
    raise FetchRefused(f"«{base}» is geen adres dat kan. Het begint met https:// of http://, zonder wachtwoord.")


def _elsewhere(host: str, url: str) -> FetchRefused:
    return FetchRefused(
        f"{host} verwijst naar een ander adres: {url[:200]}. Daar wordt niets opgehaald. Controleer of het opgegeven "
        "adres nog klopt."
    )


def _refusal(host: str, error: HTTPError) -> Exception:
    if error.code in TRY_AGAIN:
        busy = "te druk" if error.code == 429 else "een storing"
        return Broken(f"{busy} (HTTP {error.code})", wait=_seconds(error.headers.get("Retry-After")))
    if 300 <= error.code < 400:  # urllib itself refuses file:// and circles
        return _elsewhere(host, error.url)
    if error.code in {404, 410}:
        return NotThere(f"{host} kent dit adres niet: {error.url}.")
    what_to_do = "Controleer het adres, of begin opnieuw met --fresh."
    return FetchRefused(f"{host} weigert het verzoek (HTTP {error.code}): {error.url}. {what_to_do}")


def _seconds(retry_after: str | None) -> float | None:
    """Retry-After is a number of seconds or a moment (RFC 9110, 10.2.3); anything else says nothing."""
    text = (retry_after or "").strip()
    if text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def read_json(body: bytes) -> dict:
    """An object, as both sources send. Half of one, or an error page of a proxy, is Broken."""
    try:
        page = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Broken("een bladzijde is geen geldige JSON of is afgebroken") from None
    if not isinstance(page, dict):
        raise Broken(OTHER_FORM)
    return page


def _no_number(name: str):
    raise ValueError(name)
