"""The French mails and SMS."""

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activation.domain.contacts import Channel, Contact
from activation.domain.flows import Purpose
from activation.domain.limits import THROTTLE_LOCK_SECONDS
from activation.domain.requests.notices import BY_SMS_TOO
from activation.messages import Kind, Mail, render_mail, render_sms
from activation.messages.gsm7 import ALPHABET, to_gsm7
from tests.builders import MAIL, MOBILE

HOST = "compte.exemple.fr"
LONGEST_HOST = "compte-en-ligne.beneficiaires.exemple.fr"
AT = "le 24/11 à 10 h 32"
ASKED = 1_795_512_720
"""That moment."""
NOTICE = {
    "at": ASKED,
    "destination": None,
    "helper": "votre correspondant CNAS",
    "identifier": "C40218866",
    "structure": "Mairie de Mondomaine",
    "number": "482 037 615",
    "counts": "3 modifications, 1 sortie, 2 entrées à confirmer",
}
MASKED = {MAIL: "à l'adresse l•••@m•••.com", MOBILE: "au numéro se terminant par 78"}
DESTINATIONS = {Kind.EMAIL_CHANGED: [MAIL], Kind.MOBILE_CHANGED: [MOBILE], Kind.CHANNEL_CHANGED: [MAIL, MOBILE]}
TOLD = [(kind, destination) for kind, found in DESTINATIONS.items() for destination in found]
CODE = {"code": "097373", "minutes": 15, "asked": ASKED, "structure": None, "purpose": Purpose.ACTIVATION}
LINK = re.compile(r"https?:|href|<a[\s>]|<img|src\s*=|mailto:|url\(", re.IGNORECASE)
NOTICES = [kind for kind in Kind if kind is not Kind.CODE]
OF_REQUESTS = [kind for kind in Kind if kind.startswith(("request_", "draft_"))]
BY_SMS = [kind for kind in Kind if kind not in OF_REQUESTS or kind in BY_SMS_TOO]
"""The others never go by SMS (`activation.domain.requests.notices`)."""
WARNINGS = [kind for kind in NOTICES if kind is not Kind.CORRESPONDENT_INVITED]
"""The notices of what was done with an account: an invitation comes before there is anything to do."""


def mail_of(kind: Kind, **context: object) -> Mail:
    return render_mail(kind, **{"host": HOST, **(CODE if kind is Kind.CODE else NOTICE), **context})


def sms_of(kind: Kind, **context: object) -> str:
    return render_sms(kind, **{"host": HOST, **(CODE if kind is Kind.CODE else NOTICE), **context})


def texts_of(kind: Kind, **context: object) -> list[str]:
    mail = mail_of(kind, **context).text
    return [mail, sms_of(kind, **context)] if kind in BY_SMS else [mail]


