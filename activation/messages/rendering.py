"""Writes a message: from its kind and its context to the words that a person reads.

A mail is one text template: its subject, then its paragraphs, parted by blank lines. The HTML part puts the same
paragraphs into one layout, so the two parts never say different things. An SMS is one text template.
"""

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from activation.domain.contacts import mask
from activation.domain.outbox import MessageKind
from activation.domain.times import paris_time
from activation.messages.gsm7 import MAX_LENGTH, to_gsm7

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = Path(__file__).parent / "templates"
_LEAST_STRUCTURE_LENGTH = 8
"""The fewest characters of a structure's shortened name: a shorter one tells nobody anything."""

_MASK, _MASK_IN_GSM7 = "•", "*"
_SPACE_AT_SIGN = re.compile(" (?=[:;?!»])|(?<=«) ")


class Mail(NamedTuple):
    """A mail with its two parts, the same words in each."""

    subject: str
    text: str
    html: str


def render_mail(kind: MessageKind, **context: object) -> Mail:
    """Write the mail of that kind.

    Context: `host` (the site, named and never linked); for a code also `code`, `minutes` (whole minutes that it
    still lives), `asked` (when it was asked for, epoch seconds), `structure` (its name, where people share the
    contact, else None) and `purpose` (a flow's); for a notice `at` (when what it reports happened, epoch seconds),
    `destination` (the contact that messages go to since, else None), `number` (a request's, else None), `helper` (whom
    to tell) and, where it is about one, `structure` (its name) and `identifier`; for a file that was applied, `counts`.
    Raises jinja2.UndefinedError when one is missing.
    """
    said = _in_words(context)
    subject, *paragraphs = _render(f"mail/{kind}.txt", said)
    footer = _render("mail/footer.txt", said)
    html = _environment().get_template("mail/layout.html")
    return Mail(
        subject=subject,
        text="\n\n".join([*paragraphs, *footer]) + "\n",
        html=html.render(subject=subject, paragraphs=paragraphs, footer=footer, code=context.get("code")),
    )


def render_sms(kind: MessageKind, **context: object) -> str:
    """Write the SMS of that kind: GSM-7 and at most 160 characters, for a host of up to 40. Context as for a mail.

    The structure's name takes the room that is left: it is shortened, or left out where that would say nothing. A
    destination for which there is no room is left out.
    """
    template, said = _environment().get_template(f"sms/{kind}.txt"), _in_words(context)
    destination = to_gsm7(str(said.get("destination") or "").replace(_MASK, _MASK_IN_GSM7))
    text = template.render(said, structure=None, destination=destination)
    if len(text) > MAX_LENGTH:
        destination = ""
        text = template.render(said, structure=None, destination=destination)
    structure = to_gsm7(str(context.get("structure") or ""))
    shown = structure[: max(0, MAX_LENGTH - len(text) - len(" ()"))]
    if not shown or len(shown) < min(len(structure), _LEAST_STRUCTURE_LENGTH):
        return text
    return template.render(said, structure=shown, destination=destination)


def _in_words(context: dict[str, Any]) -> dict[str, Any]:
    """The context with its moments and its contact in words, the contact masked."""
    said = dict(context)
    for moment in {"at", "asked"} & said.keys():
        said[moment] = paris_time(said[moment])
    if to := said.get("destination"):
        said["destination"] = mask(to)
    return said


def _render(template: str, context: dict[str, object]) -> list[str]:
    """Fill in a text template: its paragraphs, with the French spaces that keep a sign on its word's line."""
    text = _environment().get_template(template).render(context)
    return _SPACE_AT_SIGN.sub("\N{NO-BREAK SPACE}", text).strip().split("\n\n")


def _duration(minutes: int) -> str:
    if minutes < 1:
        return "moins d'une minute"
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


@cache
def _environment() -> "Environment":
    # Jinja takes 95 ms to import, and only the worker renders messages: a function that merely names a kind of message
    # does not pay for it.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape  # noqa: PLC0415  # see above

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["duration"] = _duration
    return environment
