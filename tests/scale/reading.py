"""What a page or an answer leads to: links, fragments, and forms one field at a time."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urljoin

ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NUMBER: Final = re.compile(r"\d+")
SEARCH: Final = frozenset({"zoek", "q"})
VALUES: Final = 6


def plain(address: str) -> str:
    """The address without what is empty in its query."""
    path, _, query = address.partition("#")[0].partition("?")
    given = [(name, value) for name, value in parse_qsl(query) if value]
    return path + (f"?{urlencode(given)}" if given else "")


def label(address: str) -> str:
    """What is asked for, apart from which row: identities and numbers are all the same."""
    path, _, query = address.partition("?")
    path = _NUMBER.sub("{n}", ID.sub("{id}", path.replace("/v1/", "/v*/"))).replace("/v*/", "/v1/")
    asked = sorted((name, _kind(name, value)) for name, value in parse_qsl(query))
    return path + ("?" + "&".join(f"{name}={value}" for name, value in asked) if asked else "")


def _kind(name: str, value: str) -> str:
    if name == "cursor":
        return "{cursor}"
    return value if name in SEARCH else _NUMBER.sub("{n}", ID.sub("{id}", value))


class Page(HTMLParser):
    """The addresses that a page leads to."""

    def __init__(self, address: str, words: tuple[str, ...]) -> None:
        super().__init__()
        self._address = address
        self._words = words
        self._form: str | None = None
        self._hidden: list[tuple[str, str]] = []
        self._fields: list[tuple[str, str]] = []
        self._select = ""
        self.found: list[str] = []

    def addresses(self, html: str) -> list[str]:
        """Those in this page, in its order."""
        self.feed(html)
        return [plain(urljoin(self._address, each)) for each in self.found]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect links, and the fields of forms that ask."""
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.found.append(given["href"])
        if "hx-get" in given:
            self.found.append(given["hx-get"])
        if tag == "form" and given.get("method", "get").lower() == "get":
            self._form = given.get("action") or self._address.partition("?")[0]
            self._hidden, self._fields = [], []
        elif self._form is not None:
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            self._fields.append((self._select, given.get("value", "")))
        elif tag == "input" and name:
            kind = given.get("type", "text")
            if kind == "hidden":
                self._hidden.append((name, given.get("value", "")))
            elif kind in {"checkbox", "radio"}:
                self._fields.append((name, given.get("value", "on")))
            elif name in SEARCH:
                self._fields += [(name, word) for word in self._words]

    def handle_endtag(self, tag: str) -> None:
        """A form that ends can be sent: with each value of each field in turn."""
        if tag == "select":
            self._select = ""
        elif tag == "form" and self._form is not None:
            self.found += self._sendings(self._form)
            self._form = None

    def _sendings(self, action: str) -> Iterator[str]:
        often: dict[str, int] = {}
        for name, value in self._fields:
            often[name] = often.get(name, 0) + 1
            if value and often[name] <= VALUES:
                yield f"{action.partition('?')[0]}?{urlencode([*self._hidden, (name, value)])}"


def first_rows(document: Any) -> list[dict[str, Any]]:
    """The rows of an answer of an API that is a list; none of another."""
    if isinstance(document, dict):
        for value in document.values():
            if isinstance(value, list) and value and isinstance(value[0], dict):
                return value
    return document if isinstance(document, list) else []


def next_page(link: str) -> str | None:
    """The address of the next page in a Link header."""
    found = re.search(r'<([^>]+)>; rel="next"', link)
    return found.group(1) if found else None
