"""The built pages, read without a browser."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from web.build import address_of

_VOID = {"meta", "link", "input", "br", "hr", "img"}


@dataclass
class Element:
    """An element, its attributes (an empty text for one without a value) and the text in it."""

    tag: str
    attributes: dict[str, str]
    ancestors: tuple[str, ...]
    text: str = ""


@dataclass
class ReadPage(HTMLParser):
    """A page's elements, in order."""

    address: str
    html: str
    elements: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[Element] = []
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, tuple(e.tag for e in self._open))
        self.elements.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop().tag != tag:
            continue

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]

    def text_of(self, tag: str) -> str:
        (element,) = self.all(tag)
        return " ".join(element.text.split())


def read_pages(folder: Path) -> list[ReadPage]:
    return [
        ReadPage(address_of(path.relative_to(folder)), path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.html"))
    ]
