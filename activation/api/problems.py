"""Errors as RFC 9457 problems: one row for each refusal, one French sentence for each row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, NamedTuple

from activation.api.faults import Fault, faults_of, schema_fault
from activation.domain.contacts import ContactRejectedError
from activation.domain.errors import (
    AccountLockedError,
    BusyError,
    CodeFormatError,
    CodeRejectedError,
    ContactNotProvenError,
    ContactUnchangedError,
    CredentialsRejectedError,
    DomainError,
    FlowExpiredError,
    FlowLockedError,
    ImportNotFoundError,
    ImportRunningError,
    InvitationIncompleteError,
    NoArrivalsError,
    NoCodeOutError,
    NoSuchLinkError,
    NotConfirmedError,
    NotFoundError,
    NothingToConfirmError,
    NothingToLiftError,
    NotYourAccountError,
    OutdatedVersionError,
    OwnCaseError,
    PastActivationError,
    PersonNotFoundError,
    RequestNotFoundError,
    ResendTooEarlyError,
    RightsNotDatedError,
    RowRejectedError,
    SecondAgentNeededError,
    SessionExpiredError,
    StaleError,
    StructureNotFoundError,
    TimedRefusalError,
    TooManyCodesError,
    TooManyLinksError,
    TooManyRequestsError,
    TooManyRequestsOpenError,
    TooManyTodayError,
    TooSoonError,
    WrongStepError,
)
from activation.domain.passwords import PasswordRejectedError
from activation.domain.requests.kinds import AnswersRejectedError
from activation.domain.times import paris_time, rfc3339

UNAVAILABLE_RETRY_SECONDS = 5
"""Seconds to wait when a service did not answer: most throttling is over by then."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal as HTTP says it.

    `retry_at` is in epoch seconds; `allowed` lists the methods for the header `Allow`; `more` has further members of
    the JSON object, for some refusals only.
    """

    status: HTTPStatus
    code: str
    title: str
    detail: str
    faults: tuple[Fault, ...] = ()
    retry_at: int | None = None
    allowed: tuple[str, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)

    def body(self, correlation_id: str) -> dict[str, Any]:
        """The problem as JSON (RFC 9457)."""
        errors = [{"pointer": f.pointer, "code": f.code, "detail": f.detail} for f in self.faults]
        return {
            "type": f"urn:problem-type:{self.code}",
            "title": self.title,
            "status": int(self.status),
            "detail": self.detail,
            "code": self.code,
            **({"errors": errors} if errors else {}),
            **({"retry_at": rfc3339(self.retry_at)} if self.retry_at is not None else {}),
            **self.more,
            "correlation_id": correlation_id,
        }


class Row(NamedTuple):
    """The status, the stable code and the French words of one kind of refusal."""

    status: HTTPStatus
    code: str
    title: str
    detail: str


NOT_JSON = Row(HTTPStatus.BAD_REQUEST, "not-json", "Requête illisible", "Le corps de la requête n'est pas du JSON.")
ORIGIN_REJECTED = Row(
    HTTPStatus.FORBIDDEN, "origin-rejected", "Origine refusée", "Cette requête ne vient pas d'une page du service."
)
NOT_SIGNED = Row(
    HTTPStatus.FORBIDDEN, "not-signed", "Signature absente", "Cet appel n'est pas signé par un agent nommé."
)
NOT_FOUND = Row(HTTPStatus.NOT_FOUND, "not-found", "Introuvable", "Cette adresse n'existe pas.")
METHOD_NOT_ALLOWED = Row(
    HTTPStatus.METHOD_NOT_ALLOWED, "method-not-allowed", "Méthode refusée", "Cette adresse n'accepte pas cette méthode."
)
BODY_TOO_LARGE = Row(
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body-too-large", "Requête trop longue", "La requête dépasse 8 192 octets."
)
UNSUPPORTED_MEDIA_TYPE = Row(
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", "Format refusé", "Seul le format JSON est accepté."
)
INVALID_REQUEST = Row(
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "invalid-request",
    "Demande incomplète",
    "Une information manque ou est mal écrite.",
)
UNAVAILABLE = Row(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "unavailable",
    "Service momentanément indisponible",
    "Le service ne répond pas pour le moment. Réessayez dans quelques instants.",
)

ROWS: dict[type[DomainError], Row] = {
    FlowExpiredError: Row(
        HTTPStatus.UNAUTHORIZED, "flow-expired", "Code expiré", "Cette demande a expiré. Recommencez depuis le début."
    ),
    SessionExpiredError: Row(
        HTTPStatus.UNAUTHORIZED, "session-expired", "Session expirée", "Votre session a expiré. Connectez-vous."
    ),
    CredentialsRejectedError: Row(
        HTTPStatus.UNAUTHORIZED,
        "credentials-rejected",
        "Identifiants refusés",
        "L'identifiant ou le mot de passe est incorrect.",
    ),
    WrongStepError: Row(
        HTTPStatus.CONFLICT, "wrong-step", "Étape déjà franchie", "Cette action ne correspond pas à l'étape en cours."
    ),
    NotYourAccountError: Row(
        HTTPStatus.FORBIDDEN,
        "not-your-account",
        "Autre sorte de compte",
        "Cette action n'est pas possible avec ce compte.",
    ),
    ContactNotProvenError: Row(
        HTTPStatus.CONFLICT, "contact-not-proven", "Contact non vérifié", "Ce moyen de contact n'a pas été vérifié."
    ),
    OutdatedVersionError: Row(
        HTTPStatus.CONFLICT, "outdated-version", "Version dépassée", "Ce texte a changé. Lisez la version en vigueur."
    ),
    NotConfirmedError: Row(
        HTTPStatus.CONFLICT, "not-confirmed", "À confirmer", "Cette action demande une confirmation. Rien n'a été fait."
    ),
    CodeFormatError: INVALID_REQUEST,
    ContactRejectedError: INVALID_REQUEST,
    ContactUnchangedError: INVALID_REQUEST,
    CodeRejectedError: Row(
        HTTPStatus.UNPROCESSABLE_ENTITY, "code-rejected", "Code refusé", "Ce code est incorrect ou a expiré."
    ),
    PasswordRejectedError: Row(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "password-rejected",
        "Mot de passe refusé",
        "Ce mot de passe ne répond pas aux règles de sécurité.",
    ),
    TooManyCodesError: Row(
        HTTPStatus.TOO_MANY_REQUESTS, "too-many-codes", "Trop de codes demandés", "Vous avez demandé trop de codes."
    ),
    ResendTooEarlyError: Row(
        HTTPStatus.TOO_MANY_REQUESTS,
        "resend-too-early",
        "Demande trop rapprochée",
        "Un code vient d'être demandé. Attendez un instant avant d'en demander un autre.",
    ),
    FlowLockedError: Row(
        HTTPStatus.TOO_MANY_REQUESTS,
        "flow-locked",
        "Trop de codes incorrects",
        "Vous avez saisi trop de codes incorrects. Ce code ne peut plus être utilisé.",
    ),
    AccountLockedError: Row(
        HTTPStatus.TOO_MANY_REQUESTS,
        "account-locked",
        "Accès suspendu",
        "Trop d'essais incorrects. L'accès est suspendu pour un temps.",
    ),
    TooManyRequestsError: Row(
        HTTPStatus.TOO_MANY_REQUESTS,
        "too-many-requests",
        "Trop de demandes",
        "Trop de demandes viennent de votre réseau. Réessayez plus tard.",
    ),
    TooManyTodayError: Row(
        HTTPStatus.TOO_MANY_REQUESTS, "too-many-today", "Trop pour aujourd'hui", "C'était le dernier pour aujourd'hui."
    ),
    ImportRunningError: Row(
        HTTPStatus.TOO_MANY_REQUESTS,
        "import-running",
        "Envoi en cours",
        "Un fichier est déjà en cours de traitement. Attendez qu'il soit terminé.",
    ),
    NotFoundError: NOT_FOUND,
    AnswersRejectedError: INVALID_REQUEST,
    TooSoonError: INVALID_REQUEST,
    TooManyRequestsOpenError: Row(
        HTTPStatus.CONFLICT,
        "too-many-requests-open",
        "Trop de demandes en cours",
        "Vous avez 20 demandes en cours. Terminez-en une, ou retirez-la, avant d'en commencer une autre.",
    ),
    RightsNotDatedError: Row(
        HTTPStatus.CONFLICT,
        "rights-not-dated",
        "Début des droits inconnu",
        "Nous ne savons pas depuis quand vous avez des droits. Demandez à votre correspondant d'indiquer cette date "
        "au CNAS.",
    ),
    OwnCaseError: Row(
        HTTPStatus.FORBIDDEN, "own-case", "Votre propre dossier", "Un autre agent doit s'occuper de cette demande."
    ),
    RowRejectedError: INVALID_REQUEST,
    StaleError: UNAVAILABLE,
    BusyError: UNAVAILABLE,
    PersonNotFoundError: Row(
        HTTPStatus.NOT_FOUND,
        "person-not-found",
        "Personne inconnue",
        "Personne ne porte cet identifiant. Dites : je ne trouve pas cet identifiant, relisez-le-moi chiffre par "
        "chiffre, ou donnez-moi votre nom et votre structure.",
    ),
    PastActivationError: Row(
        HTTPStatus.CONFLICT,
        "past-activation",
        "Trop tard",
        "Le compte est déjà activé ou fermé : ce n'est plus possible.",
    ),
    NoCodeOutError: Row(
        HTTPStatus.CONFLICT,
        "no-code-out",
        "Aucun code en attente",
        "Le dossier n'a aucun code en attente. Dites : si votre compte est activé, connectez-vous ; si votre page "
        "demande un code, appuyez sur « Renvoyer le code » ; sinon, saisissez sur le site votre identifiant et votre "
        "nom.",
    ),
    NothingToLiftError: Row(
        HTTPStatus.CONFLICT,
        "nothing-to-lift",
        "Rien à lever",
        "Il n'y a aucun blocage de cette sorte à lever. Des demandes avec un autre nom ont pu être bloquées : "
        "avec le bon nom, la personne peut recommencer tout de suite.",
    ),
    NothingToConfirmError: Row(
        HTTPStatus.CONFLICT, "nothing-to-confirm", "Rien à confirmer", "Aucune demande d'un autre agent n'attend."
    ),
    NoArrivalsError: Row(
        HTTPStatus.CONFLICT,
        "no-arrivals",
        "Aucune entrée",
        "Aucune entrée de cet envoi n'attend : il n'en a pas, il n'est pas appliqué, il est annulé, ou un agent les a "
        "déjà fait entrer.",
    ),
    RequestNotFoundError: Row(
        HTTPStatus.NOT_FOUND,
        "request-not-found",
        "Demande inconnue",
        "Cette personne n'a envoyé aucune demande de ce numéro. Relisez avec elle l'identifiant et le numéro.",
    ),
    StructureNotFoundError: Row(
        HTTPStatus.NOT_FOUND, "structure-not-found", "Structure inconnue", "Aucune structure n'a ce code."
    ),
    ImportNotFoundError: Row(
        HTTPStatus.NOT_FOUND,
        "import-not-found",
        "Import inconnu",
        "Aucun import ne porte ce nom, ou il date de plus de 30 jours.",
    ),
    InvitationIncompleteError: Row(
        HTTPStatus.CONFLICT,
        "invitation-incomplete",
        "Invitation incomplète",
        "Le fichier de la structure ne donne pas l'adresse, le nom ou le prénom de ce correspondant : "
        "demandez-les, et dites-les.",
    ),
    NoSuchLinkError: Row(
        HTTPStatus.CONFLICT, "no-such-link", "Pas de lien", "Ce correspondant ne répond pas de cette structure."
    ),
    TooManyLinksError: Row(
        HTTPStatus.CONFLICT,
        "too-many-links",
        "Trop de correspondants",
        "Une structure a 10 correspondants au plus, et un correspondant 200 structures au plus.",
    ),
    SecondAgentNeededError: Row(
        HTTPStatus.CONFLICT,
        "second-agent-needed",
        "Un autre agent est nécessaire",
        "Il faut un autre agent : vous avez vous-même demandé ou décidé ce qui est à confirmer ou à reprendre.",
    ),
}


def problem(row: Row, *, faults: tuple[Fault, ...] = (), retry_at: int | None = None, **more: Any) -> Problem:
    """The problem of that row; members in `more` that are None are left out."""
    members = {name: value for name, value in more.items() if value is not None}
    return Problem(row.status, row.code, row.title, row.detail, faults, retry_at, more=members)


def unavailable(now: int) -> Problem:
    """The problem for a call whose service does not answer; it says when to try again."""
    return problem(UNAVAILABLE, retry_at=now + UNAVAILABLE_RETRY_SECONDS)


def problem_of(error: DomainError, now: int) -> Problem:
    """The problem for a refusal of the domain; `now` in epoch seconds."""
    if isinstance(error, StaleError | BusyError):
        return unavailable(now)
    retry_at = error.retry_at if isinstance(error, TimedRefusalError) else None
    return problem(ROWS[type(error)], faults=faults_of(error), retry_at=retry_at, **_members(error))


ON_FILE = "C'est déjà ce que dit le dossier : il n'y a rien à corriger."
NOTHING_CHANGES = "Rien n'a été changé."


def told_to_agents(refusal: Problem) -> Problem:
    """The problem in words for an agent: a wait ends with a time in mainland France, as no page counts it for them.

    A contact or name that is on file already is called the file's, not the agent's own.
    """
    faults = tuple(fault._replace(detail=ON_FILE) if fault.code == "unchanged" else fault for fault in refusal.faults)
    if faults != refusal.faults:
        return replace(refusal, faults=faults, detail=NOTHING_CHANGES)
    if refusal.status is not HTTPStatus.TOO_MANY_REQUESTS or refusal.retry_at is None:
        return refusal
    whole_minute = -(-refusal.retry_at // 60) * 60
    return replace(refusal, detail=f"{refusal.detail} Ce sera possible dès {paris_time(whole_minute)}.")


def invalid_request(errors: Iterable[Mapping[str, Any]]) -> Problem:
    """The problem for a body that its schema refuses, from pydantic's errors; the values sent are never repeated."""
    return problem(INVALID_REQUEST, faults=tuple(dict.fromkeys(map(schema_fault, errors))))


def _members(error: DomainError) -> dict[str, Any]:
    match error:
        case WrongStepError():
            return {"next_step": error.next_step.value}
        case CodeRejectedError() | CredentialsRejectedError():
            return {"attempts_left": error.attempts_left}
        case OutdatedVersionError():
            return {"current_version": error.current}
        case _:
            return {}
