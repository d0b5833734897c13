"""The start page, S0 (signing in), S8 (its code), S9 (a forgotten password)."""

from local.gallery.acts import Choose, Fill, Press, Unfold
from local.gallery.fake_api import anonymous, code_out, problem
from local.gallery.form import Form
from local.gallery.screen import Screen
from local.gallery.states import (
    GOOD_PASSWORD,
    RETRY_LATER,
    RETRY_THEN,
    account_locked,
    blocked_until,
    network_blocked,
    proven,
    signing_in,
    signing_in_by_mobile,
    unavailable,
    verifying,
)

_S0 = Form(
    "S0",
    "/connexion",
    anonymous,
    (Fill("identifiant", "10000001"), Fill("mot_de_passe", "x"), Press("Me connecter")),
    ("POST", "/api/session"),
)
_REJECTED = "L'identifiant ou le mot de passe est incorrect."

SIGN_IN = [
    Screen("Accueil du site", "/", shows="Les 3 étapes pour activer"),
    Screen("S0", "/connexion", shows="1re connexion : créez votre compte en ligne"),
    Screen("S0, rien de saisi", "/connexion", acts=(Press("Me connecter"),), shows="Saisissez votre mot de passe"),
    Screen(
        "S0, lettres dans l'identifiant",
        "/connexion",
        acts=(Fill("identifiant", "abc"), Fill("mot_de_passe", "x"), Press("Me connecter")),
        shows="ne contient que des chiffres, par exemple 10000001",
    ),
    Screen(
        "S0, correspondant",
        "/connexion",
        acts=(Choose("correspondant"), Fill("identifiant", "C 4021"), Fill("mot_de_passe", "x"), Press("Me connecter")),
        shows="la lettre C et 8 chiffres, par exemple C40218866",
    ),
    Screen(
        "S0, mot de passe affiché",
        "/connexion",
        acts=(Fill("mot_de_passe", "Tournesol"), Press("Afficher le mot de passe")),
        shows="Masquer",
    ),
    _S0.refused("mot de passe incorrect", problem(401, "credentials-rejected"), _REJECTED),
    _S0.refused(
        "dernière tentative",
        problem(401, "credentials-rejected", attempts_left=1),
        "Il vous reste une tentative.",
    ),
    _S0.refused("trop de mots de passe incorrects", account_locked, RETRY_THEN),
    _S0.refused("réseau bloqué", network_blocked, RETRY_LATER),
    _S0.refused("pas de code possible", unavailable, "Nous ne pouvons pas envoyer de code pour le moment."),
    *_S0.failures(),
]

_S8 = Form(
    "S8",
    "/connexion/code",
    signing_in,
    (Fill("code", "123456"), Press("Vérifier le code")),
    ("POST", "/api/session/verification"),
)
_S8_AGAIN = Form("S8", "/connexion/code", signing_in, (Press("Renvoyer le code"),), ("POST", "/api/session/code"))

SIGN_IN_CODE = [
    Screen("S8", "/connexion/code", signing_in, (Unfold(),), shows="Recevoir le code autrement"),
    Screen("S8, par SMS", "/connexion/code", signing_in_by_mobile, shows="au numéro se terminant par 78"),
    Screen("S8, rien de saisi", "/connexion/code", signing_in, (Press("Vérifier le code"),), shows="Saisissez le code"),
    _S8.refused("code incorrect", problem(422, "code-rejected", attempts_left=2), "Il vous reste 2 tentatives."),
    _S8.refused("expiré", problem(401, "flow-expired"), "Ce code a expiré."),
    _S8.refused("trop de codes incorrects", lambda: blocked_until("flow-locked"), "Demandez un nouveau code"),
    _S8_AGAIN.refused("renvoyé", lambda: {"next_step": "verify_code", "code": code_out()}, "Un nouveau code vient"),
    _S8_AGAIN.refused(
        "trop de codes", lambda: blocked_until("too-many-codes", minutes=9), "Vérifiez d'abord vos spams."
    ),
    *_S8.failures(),
]

_RESET = "/mot-de-passe-oublie"
_S9 = Form(
    "S9",
    _RESET,
    anonymous,
    (Fill("identifiant", "10000001"), Fill("nom", "Garcia"), Press("Continuer")),
    ("POST", "/api/password-reset"),
)
_S9_CODE = Form(
    "S9 code",
    f"{_RESET}/code",
    verifying("password_reset"),
    (Fill("code", "123456"), Press("Vérifier le code")),
    ("POST", "/api/password-reset/verification"),
)
_S9_PASSWORD = Form(
    "S9 mot de passe",
    f"{_RESET}/mot-de-passe",
    proven("password_reset"),
    (Fill("mot_de_passe", GOOD_PASSWORD), Fill("confirmation", GOOD_PASSWORD), Press("Soumettre")),
    ("POST", "/api/password-reset/password"),
)

RESET = [
    Screen("S9", _RESET, acts=(Unfold(),), shows="Réinitialiser votre mot de passe"),
    Screen(
        "S9, correspondant",
        _RESET,
        acts=(Choose("correspondant"), Unfold()),
        shows="Il est dans l'invitation que le CNAS vous a envoyée.",
    ),
    Screen("S9, rien de saisi", _RESET, acts=(Press("Continuer"),), shows="Saisissez votre nom de famille"),
    _S9.refused("réseau bloqué", network_blocked, RETRY_LATER),
    *_S9.failures(),
    Screen("S9 code", f"{_RESET}/code", verifying("password_reset"), shows="Saisissez le code de réinitialisation"),
    _S9_CODE.refused("code incorrect", problem(422, "code-rejected"), "Ce code est incorrect ou a expiré."),
    Screen("S9 code, réussite", f"{_RESET}/code", proven("password_reset"), shows="L'authentification est réussie"),
    _S9_CODE.refused("expiré", problem(401, "flow-expired"), "Ce code a expiré."),
    *_S9_CODE.failures(),
    Screen(
        "S9 mot de passe",
        f"{_RESET}/mot-de-passe",
        proven("password_reset"),
        shows="Choisissez un nouveau mot de passe",
    ),
    _S9_PASSWORD.refused(
        "inchangé",
        problem(422, "password-rejected", ("password", "unchanged")),
        "C'est déjà votre mot de passe actuel",
    ),
    _S9_PASSWORD.refused("modifié", {"next_step": "sign_in"}, "Votre mot de passe a été modifié. Connectez-vous."),
    _S9_PASSWORD.refused("expiré", problem(401, "flow-expired"), "Le temps prévu est passé"),
    *_S9_PASSWORD.failures(),
]
