"""Signed calls to the help desk's API (SigV4)."""

import json
import os
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Protocol

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials, ReadOnlyCredentials
from botocore.exceptions import BotoCoreError, SSLError
from botocore.httpsession import URLLib3Session

_SERVICE = "execute-api"
EXPIRED = "Votre session AWS a expiré : reconnectez-vous (aws sso login), puis recommencez."
_FIELDS = {
    "identifier": "identifiant",
    "reason": "motif",
    "structure_id": "structure",
    "last_name": "nom",
    "email": "adresse email",
    "mobile": "mobile",
    "first_name": "prénom",
    "import_id": "import",
    "after": "suite",
    "number": "numéro",
    "field": "ce qui est demandé",
    "because": "pourquoi",
    "before": "avant le",
    "words": "mots pour la personne",
}
"""The agents' words for the members of a body."""


_GATEWAY = {
    "Signature expired": "L'heure de votre ordinateur est fausse : réglez-la, puis recommencez.",
    "signature we calculated": "Votre clé secrète AWS n'est pas la bonne : vérifiez vos identifiants AWS.",
    "token included in the request is invalid": "AWS ne connaît pas vos identifiants : vérifiez AWS_PROFILE.",
    "token included in the request is expired": EXPIRED,
    "scoped to a valid region": "La région n'est pas celle du service : vérifiez AWS_REGION.",
    "not authorized": "Vos identifiants AWS n'ont pas accès à ce service : voyez avec qui le gère.",
}
"""The French words for the gateway's refusals of a signature or a right, by words of its English ones."""


class RefusedError(Exception):
    """The desk refused, or could not be reached; the message is in French, for the agent."""


class Desk(Protocol):
    """Answers the help desk's calls."""

    def ask(self, path: str, body: dict[str, Any]) -> Any:
        """The JSON answer to a call; `path` comes after `/support/`. Raises RefusedError."""


@dataclass(frozen=True, slots=True)
class SignedDesk:
    """The deployed API at `url`."""

    url: str
    region: str
    credentials: Credentials | ReadOnlyCredentials

    def ask(self, path: str, body: dict[str, Any]) -> Any:
        """Signs the call as AWS asks for it."""
        request = AWSRequest(
            "POST",
            f"{self.url.rstrip('/')}/support/{path}",
            headers={"Content-Type": "application/json"},
            data=json.dumps(body).encode(),
        )
        SigV4Auth(self.credentials, _SERVICE, self.region).add_auth(request)
        session = URLLib3Session(verify=os.environ.get("AWS_CA_BUNDLE") or True)  # type: ignore[arg-type]  # a bundle's path too
        try:
            answer = session.send(request.prepare())
        except SSLError as error:
            raise RefusedError(
                "Le certificat du service n'est pas reconnu : vérifiez l'adresse, et AWS_CA_BUNDLE."
            ) from error
        except BotoCoreError as error:
            raise RefusedError(f"Le service ne répond pas ({type(error).__name__}).") from error
        finally:
            session.close()
        return _read(answer.status_code, answer.content)


def _read(status: int, content: bytes) -> Any:
    try:
        said = json.loads(content)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise RefusedError(f"La réponse n'est pas celle du service ({status}) : vérifiez l'adresse.")
    if status == HTTPStatus.OK:
        return said
    told = str(said.get("message") or said.get("Message") or "?")
    known = next((words for part, words in _GATEWAY.items() if part in told), f"Accès refusé ({status}) : {told}")
    refusal = said.get("detail") or known
    faults = [f"{_field(fault['pointer'])} : {fault['detail']}" for fault in said.get("errors", [])]
    raise RefusedError("\n".join([refusal, *faults]))


def _field(pointer: str) -> str:
    name = pointer.rpartition("/")[2]
    return _FIELDS.get(name, name)
