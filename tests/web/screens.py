"""Every screen in its main states, as data: where it is, what the API says, what the visitor does there."""

from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Page

from tests.web.fake_api import (
    CONSENT,
    CONTACTS,
    TERMS,
    Body,
    account,
    anonymous,
    code_out,
    in_flow,
    problem,
    signed_in,
    time_in,
)

Act = Callable[[Page], None]
Replies = dict[tuple[str, str], Body | tuple[int, Body]]

GOOD_PASSWORD = "Girafe-Brumeuse-1987-quai"
MASKED_MAIL = "à l'adresse l•••@m•••.com"
MASKED_NUMBER = "au numéro se terminant par 78"


@dataclass(frozen=True)
class Screen:
    """A screen in one state. `where` is a function, so that its times are those of the test."""

    name: str
    path: str
    where: Callable[[], Body] = anonymous
    acts: tuple[Act, ...] = ()
    replies: Replies = field(default_factory=dict)

    @property
    def home(self) -> Body | None:
        """What `GET /api/account` answers, if there is a session."""
        return account() if self.where()["who"] == "session" else None


def fill(field: str, text: str) -> Act:
    """Type into the field of that id."""
    return lambda page: page.locator(f"#{field}").fill(text)


def choose(field: str) -> Act:
    """Tick the radio button or the box of that id."""
    return lambda page: page.locator(f"#{field}").check()


def press(name: str) -> Act:
    """Press a button."""
    return lambda page: page.get_by_role("button", name=name, exact=True).click()


def unfold(page: Page) -> None:
    """Open every part that unfolds."""
    page.evaluate("for (const part of document.querySelectorAll('main details')) part.open = true")


def _await_dialog(page: Page) -> None:
    page.get_by_role("alertdialog").wait_for()


def _verifying(purpose: str, *, length: int = 6) -> Callable[[], Body]:
    return lambda: in_flow(purpose, "verify_code", code=code_out(length=length))


def _proven(purpose: str) -> Callable[[], Body]:
    return lambda: in_flow(purpose, "set_password")


def _consenting() -> Body:
    return signed_in("give_consent", consent=CONSENT)


def _choosing() -> Body:
    return signed_in("choose_channel", contacts=CONTACTS)


def _proving() -> Body:
    return signed_in("verify_contact", purpose="contact", code=code_out(minutes=10), destination=MASKED_NUMBER)


def _accepting() -> Body:
    return signed_in("accept_terms", terms=TERMS)


def _accepting_anew() -> Body:
    return signed_in("accept_terms", terms={**TERMS, "replaces": "0"})


def _changing() -> Body:
    waiting = {"code": code_out(minutes=10), "destination": MASKED_NUMBER}
    return signed_in(contact_change=waiting)


def _signing_in() -> Body:
    both = {"proven": ["email", "sms"]}
    return in_flow("sign_in", "verify_code", code=code_out(minutes=10), destination=MASKED_MAIL, contacts=both)


_WRONG_CODE = problem(422, "code-rejected", attempts_left=2)
_TOO_COMMON = problem(422, "password-rejected", ("password", "too-common"))

STEPS = [
    Screen("start page", "/"),
    Screen("S0", "/connexion"),
    Screen("S0, nothing typed", "/connexion", acts=(press("Me connecter"),)),
    Screen(
        "S0, wrong password",
        "/connexion",
        acts=(fill("identifiant", "10000001"), fill("mot_de_passe", "x"), press("Me connecter")),
        replies={("POST", "/api/session"): problem(401, "credentials-rejected", attempts_left=1)},
    ),
    Screen("S1", "/activation", acts=(unfold,)),
    Screen("S1, nothing typed", "/activation", acts=(press("Continuer"),)),
    Screen("S1, letters", "/activation", acts=(fill("identifiant", "abc"), press("Continuer"))),
    Screen("S2", "/activation/code", _verifying("activation"), (unfold,)),
    Screen("S2, 8 digits", "/activation/code", _verifying("activation", length=8)),
    Screen("S2, nothing typed", "/activation/code", _verifying("activation"), (press("Vérifier le code"),)),
    Screen(
        "S2, wrong code",
        "/activation/code",
        _verifying("activation"),
        (fill("code", "123456"), press("Vérifier le code")),
        {("POST", "/api/activation/verification"): _WRONG_CODE},
    ),
    Screen(
        "S2, sent again",
        "/activation/code",
        _verifying("activation"),
        (press("Renvoyer le code"),),
        {("POST", "/api/activation/code"): {"next_step": "verify_code", "code": code_out()}},
    ),
    Screen("S2, success", "/activation/code", _proven("activation")),
    Screen("S2, expired", "/activation/code"),
    Screen("S3", "/activation/mot-de-passe", _proven("activation")),
    Screen("S3, nothing typed", "/activation/mot-de-passe", _proven("activation"), (press("Soumettre"),)),
    Screen(
        "S3, typing",
        "/activation/mot-de-passe",
        _proven("activation"),
        (fill("mot_de_passe", "Girafe-"), fill("confirmation", "Girafe"), press("Afficher le mot de passe")),
    ),
    Screen(
        "S3, too common",
        "/activation/mot-de-passe",
        _proven("activation"),
        (fill("mot_de_passe", "Azerty123456"), fill("confirmation", "Azerty123456"), press("Soumettre")),
        {("POST", "/api/activation/password"): _TOO_COMMON},
    ),
    Screen("S3, expired", "/activation/mot-de-passe"),
    Screen("S4", "/preferences/consentement", _consenting),
    Screen("S4, no choice", "/preferences/consentement", _consenting, (press("Vérifier"),)),
    Screen("S5", "/preferences/canal", _choosing),
    Screen("S5, no choice", "/preferences/canal", _choosing, (fill("email", "x"), press("Vérifier"))),
    Screen(
        "S5, no mobile",
        "/preferences/canal",
        _choosing,
        (fill("mobile", "0140000001"), choose("canal-sms"), press("Vérifier")),
        {("PUT", "/api/account/code-channel"): problem(422, "invalid-request", ("mobile", "not-a-mobile"))},
    ),
    Screen("S5b", "/preferences/canal/code", _proving, (unfold,)),
    Screen("S6", "/preferences/conditions", _accepting),
    Screen("S6, changed", "/preferences/conditions", _accepting_anew),
    Screen("S6, not ticked", "/preferences/conditions", _accepting, (press("Continuer"),)),
    Screen("S8", "/connexion/code", _signing_in, (unfold,)),
    Screen("S9", "/mot-de-passe-oublie"),
    Screen("S9, code", "/mot-de-passe-oublie/code", _verifying("password_reset")),
    Screen("S9, password", "/mot-de-passe-oublie/mot-de-passe", _proven("password_reset")),
]

