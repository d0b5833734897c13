"""The client's command line: its commands, as data, in French.

argparse takes each of its own words from `gettext`, which would need a compiled catalogue and a locale.
"""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from support_cli import correspondents, requests

REASON_RULE = "3 à 200 caractères, sur une ligne"


@dataclass(frozen=True, slots=True)
class Command:
    """A command, the call that it makes, and its help.

    `takes_contact`, `takes_name`: one contact, or a name, typed or asked for.
    """

    name: str
    path: str
    help: str
    takes_contact: bool = False
    takes_name: bool = False


COMMANDS = (
    Command("check-contact", "contact/check", "le contact que dit l'appelant est-il celui du dossier ?", True),
    Command("correct-contact", "contact", "corriger un contact avant l'activation", True),
    Command("confirm-contact", "contact/confirmation", "confirmer le contact corrigé par un autre agent"),
    Command("correct-name", "name", "demander la correction du nom de naissance avant l'activation", takes_name=True),
    Command("confirm-name", "name/confirmation", "corriger le nom, à la demande d'un autre agent"),
    Command("send-again", "code", "renvoyer le code que la personne attend"),
    Command("clear-counters", "counters", "remettre à zéro les codes demandés et refusés"),
    Command("unlock", "lock", "lever le blocage des mots de passe incorrects"),
    Command("lift-mark", "address", "remettre en service une adresse ou un numéro qui refusait les messages"),
    Command("close", "closing", "demander la fermeture et l'effacement du compte"),
    Command("confirm-closing", "closing/confirmation", "fermer le compte, à la demande d'un autre agent"),
)
"""Every command but `find`, which makes one of two calls."""


def parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    line = argparse.ArgumentParser(prog="support_cli", description="Le service d'assistance du compte CNAS.")
    _add_common(line, default=None)
    commands = line.add_subparsers(dest="command", required=True, metavar="commande")
    find = commands.add_parser("find", help="consulter un dossier, ou chercher une personne dans une structure")
    find.add_argument("identifier", nargs="?", metavar="identifiant", help="l'identifiant de la personne")
    find.add_argument("--structure", help="le code de la structure, ou des mots de son nom")
    find.add_argument("--name", metavar="NOM", help="le début du nom, ou une partie")
    _add_common(find)
    for command in COMMANDS:
        added = commands.add_parser(command.name, help=command.help)
        added.add_argument("identifier", metavar="identifiant", help="l'identifiant de la personne")
        if command.takes_contact:
            kind = added.add_mutually_exclusive_group(required=True)
            kind.add_argument("--email", nargs="?", const="", metavar="ADRESSE", help="un email (demandé s'il manque)")
            kind.add_argument("--mobile", nargs="?", const="", metavar="NUMÉRO", help="un mobile (demandé s'il manque)")
        if command.takes_name:
            added.add_argument("--name", default="", metavar="NOM", help="le nom de naissance (demandé s'il manque)")
        _add_common(added)
    for added in (*correspondents.add_commands(commands), *requests.add_commands(commands)):
        _add_common(added)
    return line


def _add_common(line: argparse.ArgumentParser, *, default: str | None = argparse.SUPPRESS) -> None:
    """Add the options that may stand before the command or after it; one that is left out there keeps its value before.

    A list that is in nobody's history (`is_list`) needs no reason; a reason that is given all the same is not sent.
    """
    line.add_argument("--url", default=default, help="l'adresse de l'API (sinon SUPPORT_URL)")
    told = f"le motif, que la personne lira : {REASON_RULE} (demandé s'il manque)"
    shown = argparse.SUPPRESS if line.get_default("is_list") else told
    line.add_argument("--reason", default=default, metavar="MOTIF", help=shown)


_WORDS = {
    "usage: ": "usage : ",
    "positional arguments": "arguments",
    "show this help message and exit": "afficher cette aide",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s : %(message)s",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r est inconnu (au choix : %(choices)s)",
    "the following arguments are required: %s": "il manque : %s",
    "one of the arguments %s is required": "il faut l'un de ceux-ci : %s",
    "not allowed with argument %s": "ne va pas avec %s",
    "unrecognized arguments: %s": "en trop : %s",
    "expected one argument": "il manque sa valeur",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s est ambigu : %(matches)s",
    "ignored explicit argument %r": "la valeur %r est en trop",
    "%(prog)s: error: %(message)s\n": "%(prog)s : erreur : %(message)s\n",
}


@contextmanager
def in_french() -> Iterator[None]:
    """Let parsers that are made and used in this context speak French."""
    names = vars(argparse)
    before = names["_"]
    names["_"] = lambda words: _WORDS.get(words, words)
    try:
        yield
    finally:
        names["_"] = before
