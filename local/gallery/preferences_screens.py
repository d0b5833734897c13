"""S4 to S6: consent, channel of later codes, terms of use."""

from local.gallery.acts import Choose, Fill, Press, Unfold
from local.gallery.fake_api import code_out, problem
from local.gallery.form import Form
from local.gallery.screen import Reply, Screen
from local.gallery.states import (
    accepting,
    accepting_anew,
    blocked_until,
    choosing,
    choosing_by_mobile,
    consenting,
    expired,
    verifying_mail,
    verifying_mobile,
)

_CONSENT, _CHANNEL, _TERMS = "/preferences/consentement", "/preferences/canal", "/preferences/conditions"
_ENDED = problem(401, "session-expired")
_IDLE = "Vous n'avez pas utilisé votre compte pendant 30 minutes."
_SIGNED_OUT = "Vous êtes déconnecté(e)."
_OUTDATED = problem(409, "outdated-version", current_version="2")

_S4 = Form("S4", _CONSENT, consenting, (Choose("consentement-oui"), Press("Vérifier")), ("PUT", "/api/account/consent"))

CONSENT_SCREENS = [
    Screen("S4", _CONSENT, consenting, shows="Votre choix n'a aucune conséquence sur vos droits."),
    Screen("S4, version facile à lire", _CONSENT, consenting, (Unfold(),), shows="Une prestation est une aide"),
    Screen("S4, aucun choix", _CONSENT, consenting, (Press("Vérifier"),), shows="Choisissez « Je consens » ou"),
    _S4.refused("texte remplacé", _OUTDATED, "Ce texte vient de changer."),
    Screen("S4, session expirée", _CONSENT, expired(consenting), shows=_IDLE),
    _S4.refused("déconnecté ailleurs", _ENDED, _SIGNED_OUT),
    *_S4.failures(),
]

_CALL = ("PUT", "/api/account/code-channel")
_S5 = Form("S5", _CHANNEL, choosing, (Choose("canal-sms"), Press("Vérifier")), _CALL)
_S5_MOBILE = Form(
    "S5", _CHANNEL, choosing, (Fill("mobile", "0140000001"), Choose("canal-sms"), Press("Vérifier")), _CALL
)

CHANNEL_SCREENS = [
    Screen("S5", _CHANNEL, choosing, shows="Nous vous invitons à choisir en priorité"),
    Screen("S5, adresse choisie", _CHANNEL, choosing, (Choose("canal-email"),), shows="pas encore vérifié"),
    Screen("S5, sans adresse email", _CHANNEL, choosing_by_mobile, shows="Téléphone mobile*"),
    Screen(
        "S5, aucun choix",
        _CHANNEL,
        choosing,
        (Fill("email", ""), Press("Vérifier")),
        shows="Choisissez la réception par email ou par téléphone mobile",
    ),
    Screen(
        "S5, adresse mal écrite",
        _CHANNEL,
        choosing,
        (Fill("email", "x"), Choose("canal-email"), Press("Vérifier")),
        shows="Saisissez une adresse email au bon format, par exemple nom@exemple.fr",
    ),
    Screen(
        "S5, domaine mal écrit",
        _CHANNEL,
        choosing,
        (Fill("email", "louis@gmial.com"), Choose("canal-email")),
        shows="Vouliez-vous dire gmail.com",
    ),
    Screen(
        "S5, mobile absent",
        _CHANNEL,
        choosing,
        (Fill("mobile", ""), Choose("canal-sms"), Press("Vérifier")),
        shows="Saisissez un numéro de téléphone mobile, par exemple 06 12 34 56 78",
    ),
    _S5_MOBILE.refused(
        "pas un mobile", problem(422, "invalid-request", ("mobile", "not-a-mobile")), "Ce numéro n'est pas un mobile"
    ),
    Screen("S5, session expirée", _CHANNEL, expired(choosing), shows=_IDLE),
    _S5.refused("déconnecté ailleurs", _ENDED, _SIGNED_OUT),
    *_S5.failures(),
]

_VERIFICATION = f"{_CHANNEL}/code"
_S5B = Form(
    "S5b",
    _VERIFICATION,
    verifying_mobile,
    (Fill("code", "123456"), Press("Vérifier le code")),
    ("POST", "/api/account/contact/verification"),
)
_S5B_AGAIN = Form(
    "S5b renvoi", _VERIFICATION, verifying_mobile, (Press("Renvoyer le code"),), ("POST", "/api/account/contact/code")
)


def _sent_again() -> Reply:
    return {"next_step": "verify_contact", "code": code_out(minutes=10)}


VERIFICATION_SCREENS = [
    Screen("S5b", _VERIFICATION, verifying_mobile, (Unfold(),), shows="Vérifiez votre téléphone"),
    Screen("S5b, adresse email", _VERIFICATION, verifying_mail, shows="Vérifiez votre adresse email"),
    Screen(
        "S5b, rien de saisi", _VERIFICATION, verifying_mobile, (Press("Vérifier le code"),), shows="Saisissez le code"
    ),
    _S5B.refused("code incorrect", problem(422, "code-rejected", attempts_left=2), "Il vous reste 2 tentatives."),
    _S5B.refused("expiré", problem(401, "flow-expired"), "Ce code a expiré."),
    _S5B.refused("trop de codes incorrects", lambda: blocked_until("flow-locked"), "Demandez un nouveau code"),
    *_S5B.failures(),
    _S5B_AGAIN.refused("envoyé", _sent_again, "Un nouveau code vient d'être envoyé."),
    _S5B_AGAIN.refused("trop tôt", lambda: blocked_until("resend-too-early", seconds=42), "Vous pourrez demander"),
]

_S6 = Form("S6", _TERMS, accepting, (Choose("cgu"), Press("Continuer")), ("PUT", "/api/account/terms"))

TERMS_SCREENS = [
    Screen("S6", _TERMS, accepting, shows="Télécharger les CGU (PDF,"),
    Screen("S6, nouvelle version", _TERMS, accepting_anew, shows="Nos conditions générales d'utilisation ont changé"),
    Screen("S6, non coché", _TERMS, accepting, (Press("Continuer"),), shows="Cochez « J'ai consulté et j'accepte"),
    _S6.refused("texte remplacé", _OUTDATED, "Ce texte vient de changer."),
    Screen("S6, session expirée", _TERMS, expired(accepting), shows=_IDLE),
    _S6.refused("déconnecté ailleurs", _ENDED, _SIGNED_OUT),
    *_S6.failures(),
]
