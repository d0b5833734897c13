"""How easily the pages of an activation are read, by Kandel and Moles. `python -m tests.web.readability` tells it.

207 − 1.015 × words a sentence − 73.6 × syllables a word: Flesch's scale for French (Kandel and Moles, 1958), where 60
to 70 is ordinary and more than 80 is very easy.

- A sentence ends with `.`, `!`, `?` or `…`, or with its paragraph, item or question.
- A word is what stands between spaces and has a letter or a digit: « l'adresse » is one.
- A word has as many syllables as groups of vowels, less one for a mute `e` or `es` at its end, and at least one.
  Digits, and the letters of an abbreviation in capitals without a vowel, are said one by one.
"""

import re
import tempfile
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from activation.texts import current_texts
from web.build import build

PAGES = {
    "S0": "connexion",
    "S1": "activation",
    "S2": "activation/code",
    "S3": "activation/mot-de-passe",
    "S4": "preferences/consentement",
    "S13": "compte/informations-personnelles",
}
"""What is read; S13 for the consent, which is decided anew there."""
LONGEST_SENTENCE = 15
"""How many words a sentence of ours may have."""

_READ = {"p", "li", "legend"}
_BLOCKS = _READ | {"div", "ul", "ol", "summary", "h1", "h2", "h3", "label", "button", "section", "details", "form"}
_LEFT_OUT = {"noscript", "button", "label", "summary", "h2"}
_VOID = {"input", "br", "meta", "link"}
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=[^\s»])")
_VOWELS = re.compile(r"[aeiouyàâäéèêëîïôöùûüÿœæ]+")
_MUTE = re.compile(r"(?<=[^aeiouyàâäéèêëîïôöùûüÿœæ])es?$")
_SPELT = re.compile(r"\d|(?<![^\W\d_])[B-DF-HJ-NP-TV-XZ]+(?![^\W\d_])")


@dataclass(frozen=True, slots=True)
class Reading:
    """Sentences, and what they measure."""

    sentences: list[str]

    @property
    def score(self) -> float:
        words = [word for sentence in self.sentences for word in words_of(sentence)]
        return 207 - 1.015 * len(words) / len(self.sentences) - 73.6 * sum(map(syllables, words)) / len(words)

    @property
    def longest(self) -> int:
        return max(len(words_of(sentence)) for sentence in self.sentences)


@dataclass
class ReadText(HTMLParser):
    """The sentences of a page's main part: its `own`, and those of its easy version."""

    html: str
    own: list[str] = field(default_factory=list)
    easy: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[tuple[str, str]] = []
        self._text = ""
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self._end_text()
        if tag not in _VOID:
            self._open.append((tag, dict(attrs).get("class") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._end_text()
        while self._open and self._open.pop()[0] != tag:
            continue

    def handle_data(self, data: str) -> None:
        self._text += data

    def _end_text(self) -> None:
        text, self._text = " ".join(self._text.split()), ""
        tags, classes = {tag for tag, _ in self._open}, {name for _, name in self._open}
        if "main" in tags and tags & _READ and not tags & _LEFT_OUT and "stuck" not in classes:
            (self.easy if "easy" in classes else self.own).extend(sentences_of(text))


def sentences_of(text: str) -> list[str]:
    return [sentence for sentence in _SENTENCE_END.split(text) if words_of(sentence)]


def words_of(text: str) -> list[str]:
    return [word for word in text.split() if re.search(r"\w", word)]


def syllables(word: str) -> int:
    spelt = "".join(_SPELT.findall(word))
    rest = _MUTE.sub("", re.sub(r"\W+$", "", _SPELT.sub("", word)).lower())
    return max(1, len(spelt) + len(_VOWELS.findall(rest)))


def readings(folder: Path) -> dict[str, tuple[Reading, Reading]]:
    """Of a built front: by screen what it says, the consent's text included, and its easy version."""
    read = {}
    for name, path in PAGES.items():
        text = ReadText((folder / f"{path}.html").read_text(encoding="utf-8"))
        consent = sentences_of(current_texts().consent.text)
        own = {"S4": text.own + consent, "S13": consent}.get(name, text.own)
        read[name] = Reading(own), Reading(text.easy or own)
    return read


def told(read: dict[str, tuple[Reading, Reading]]) -> str:
    """The scores in a line, as docs/accessibility.md has them: of the page, then of its easy version."""
    scores = {name: [f"{reading.score:.0f}" for reading in both] for name, both in read.items()}
    return ", ".join(f"{name} {' → '.join(dict.fromkeys(both))}" for name, both in scores.items())


def main() -> None:
    """Print the scores, and the sentences that are read as easy ones."""
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder))
        read = readings(Path(folder))
    print(told(read))  # noqa: T201
    for name, (_, easy) in read.items():
        print(f"\n{name}", *(f"{len(words_of(each)):>3} {each}" for each in easy.sentences), sep="\n")  # noqa: T201


if __name__ == "__main__":
    main()
