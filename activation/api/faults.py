"""The faults of single fields of a request: a stable code for the pages, a French sentence that says what to do."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from activation.domain.errors import ContactUnchangedError, DomainError, RowRejectedError, TooSoonError
from activation.domain.passwords import PasswordFault, PasswordRejectedError
from activation.domain.requests.kinds import AnswersRejectedError, FieldFault
from activation.domain.times import french_day

_CODES = {"missing": "missing", "string_too_short": "missing", "string_too_long": "too-long"}
"""Our code for each of pydantic's; `invalid` for any other."""

DETAILS = {
    ("identifier", "missing"): "Saisissez votre identifiant de connexion.",
    ("identifier", "invalid"): "L'identifiant de connexion ne contient que des chiffres, par exemple 10000001.",
    ("last_name", "invalid"): "Saisissez votre nom de famille.",
    ("last_name", "unreadable"): "Une lettre de votre nom n'est pas lisible (\ufffd). Saisissez-le au clavier.",
    ("code", "missing"): "Saisissez le code de sécurité.",
    ("code", "invalid"): "Le code de sécurité comporte 6 ou 8 chiffres, par exemple 097373.",
    ("password", "invalid"): "Saisissez un mot de passe.",
    ("password", "too-short"): "Le mot de passe doit comporter au moins 12 caractères.",
    ("password", "too-long"): "Le mot de passe doit comporter 256 caractères au maximum.",
    ("password", "too-few-kinds"): (
        "Le mot de passe doit comporter au moins 3 types de caractères :"
        " chiffre, minuscule, majuscule, caractère spécial (par exemple @ ou #)."
    ),
    ("password", "too-common"): (
        "Ce mot de passe est trop courant. Choisissez-en un autre, par exemple plusieurs mots sans lien entre eux."
    ),
    ("password", "unchanged"): "C'est déjà votre mot de passe actuel.",
    ("confirmation", "invalid"): "Saisissez la confirmation du mot de passe.",
    ("confirmation", "mismatch"): "Les deux mots de passe ne sont pas identiques.",
    ("current", "invalid"): "Saisissez votre mot de passe actuel.",
    ("consents", "invalid"): "Choisissez « Je consens » ou « Je ne consens pas ».",
    ("channel", "invalid"): "Choisissez la réception par email ou par téléphone mobile.",
    ("email", "invalid"): "Saisissez une adresse email au bon format, par exemple nom@exemple.fr.",
    ("email", "several"): "Saisissez une seule adresse email.",
    ("email", "unchanged"): "Vous utilisez déjà cette adresse.",
    ("mobile", "invalid"): "Saisissez un numéro de téléphone mobile, par exemple 06 12 34 56 78.",
    ("mobile", "several"): "Saisissez un seul numéro.",
    ("mobile", "not-a-mobile"): "Ce numéro n'est pas un mobile : il ne peut pas recevoir de SMS.",
    ("mobile", "not-served"): "Nous ne pouvons pas envoyer de SMS dans ce territoire. Utilisez une adresse email.",
    ("mobile", "unchanged"): "Vous utilisez déjà ce numéro.",
    ("file", "missing"): "Le fichier est vide. Choisissez celui qui contient vos bénéficiaires.",
    ("reason", "invalid"): "Écrivez un motif de 3 à 200 caractères, sur une seule ligne.",
}
"""The French sentence for a field and a code; a code without its own takes the field's sentence for `invalid`."""


class Fault(NamedTuple):
    """One thing wrong with the request; `pointer` is a JSON pointer (RFC 6901) into the body."""

    pointer: str
    code: str
    detail: str


def schema_fault(error: Mapping[str, Any]) -> Fault:
    """The fault for one of pydantic's errors; the value that was sent is never repeated."""
    if error["type"] == "extra_forbidden":
        return Fault("#", "unknown-field", "Une information n'est pas attendue ici.")
    refusal = error.get("ctx", {}).get("error")
    code = getattr(refusal, "reason", None) or _CODES.get(error["type"], "invalid")
    return field_fault("/".join(str(part) for part in error["loc"][1:]), str(code))


def faults_of(error: DomainError) -> tuple[Fault, ...]:
    """The faults of single fields in a refusal; empty for a refusal that concerns no field."""
    match error:
        case PasswordRejectedError():
            return tuple(map(_password_fault, error.faults))
        case AnswersRejectedError():
            return tuple(_answer_fault(fault) for fault in error.faults)
        case TooSoonError():
            return (Fault("#/before", "too-soon", f"Choisissez au plus tôt {french_day(error.earliest)}."),)
        case ContactUnchangedError():
            return (field_fault(error.field, "unchanged"),)
        case RowRejectedError():
            return tuple(Fault(f"#/{name}", "invalid", reason) for name, reason in error.reasons.items())
        case _:
            return ()


def field_fault(name: str, code: str) -> Fault:
    """The fault of one field; an empty name means the body as a whole."""
    detail = DETAILS.get((name, code)) or DETAILS.get((name, "invalid"))
    return Fault(f"#/{name}" if name else "#", code, detail or "Cette information manque ou est mal écrite.")


_ANSWERS = {
    "missing": "Répondez à cette question.",
    "unknown": "Cette réponse n'est pas attendue ici.",
    "format": "Cette réponse est mal écrite.",
    "too-small": "Cette réponse est trop courte, trop petite, ou trop ancienne.",
    "too-large": "Cette réponse est trop longue, trop grande, ou à venir.",
    "not-sent": "Dans ce cas, rien n'est envoyé : lisez ce qu'il faut faire.",
}


_BESIDE_ANSWERS = ("kind", "words")
"""The members of a body that are no answers to fields."""


def _answer_fault(fault: FieldFault) -> Fault:
    pointer = f"#/{fault.field}" if fault.field in _BESIDE_ANSWERS else f"#/fields/{fault.field}"
    return Fault(pointer, fault.reason, _ANSWERS[fault.reason])


def _password_fault(fault: PasswordFault) -> Fault:
    return field_fault("confirmation" if fault is PasswordFault.MISMATCH else "password", fault.value)
