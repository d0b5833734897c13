"""`python -m support_cli find 10000001`: see docs/support.md."""

import argparse
import io
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from botocore.credentials import ReadOnlyCredentials
from botocore.session import Session, get_session
from rich.console import Console

from support_cli import correspondents, requests
from support_cli.client import EXPIRED, Desk, RefusedError, SignedDesk
from support_cli.commands import COMMANDS, REASON_RULE, in_french, parser
from support_cli.screens import is_shown_whole, show_check, show_file, show_found, show_refusal

_DEFAULT_REGION = "eu-west-3"
_CHECK_FILES = "vérifiez ~/.aws"
_UNUSABLE = {
    "ConfigParseError": f"Votre configuration AWS est illisible : {_CHECK_FILES}.",
    "PartialCredentialsError": f"Il manque une partie de vos identifiants AWS : {_CHECK_FILES}.",
    "ProfileNotFound": "Ce profil AWS n'existe pas : vérifiez AWS_PROFILE.",
    "SSOTokenLoadError": EXPIRED,
    "TokenRetrievalError": EXPIRED,
    "UnauthorizedSSOTokenError": EXPIRED,
}
"""The words for missing credentials, by the name of botocore's error."""
_REASON = f"Motif ({REASON_RULE} ; la personne le lira) : "
_PATHS = {command.name: command.path for command in COMMANDS}
_SCREENS = {"search": show_found, "contact/check": show_check}


def main(
    line: Sequence[str], console: Console, *, desk: Callable[[str], Desk], ask: Callable[[str], str], url: str = ""
) -> int:
    """Carry out one command; 1 if the desk refuses or finds nobody, or the terminal lacks letters of the answer.

    `ask` asks the agent for the values that the line does not have.
    """
    with in_french():
        arguments = parser().parse_args(line)
    try:
        status, answer = _carry_out(arguments, console, ask, lambda: desk(arguments.url or url))
    except RefusedError as error:
        show_refusal(console, str(error))
        return 1
    except (EOFError, KeyboardInterrupt, UnicodeDecodeError):  # nobody is there to ask, or the agent stopped
        show_refusal(console, "Rien n'a été demandé : il manque une réponse.")
        return 1
    if is_shown_whole(console, answer):
        return status
    show_refusal(
        console, "C'est fait, mais votre terminal n'a pas toutes ces lettres : un point d'interrogation les remplace."
    )
    return 1


def _carry_out(
    arguments: argparse.Namespace, console: Console, ask: Callable[[str], str], desk: Callable[[], Desk]
) -> tuple[int, Any]:
    """Make the command's calls and show the answers; returns exit status and last answer. Raises RefusedError."""
    if arguments.command in correspondents.NAMES:
        reason = _reason(arguments, ask)
        _require_letters({name: value for name, value in vars(arguments).items() if isinstance(value, str)})
        _require_letters({"reason": reason})
        return correspondents.carry_out(correspondents.Terminal(console, ask, desk()), arguments, reason)
    if arguments.command == requests.NAME:
        terminal = correspondents.Terminal(console, ask, desk())
        asked = requests.body_of(terminal, arguments, _reason(arguments, ask))
        _require_letters(asked)
        return requests.carry_out(terminal, arguments.act, asked)
    path, body = _call(arguments, ask)
    _require_letters(body)
    answer = desk().ask(path, body)
    _SCREENS.get(path, show_file)(console, answer)
    return int(path == "search" and not answer["people"]), answer


def _call(arguments: argparse.Namespace, ask: Callable[[str], str]) -> tuple[str, dict[str, Any]]:
    """The call that the command line stands for."""
    identifier = arguments.identifier
    if arguments.command == "find" and not (identifier or arguments.structure or arguments.name):
        identifier = ask("Identifiant (vide : chercher par structure et nom) : ")
    path, body = _PATHS.get(arguments.command, "person"), {"identifier": identifier}
    if arguments.command == "find" and not identifier:
        path = "search"
        body = {
            "structure_id": arguments.structure or ask("Structure (son code, ou des mots de son nom) : "),
            "last_name": arguments.name or ask("Nom, ou une partie : "),
        }
    if path == "name":
        body["last_name"] = arguments.name or ask("Nom de naissance, comme sur la pièce d'identité : ")
    for kind, question in (("email", "Adresse email : "), ("mobile", "Mobile : ")):
        if getattr(arguments, kind, None) is not None:
            body[kind] = getattr(arguments, kind) or ask(question)
    return path, {**body, "reason": _reason(arguments, ask)}


def _reason(arguments: argparse.Namespace, ask: Callable[[str], str]) -> str:
    """The reason, for the history that the call goes to; empty for a call that is in no history."""
    return "" if getattr(arguments, "is_list", False) else arguments.reason or ask(_REASON)


def _require_letters(body: Mapping[str, Any]) -> None:
    """Raise RefusedError when typed text came as bytes that the terminal's encoding does not explain."""
    if any(value and not value.isascii() and "\udc80" <= max(value) <= "\udcff" for value in body.values()):
        raise RefusedError(
            "Votre terminal n'envoie pas ses accents en UTF-8 : rien n'a été demandé. Réglez son codage "
            "(LC_ALL=C.UTF-8), ou écrivez sans accents."
        )


def _signed_desk(url: str) -> SignedDesk:
    """The desk at that address, for the agent whose credentials the environment or the AWS profile gives."""
    session = get_session()
    credentials, region = _own(session)
    if not url:
        raise RefusedError("Il manque l'adresse du service : --url ou SUPPORT_URL.")
    if not _is_address(url):
        raise RefusedError(
            "L'adresse (--url ou SUPPORT_URL) doit être entière, par exemple https://….amazonaws.com/live."
        )
    if credentials is None:
        raise RefusedError("Il manque vos identifiants AWS : choisissez un profil (AWS_PROFILE), ou connectez-vous.")
    return SignedDesk(url, region, credentials)


def _own(session: Session) -> tuple[ReadOnlyCredentials | None, str]:
    """The agent's credentials, fetched now, and their region. Raises RefusedError."""
    try:
        credentials = session.get_credentials()
        region = os.environ.get("AWS_REGION") or session.get_config_variable("region") or _DEFAULT_REGION
        return credentials.get_frozen_credentials() if credentials else None, region
    except Exception as error:  # files, programs and services give them: each fails in its own way
        kind = type(error).__name__
        raise RefusedError(
            _UNUSABLE.get(kind, f"Vos identifiants AWS sont inutilisables ({kind}) : {_CHECK_FILES}.")
        ) from error


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, half a bracket
        return False


def _writable(stream: object) -> None:
    """Let a stream replace letters that it lacks by « ? », instead of failing in the middle of a file."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")


if __name__ == "__main__":
    _writable(sys.stdout)
    sys.exit(main(sys.argv[1:], Console(), desk=_signed_desk, ask=input, url=os.environ.get("SUPPORT_URL", "")))