_DEBT = (fill("charges", "650"), fill("revenus", "2 100"), press("Calculer"))
_BUDGET = (
    fill("amount-1-1", "2 100"),
    fill("amount-3-1", "650"),
    fill("amount-5-1", "400,50"),
    press("Calculer"),
)
_LOAN = (
    fill("montant", "100 000"),
    fill("taux", "3,5"),
    fill("duree", "20"),
    press("Calculer"),
)

_OWN = "/compte/informations-personnelles"

ACCOUNT = [
    Screen("S7", "/compte", signed_in),
    Screen("S7, session about to end", "/compte", lambda: signed_in(minutes=4.5), (_await_dialog,)),
    Screen("S12, mail", f"{_OWN}/email", signed_in),
    Screen("S12, nothing typed", f"{_OWN}/email", signed_in, (press("Recevoir un code"),)),
    Screen(
        "S12, wrong password",
        f"{_OWN}/mobile",
        signed_in,
        (fill("mobile", "06 98 76 54 32"), fill("mot_de_passe", "x"), press("Recevoir un code")),
        {("PUT", "/api/account/mobile"): problem(401, "credentials-rejected", attempts_left=1)},
    ),
    Screen(
        "S12, same address",
        f"{_OWN}/email",
        signed_in,
        (fill("email", "louis.garcia@mondomaine.com"), fill("mot_de_passe", "x"), press("Recevoir un code")),
        {("PUT", "/api/account/email"): problem(422, "invalid-request", ("email", "unchanged"))},
    ),
    Screen("S12, code", f"{_OWN}/code", _changing, (unfold,)),
    Screen("password change", f"{_OWN}/mot-de-passe", signed_in),
    Screen(
        "password change, wrong password",
        f"{_OWN}/mot-de-passe",
        signed_in,
        (
            fill("actuel", "x"),
            fill("mot_de_passe", GOOD_PASSWORD),
            fill("confirmation", GOOD_PASSWORD),
            press("Soumettre"),
        ),
        {("PUT", "/api/account/password"): problem(401, "credentials-rejected")},
    ),
    Screen("history", f"{_OWN}/historique", signed_in),
    Screen("S13", _OWN, signed_in, (unfold,)),
    Screen("S13, no choice", _OWN, signed_in, (press("Valider mon choix"),)),
    *(
        Screen(f"account: {slug}", f"/compte/{slug}", signed_in)
        for slug in (
            "correspondant",
            "demander-une-prestation",
            "attestation-de-droits",
            "reclamation",
            "attestation-de-non-versement",
            "suivi",
        )
    ),
    Screen("budget", "/compte/budget", signed_in, _BUDGET),
    Screen("budget, no amount", "/compte/budget", signed_in, (fill("amount-1-1", "beaucoup"), press("Calculer"))),
    Screen("debt ratio", "/compte/taux-d-endettement", signed_in, _DEBT),
    Screen("loan", "/compte/calculatrice-d-emprunt", signed_in, _LOAN),
    Screen("loan, nothing typed", "/compte/calculatrice-d-emprunt", signed_in, (press("Calculer"),)),
]

STATIC = [
    Screen(path, path)
    for path in (
        "/blocage/codes-incorrects",
        "/blocage/trop-de-codes",
        "/blocage/mots-de-passe-incorrects",
        "/blocage/reseau",
        "/session-expiree",
        "/deconnexion",
        "/activation/deja-active",
        "/cookies-refuses",
        "/nulle-part",
        "/probleme",
        "/indisponible",
        "/conditions-generales",
        "/cookies",
        "/contact",
        "/mentions-legales",
        "/donnees-personnelles",
        "/accessibilite",
        "/plan-du-site",
    )
]

ALL = [*STEPS, *ACCOUNT, *STATIC]


def blocked_until(code: str, **delta: float) -> tuple[int, Body]:
    """A refusal that ends by itself."""
    return problem(429, code, retry_at=time_in(**delta))
