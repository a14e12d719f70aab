"""PDOK and StatLine on this computer: a server that answers in their documented forms, and fails when it is told to.

OGC API Features, part 1 (pages of features, `numberReturned`, links with rel «next»; PDOK pages by a cursor), and the
feed of OData 3 (`value`, `odata.nextLink`, `$filter`, `$select`, `$skip`).
"""

import json
import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

PDOK = re.compile(r"/cbs/wijken-en-buurten-(\d{4})/ogc/v1(?:/collections/(\w+)/items)?")
STATLINE = re.compile(r"/ODataFeed/odata/(\w+)/(TypedDataSet|DataProperties)")


class OpenDataServer(ThreadingHTTPServer):
    """`maps`: year -> collection -> features; `tables`: number -> rows. `page`: how many a page holds."""

    daemon_threads = True

    def __init__(self, maps: dict, tables: dict, *, page: int = 2):
        super().__init__(("127.0.0.1", 0), Handler)
        self.maps, self.tables, self.page = maps, tables, page
        self.asked: list[str] = []
        self.released = threading.Event()
        self._faults: list[tuple[str, Callable]] = []

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def addresses(self) -> dict[str, str]:
        return {"pdok_url": f"{self.root}/cbs", "cbs_url": f"{self.root}/ODataFeed/odata"}

    def fail(self, part: str, *faults: Callable) -> None:
        """The next requests whose address has this part get these answers, each once."""
        self._faults += [(part, fault) for fault in faults]

    def fault_for(self, address: str) -> Callable | None:
        for fault in self._faults:
            if fault[0] in address:
                self._faults.remove(fault)
                return fault[1]
        return None

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *error):
        self.released.set()
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        parts = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        page = self._features(parts.path, query) or self._rows(parts.path, query)
        fault = self.server.fault_for(self.path)
        if fault:
            fault(self, page)
        elif page is None:
            self.send(b'{"status": 404, "title": "Not Found"}', 404)
        else:
            self.send(page)

    def send(self, body, code=200, *, announce=None, **headers):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(announce or len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Silence."""

    def _features(self, path, query):
        found = PDOK.fullmatch(path)
        layers = self.server.maps.get(int(found[1])) if found else None
        if layers is None or (found[2] and found[2] not in layers):
            return None
        if not found[2]:
            return {"title": "CBS Wijken en Buurten", "links": []}
        code = query.get("gemeentecode")
        features = [f for f in layers[found[2]] if code in {None, f["properties"]["gemeentecode"]}]
        start = int(query.get("cursor", 0))
        size = min(self.server.page, int(query["limit"]))
        part = features[start : start + size]
        links = [{"rel": "self", "href": self.path}, {"rel": "alternate", "href": "?f=html"}]
        if start + size < len(features):
            following = urlencode(query | {"cursor": start + size})
            links.append({"rel": "next", "title": "Next page", "href": f"{self.server.root}{path}?{following}"})
        return {"type": "FeatureCollection", "links": links, "numberReturned": len(part), "features": part}

    def _rows(self, path, query):
        found = STATLINE.fullmatch(path)
        rows = self.server.tables.get(found[1]) if found else None
        if rows is None:
            return None
        if found[2] == "DataProperties":
            keys = list(rows[0]) if rows else []
            return {"odata.metadata": "$metadata", "value": [{"Type": "Topic", "Key": key} for key in keys]}
        prefix = re.fullmatch(r"startswith\(WijkenEnBuurten,'(\w+)'\)", query["$filter"])[1]
        rows = [row for row in rows if row["WijkenEnBuurten"].startswith(prefix)]
        start, size = int(query.get("$skip", 0)), self.server.page
        chosen = query["$select"].split(",")
        page = {"odata.metadata": "$metadata", "value": [{k: row[k] for k in chosen} for row in rows[start:][:size]]}
        if start + size < len(rows):
            page["odata.nextLink"] = f"{self.server.root}{path}?{urlencode(query | {'$skip': start + size})}"
        return page


# --- what can go wrong: each takes the handler and the page that it would have sent ---


def status(code: int, body: bytes = b"", **headers) -> Callable:
    return lambda handler, page: handler.send(body, code, **headers)


def cut_off(handler, page):
    """The line goes dead half-way."""
    body = json.dumps(page).encode()
    handler.send(body[: len(body) // 2], announce=len(body))


def half_json(handler, page):
    """Half of it, but said to be all."""
    handler.send(json.dumps(page).encode()[:-20])


def hang_up(handler, page):
    handler.close_connection = True


def silent(handler, page):
    handler.server.released.wait(10)


def one_less(handler, page):
    """A feature fewer than numberReturned says."""
    handler.send(page | {"features": page["features"][:-1]})


def next_at(address: str) -> Callable:
    """The next page is somewhere else, in both forms."""
    links = [{"rel": "next", "href": address}]
    return lambda handler, page: handler.send(page | {"links": links, "odata.nextLink": address})


def moved_to(address: str) -> Callable:
    return status(302, Location=address)


def with_(**changes) -> Callable:
    return lambda handler, page: handler.send(page | changes)
