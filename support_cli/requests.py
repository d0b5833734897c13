"""The commands on people's requests: the queue as a table, one request as a page, acts that ask for their words."""

import argparse
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from support_cli.client import RefusedError
from support_cli.correspondents import Terminal
from support_cli.screens import show_case, show_queue

NAME = "requests"
REASONS = ("incorrect", "incomplet", "perime")
_QUEUE = "queue"
_DAYS_TO_COMPLETE = 30
_FORM = "JJ/MM/AAAA"
_DAY = re.compile(r"(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})")
_WORDS = "Ce que la personne lira : "


@dataclass(frozen=True, slots=True)
class _Act:
    """An act, its help, and whether the person reads words of the agent's; `optional`: it needs none."""

    name: str
    help: str
    takes_words: bool = False
    optional: bool = False


_ACTS = (
    _Act("look", "lire une demande"),
    _Act("take", "commencer à examiner une demande"),
    _Act("ask", "demander à la personne de compléter", takes_words=True, optional=True),
    _Act("accept", "accepter une demande, ou y répondre", takes_words=True, optional=True),
    _Act("refuse", "refuser une demande", takes_words=True),
    _Act("drop", "classer une demande sans suite", takes_words=True),
    _Act("settle", "noter qu'une demande acceptée est réglée"),
    _Act("reopen", "reprendre ce qu'un autre agent a refusé ou classé"),
    _Act("message", "écrire à la personne", takes_words=True),
)


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> Sequence[argparse.ArgumentParser]:
    """Add `requests` and what it does; returns their parsers."""
    line = commands.add_parser(NAME, help="les demandes des bénéficiaires : les lire, les traiter")
    acts = line.add_subparsers(dest="act", required=True, metavar="acte")
    added = [acts.add_parser(_QUEUE, help="ce qui attend un agent, le plus ancien d'abord")]
    added[0].set_defaults(is_list=True)
    for act in _ACTS:
        parser = acts.add_parser(act.name, help=act.help)
        parser.add_argument("identifier", metavar="identifiant", help="l'identifiant de la personne")
        parser.add_argument("number", metavar="numéro", help="le numéro de la demande, avec ou sans espaces")
        if act.name == "ask":
            parser.add_argument("--field", default="", metavar="QUOI", help="ce qui est demandé (sinon demandé ici)")
            parser.add_argument("--because", default="", choices=REASONS, help="pourquoi")
            parser.add_argument("--before", default="", metavar="JOUR", help=f"{_FORM}, 14 jours au moins")
        if act.takes_words:
            parser.add_argument("--words", metavar="MOTS", help="ce que la personne lira (demandé s'il manque)")
        added.append(parser)
    return added


def body_of(terminal: Terminal, arguments: argparse.Namespace, reason: str) -> Mapping[str, str]:
    """The body of the call; values that the line does not have are asked for. Raises RefusedError for a wrong day."""
    if arguments.act == _QUEUE:
        return {}
    body = {"reason": reason, "identifier": arguments.identifier, "number": arguments.number}
    if arguments.act == "ask":
        month = f"{date.today() + timedelta(days=_DAYS_TO_COMPLETE):%d/%m/%Y}"  # noqa: DTZ011  # the agent's own calendar
        body |= {
            "field": arguments.field or terminal.ask("Quoi compléter (par exemple : la date) : "),
            "because": arguments.because or terminal.ask(f"Pourquoi ({', '.join(REASONS)}) : "),
            "before": _day(arguments.before or terminal.ask(f"Avant le ({_FORM} ; vide : {month}) : ") or month),
        }
    [act] = (act for act in _ACTS if act.name == arguments.act)
    if act.takes_words:
        question = f"{_WORDS[:-3]} (vide : rien) : " if act.optional else _WORDS
        said = arguments.words if arguments.words is not None else terminal.ask(question)
        body |= {"words": said}
    return body


def carry_out(terminal: Terminal, act: str, body: Mapping[str, str]) -> tuple[int, Any]:
    """Make the call, and show the queue or the request after it; the exit status is 1 if no request waits.

    Raises RefusedError.
    """
    answer = terminal.desk.ask(f"requests/{act}", dict(body))
    if act == _QUEUE:
        show_queue(terminal.console, answer)
        return int(not answer["requests"]), answer
    show_case(terminal.console, answer)
    return 0, answer


def _day(typed: str) -> str:
    """The day as the service takes it, from the French form; a day in that form stays. Raises RefusedError."""
    said = _DAY.fullmatch(typed.strip())
    try:
        return (date(*map(int, reversed(said.groups()))) if said else date.fromisoformat(typed.strip())).isoformat()
    except ValueError:
        raise RefusedError(f"« {typed} » n'est pas une date : écrivez-la {_FORM}, par exemple 31/12/2026.") from None
