"""S1 to S3: the three steps of the activation."""

from local.gallery.acts import Act, Fill, Press, Unfold
from local.gallery.fake_api import anonymous, code_out, problem, signed_in
from local.gallery.form import Form
from local.gallery.screen import Reply, Screen
from local.gallery.states import (
    GOOD_PASSWORD,
    RETRY_LATER,
    blocked_until,
    locked,
    network_blocked,
    proven,
    unavailable,
    verifying,
)

_START, _CODE, _PASSWORD = "/activation", "/activation/code", "/activation/mot-de-passe"
_NO_CODE = "Nous ne pouvons pas envoyer de code pour le moment."
_EXAMPLE = "ne contient que des chiffres, par exemple 10000001"

_S1 = Form(
    "S1",
    _START,
    anonymous,
    (Fill("identifiant", "10000001"), Fill("nom", "Garcia"), Press("Continuer")),
    ("POST", "/api/activation"),
)

STEP_1 = [
    Screen("S1", _START, acts=(Unfold(),), shows="Vos informations de connexion"),
    Screen("S1, rien de saisi", _START, acts=(Press("Continuer"),), shows="Saisissez votre nom de famille"),
    Screen("S1, lettres", _START, acts=(Fill("identifiant", "abc"), Press("Continuer")), shows=_EXAMPLE),
    _S1.refused("refusé par le service", problem(422, "invalid-request", ("identifier", "invalid")), _EXAMPLE),
    _S1.refused("pas de code possible", unavailable, _NO_CODE),
    _S1.refused("réseau bloqué", network_blocked, RETRY_LATER),
    _S1.refused("personne bloquée", lambda: blocked_until("account-locked", minutes=40), "Vous pourrez en demander un"),
    *_S1.failures(),
    Screen("S1, déjà activé", _START, signed_in, shows="Votre compte est déjà activé."),
]

_S2 = Form(
    "S2",
    _CODE,
    verifying("activation"),
    (Fill("code", "123456"), Press("Vérifier le code")),
    ("POST", "/api/activation/verification"),
)
_S2_AGAIN = Form(
    "S2 renvoi", _CODE, verifying("activation"), (Press("Renvoyer le code"),), ("POST", "/api/activation/code")
)


def _sent_again() -> Reply:
    return {"next_step": "verify_code", "code": code_out()}


STEP_2 = [
    Screen("S2", _CODE, verifying("activation"), (Unfold(),), shows="Si ces informations correspondent"),
    Screen("S2, 8 chiffres", _CODE, verifying("activation", length=8), shows="8 chiffres, par exemple 41097373"),
    Screen(
        "S2, rien de saisi",
        _CODE,
        verifying("activation"),
        (Press("Vérifier le code"),),
        shows="Saisissez le code de sécurité",
    ),
    Screen(
        "S2, 5 chiffres",
        _CODE,
        verifying("activation"),
        (Fill("code", "12345"), Press("Vérifier le code")),
        shows="Le code de sécurité comporte 6 chiffres, par exemple 097373",
    ),
    _S2.refused("code incorrect", problem(422, "code-rejected", attempts_left=2), "Il vous reste 2 tentatives."),
    _S2.refused("dernière tentative", problem(422, "code-rejected", attempts_left=1), "Il vous reste une tentative."),
    _S2.refused("expiré", problem(401, "flow-expired"), "Ce code a expiré."),
    _S2.refused("trop de codes incorrects", lambda: blocked_until("flow-locked"), "ce code ne peut plus être utilisé"),
    Screen("S2, bloqué jusqu'à", _CODE, locked("activation"), shows="Vous pourrez en demander un"),
    Screen("S2, réussite", _CODE, proven("activation"), shows="L'authentification est réussie"),
    *_S2.failures(),
    _S2_AGAIN.refused("envoyé", _sent_again, "Un nouveau code vient d'être envoyé."),
    _S2_AGAIN.refused(
        "trop tôt", lambda: blocked_until("resend-too-early", seconds=42), "Vous pourrez demander un nouveau code dans"
    ),
    _S2_AGAIN.refused(
        "trop de codes", lambda: blocked_until("too-many-codes", minutes=9), "Vérifiez d'abord vos spams."
    ),
    _S2_AGAIN.refused("pas de code possible", unavailable, _NO_CODE),
    *_S2_AGAIN.failures(),
]


def _typed(password: str, confirmation: str | None = None) -> tuple[Act, ...]:
    return (Fill("mot_de_passe", password), Fill("confirmation", confirmation or password))


def _soon_refused(state: str, password: str, shows: str, confirmation: str | None = None) -> Screen:
    acts = (*_typed(password, confirmation), Press("Soumettre"))
    return Screen(f"S3, {state}", _PASSWORD, proven("activation"), acts, shows=shows)


_S3 = Form(
    "S3",
    _PASSWORD,
    proven("activation"),
    (*_typed(GOOD_PASSWORD), Press("Soumettre")),
    ("POST", "/api/activation/password"),
)

STEP_3 = [
    Screen("S3", _PASSWORD, proven("activation"), shows="Au moins 12 caractères"),
    Screen("S3, version facile à lire", _PASSWORD, proven("activation"), (Unfold(),), shows="Ne le donnez à personne"),
    Screen(
        "S3, rien de saisi",
        _PASSWORD,
        proven("activation"),
        (Press("Soumettre"),),
        shows="Saisissez la confirmation du mot de passe",
    ),
    Screen(
        "S3, en cours de saisie",
        _PASSWORD,
        proven("activation"),
        (*_typed("Girafe-", "Girafe"), Press("Afficher le mot de passe")),
        shows="Concordance des mots de passe : Non",
    ),
    Screen(
        "S3, règles respectées",
        _PASSWORD,
        proven("activation"),
        _typed(GOOD_PASSWORD),
        shows="Concordance des mots de passe : Oui",
    ),
    _soon_refused("trop court", "Girafe-1987", "Le mot de passe doit comporter au moins 12 caractères"),
    _soon_refused("trop long", "Girafe-1987-" * 22, "256 caractères au maximum"),
    _soon_refused("trop peu de types", "girafebrumeuse", "au moins 3 types de caractères : chiffre, minuscule"),
    _soon_refused("différents", GOOD_PASSWORD, "Les deux mots de passe ne sont pas identiques", "Girafe"),
    _S3.refused(
        "trop courant",
        problem(422, "password-rejected", ("password", "too-common")),
        "Ce mot de passe est trop courant.",
    ),
    _S3.refused("expiré", problem(401, "flow-expired"), "Le temps prévu est passé"),
    _S3.refused("déjà activé", problem(409, "wrong-step", next_step="sign_in"), "Votre compte est déjà activé."),
    *_S3.failures(),
]