class _Words(HTMLParser):
    """Gathers the words of a page's body and fails on tags that do not close."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "td" in self.open:
            self.words += data.split(" ")


def words_of(page: str) -> list[str]:
    parser = _Words()
    parser.feed(page)
    assert not parser.open
    return " ".join(parser.words).split()


def test_the_code_mail_says_what_the_screens_promise() -> None:
    mail = mail_of(Kind.CODE)
    assert mail.subject == "Votre code de sécurité CNAS"
    assert mail.text.replace("\u00a0", " ").startswith(
        "Votre code de sécurité est : 097373\n\nIl est valable 15 minutes.\n\n"
        f"Il a été demandé {AT} (heure de Paris). Si vous avez reçu plusieurs codes, saisissez le dernier.\n\n"
        "Ne le communiquez à personne : ni le CNAS ni votre correspondant ne vous le demanderont.\n\n"
    )
    assert "Si vous n'avez rien demandé, ignorez ce message." in mail.text
    assert "Ne répondez pas" in mail.text
    assert ">097373</strong>" in mail.html


def test_an_sms_says_what_the_screens_promise() -> None:
    assert sms_of(Kind.CODE) == (
        "097373 est votre code de sécurité CNAS. Il expire dans 15 minutes. Ne le communiquez à personne."
        "\n\n@compte.exemple.fr #097373"
    )
    assert sms_of(Kind.ACTIVATED) == (
        f"Votre compte en ligne CNAS est activé depuis {AT}."
        " Si vous n'avez rien demandé, prévenez votre correspondant CNAS."
    )
    assert THROTTLE_LOCK_SECONDS == 24 * 3_600
    assert all("24 heures" in text for text in texts_of(Kind.TOO_MANY_WRONG_CODES))


def contexts() -> Iterator[dict[str, object]]:
    for purpose in Purpose:
        for structure in (None, "Ville de Sète"):
            yield {"purpose": purpose, "structure": structure}


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("context", list(contexts()))
def test_a_mail_says_the_same_twice_without_link_or_image_or_code(kind: Kind, context: dict[str, object]) -> None:
    mail = mail_of(kind, **context)
    assert not LINK.search(mail.text)
    assert not LINK.search(mail.html)
    assert not re.search(r"\d|\n", mail.subject.removesuffix(AT))
    assert 'lang="fr"' in mail.html
    assert words_of(mail.html) == [*mail.subject.split(), *mail.text.split()]
    assert HOST in mail.text
    head = mail.html.partition("</head>")[0]
    assert '<meta name="format-detection" content="telephone=no">' in head  # no phone makes a link of digits
    for part in (mail.subject, mail.text, mail.html):  # each sign stays on the line of its word
        plain = html.unescape(part).replace("<!doctype", "")
        assert not re.search(r"[^\u00a0][?!»]|[^\u00a0\w\"]:\s|«[^\u00a0]", plain)


def test_the_time_of_asking_keeps_codes_apart_and_each_purpose_has_its_own_sentence() -> None:
    said = [mail_of(Kind.CODE, asked=ASKED + 60 * minutes) for minutes in (0, 1, 2)]
    assert len({mail.text for mail in said}) == 3
    assert {mail.subject for mail in said} == {"Votre code de sécurité CNAS"}
    assert len({mail_of(Kind.CODE, purpose=purpose).text for purpose in Purpose}) == len(Purpose)


@pytest.mark.parametrize("kind", WARNINGS)
def test_a_notice_says_when_it_happened_and_whom_to_tell_if_it_was_not_you(kind: Kind) -> None:
    for text in texts_of(kind):
        assert re.search(r"Si (ce n'est pas|vous n'avez rien) .*prévenez votre correspondant CNAS\.", text)
    for text in texts_of(kind, helper="le CNAS"):
        assert "prévenez le CNAS." in text
        assert "votre correspondant" not in text
    for text in texts_of(kind, number=None):
        assert not re.search(r"\d{3}", text)  # nothing looks like a code
    for destination in (None, *DESTINATIONS.get(kind, [])):
        assert f"{AT} (heure de Paris)" in mail_of(kind, destination=destination).text
        assert all(AT in text for text in texts_of(kind, destination=destination))


@pytest.mark.parametrize(("kind", "destination"), TOLD)
def test_a_notice_of_a_change_says_where_messages_go_now_masked(kind: Kind, destination: Contact) -> None:
    assert f"sont maintenant envoyés {MASKED[destination]}." in mail_of(kind, destination=destination).text
    assert MASKED[destination].replace("•", "*") in sms_of(kind, destination=destination)
    assert "envoyés" not in mail_of(kind).text


@pytest.mark.parametrize("kind", DESTINATIONS)
@pytest.mark.parametrize("local", ["l", "œ", "{"])
@pytest.mark.parametrize("length", [2, 20, 40, 63])
def test_an_sms_leaves_out_a_destination_that_it_has_no_room_for(kind: Kind, local: str, length: int) -> None:
    text = sms_of(kind, destination=Contact(Channel.EMAIL, f"{local}@m.{'x' * length}"), at=ASKED + 13 * 3_600)
    assert set(text) <= ALPHABET
    assert len(text) <= 160
    assert ("@m***" in text) == (length == 2 or "x" * length in text)
    assert "prévenez votre correspondant CNAS." in text


def test_an_invitation_says_how_to_begin_without_a_link() -> None:
    text = mail_of(Kind.CORRESPONDENT_INVITED).text.replace("\u00a0", " ")
    assert text.startswith(
        "Vous êtes correspondant(e) CNAS de Mairie de Mondomaine.\n\nVotre identifiant : C40218866\n\n"
        "Pour créer votre compte : site du CNAS, « Votre compte », puis « Activer mon compte ».\n\n"
    )
    assert sms_of(Kind.CORRESPONDENT_INVITED) == (
        "CNAS : invitation comme correspondant(e) (Mairie de Mondomaine). Identifiant : C40218866."
        ' Pour créer votre compte : site du CNAS, "Activer mon compte".'
    )


@pytest.mark.parametrize("kind", BY_SMS)
@pytest.mark.parametrize("host", [HOST, LONGEST_HOST, "127.0.0.1:8000"])
@pytest.mark.parametrize("code", ["097373", "12097373"])
@pytest.mark.parametrize("minutes", [0, 1, 15, 120])
@pytest.mark.parametrize("structure", [None, "Mairie", "Communauté d’agglomération de l’Île-aux-Œufs [93] €" * 3])
def test_an_sms_is_gsm_7_of_160_letters(kind: Kind, host: str, code: str, minutes: int, structure: str | None) -> None:
    text = sms_of(kind, host=host, code=code, minutes=minutes, structure=structure)
    assert set(text) <= ALPHABET
    assert len(text) <= 160
    assert kind is not Kind.CODE or text.splitlines()[-1] == f"@{host} #{code}"


@settings(deadline=None)  # the first message loads the templates
@given(st.text())
def test_an_sms_fits_whatever_the_structure_is_called(structure: str) -> None:
    text = sms_of(Kind.CODE, structure=structure)
    assert set(text) <= ALPHABET
    assert len(text) <= 160
    assert text.splitlines()[-1] == f"@{HOST} #097373"


def test_a_shared_contact_is_told_the_structure_which_an_sms_shortens_or_leaves_out() -> None:
    assert "structure «\u00a0Ville de Sète\u00a0»" in mail_of(Kind.CODE, structure="Ville de Sète").text
    assert "CNAS (Mairie)." in sms_of(Kind.CODE, structure="Mairie")
    structure = "Communauté d’agglomération de l’Île-aux-Œufs"
    assert "CNAS (Communauté d'agglomération de l'I)." in sms_of(Kind.CODE, structure=structure)
    assert "(" not in sms_of(Kind.CODE, structure=structure, host=LONGEST_HOST, code="12097373")


@pytest.mark.parametrize(("minutes", "said"), [(0, "moins d'une minute"), (1, "1 minute"), (2, "2 minutes")])
def test_the_time_that_is_left_is_said_in_words(minutes: int, said: str) -> None:
    assert f"Il est valable {said}." in mail_of(Kind.CODE, minutes=minutes).text
    assert f"Il expire dans {said}." in sms_of(Kind.CODE, minutes=minutes)


def test_what_a_correspondent_wrote_is_no_markup() -> None:
    mail = mail_of(Kind.CODE, structure="<b>Ville & Cie</b>")
    assert "<b>Ville & Cie</b>" in mail.text
    assert "&lt;b&gt;Ville &amp; Cie&lt;/b&gt;" in mail.html


NEEDED = [(Kind.CODE, name) for name in ("code", "minutes", "asked", "purpose", "host")]
NEEDED += [(kind, name) for kind in DESTINATIONS for name in ("at", "destination", "host")]


@pytest.mark.parametrize(("kind", "missing"), NEEDED)
def test_a_mail_without_its_context_is_not_rendered(kind: Kind, missing: str) -> None:
    whole = {"host": HOST, **(CODE if kind is Kind.CODE else NOTICE)}
    with pytest.raises(jinja2.UndefinedError):
        render_mail(kind, **{name: value for name, value in whole.items() if name != missing})


def test_the_alphabet_is_gsm_03_38_s() -> None:
    assert len(ALPHABET) == 127
    assert not ALPHABET & set("çêâîôû’«»œ€[]{}")


LIKENESSES = [
    ("Ville de Sète", "Ville de Sète"),
    ("l’Île-aux-Œufs", "l'Ile-aux-OEufs"),
    ("Forêt — Alençon", "Foret - Alencon"),
    ("e\u0301cole", "école"),
    ("Ｍairie 🚲", "Mairie "),
]


@pytest.mark.parametrize(("text", "plain"), LIKENESSES)
def test_what_gsm_7_lacks_becomes_its_likeness(text: str, plain: str) -> None:
    assert to_gsm7(text) == plain
