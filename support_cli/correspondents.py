"""The commands on correspondents: the call of each, and what the agent sees before saying yes."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from support_cli.client import Desk
from support_cli.screens import show_arrivals, show_bulk, show_done, show_structure, show_without

YES = "oui"

Ask = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Terminal:
    """The agent's terminal: the console, the questions, and the desk that answers."""

    console: Console
    ask: Ask
    desk: Desk


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> list[argparse.ArgumentParser]:
    """Add the commands on correspondents; returns their parsers."""
    shown = commands.add_parser("correspondents", help="voir qui répond d'une structure, ou de laquelle personne")
    which = shown.add_mutually_exclusive_group(required=True)
    which.add_argument("--structure", metavar="CODE", help="le code de la structure")
    without = "les structures dont personne ne répond, 50 à la fois"
    which.add_argument("--without", action="store_true", dest="is_list", help=without)
    shown.add_argument("--after", default="", metavar="CODE", help="avec --without : la suite, après ce code")
    one = commands.add_parser("invite-correspondent", help="inviter le correspondant d'une structure")
    _add_structure(one)
    one.add_argument("--last-name", default="", metavar="NOM", help="son nom, si le fichier le sépare mal")
    one.add_argument("--first-name", default="", metavar="PRÉNOM", help="son prénom, si le fichier le sépare mal")
    one.add_argument("--email", default="", metavar="ADRESSE", help="une autre adresse : un second agent confirme")
    _add_yes(one)
    confirmed = commands.add_parser("confirm-invitation", help="envoyer l'invitation demandée par un autre agent")
    _add_structure(confirmed)
    _add_yes(confirmed)
    many = commands.add_parser("invite-correspondents", help="inviter ceux d'un import, 50 structures à la fois")
    many.add_argument("--import", required=True, dest="import_id", metavar="IMPORT", help="l'import")
    many.add_argument("--after", default="", metavar="CODE", help="la suite, après ce code")
    ended = commands.add_parser("unlink-correspondent", help="retirer tout de suite une structure à un correspondant")
    ended.add_argument("identifier", metavar="identifiant", help="l'identifiant du correspondant : C et 8 chiffres")
    _add_structure(ended)
    _add_yes(ended)
    arrivals = commands.add_parser("confirm-arrivals", help="faire entrer les personnes d'un fichier de correspondant")
    arrivals.add_argument("--upload", required=True, metavar="ENVOI", help="l'envoi, comme l'historique le nomme")
    _add_yes(arrivals)
    return [shown, one, confirmed, many, ended, arrivals]


def carry_out(terminal: Terminal, arguments: argparse.Namespace, reason: str) -> tuple[int, Any]:
    """Carry out the command, and show the result; returns the exit status and the shown answer. Raises RefusedError."""
    return _COMMANDS[arguments.command](terminal, arguments, reason)


def _look(terminal: Terminal, arguments: argparse.Namespace, reason: str) -> tuple[int, Any]:
    if arguments.is_list:
        found = terminal.desk.ask("structure/without", {"after": arguments.after})
        show_without(terminal.console, found)
        return int(not found["structures"]), found
    return 0, _structure(terminal, "structure", {"structure_id": arguments.structure, "reason": reason})


def _invite(terminal: Terminal, arguments: argparse.Namespace, reason: str) -> tuple[int, Any]:
    """Show the invitation whole, and ask for it only after « oui »."""
    body = {"structure_id": arguments.structure, "reason": reason}
    roster = _structure(terminal, "structure", body)["roster"]
    said = {
        "last_name": arguments.last_name or roster["last_name"],
        "first_name": arguments.first_name or roster["first_name"],
        "email": arguments.email or roster["email"],
    }
    question = f"Inviter {said['first_name']} {said['last_name']}, {said['email']} ? ({YES} pour inviter) : "
    if not _says_yes(terminal, arguments, question):
        return 1, {}
    given = {name: value for name, value in said.items() if getattr(arguments, name) or name != "email"}
    return 0, _structure(terminal, "invitation", {**body, **{name: value for name, value in given.items() if value}})


def _confirm(terminal: Terminal, arguments: argparse.Namespace, reason: str) -> tuple[int, Any]:
    body = {"structure_id": arguments.structure, "reason": reason}
    _structure(terminal, "structure", body)
    if not _says_yes(terminal, arguments, f"Confirmer l'invitation qui attend ? ({YES} pour confirmer) : "):
        return 1, {}
    return 0, _structure(terminal, "invitation/confirmation", body)


def _invite_many(terminal: Terminal, arguments: argparse.Namespace, reason: str) -> tuple[int, Any]:
    body = {"import_id": arguments.import_id, "after": arguments.after, "reason": reason}
    done = terminal.desk.ask("invitations", body)
    show_bulk(terminal.console, done)
    return 0, done


def _unlink(terminal: Terminal, arguments: argparse.Namespace, reason: str) -> tuple[int, Any]:
    """Show the structure's correspondents, then end the link: it ends at once, and the last one closes the account."""
    body = {"structure_id": arguments.structure, "reason": reason}
    _structure(terminal, "structure", body)
    who, where = arguments.identifier.upper(), arguments.structure
    if not _says_yes(terminal, arguments, f"Retirer {where} à {who}, tout de suite ? ({YES} pour retirer) : "):
        return 1, {}
    done = _structure(terminal, "unlinking", {"identifier": arguments.identifier, **body})
    show_done(terminal.console, f"C'est fait : {who} ne répond plus de {where}.")
    return 0, done


def _admit(terminal: Terminal, arguments: argparse.Namespace, reason: str) -> tuple[int, Any]:
    body = {"upload": arguments.upload, "reason": reason}
    found = terminal.desk.ask("arrivals", body)
    show_arrivals(terminal.console, found)
    if found["is_done"]:
        return 1, found
    if not _says_yes(terminal, arguments, f"Faire entrer ces personnes ? ({YES} pour confirmer) : "):
        return 1, {}
    done = terminal.desk.ask("arrivals/confirmation", body)
    show_arrivals(terminal.console, done)
    return 0, done


_COMMANDS: dict[str, Callable[[Terminal, argparse.Namespace, str], tuple[int, Any]]] = {
    "correspondents": _look,
    "invite-correspondent": _invite,
    "confirm-invitation": _confirm,
    "invite-correspondents": _invite_many,
    "unlink-correspondent": _unlink,
    "confirm-arrivals": _admit,
}

NAMES = frozenset(_COMMANDS)
"""The commands on correspondents."""


def _structure(terminal: Terminal, path: str, body: dict[str, Any]) -> Any:
    file = terminal.desk.ask(path, body)
    show_structure(terminal.console, file)
    return file


def _says_yes(terminal: Terminal, arguments: argparse.Namespace, question: str) -> bool:
    return arguments.yes or terminal.ask(question).strip().casefold() == YES


def _add_structure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--structure", required=True, metavar="CODE", help="le code de la structure")


def _add_yes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help=f"répondre « {YES} » d'avance")
