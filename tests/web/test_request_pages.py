"""D0 to D5: what people do with their requests and their documents, and what anybody verifies."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from activation.catalogue import catalogue
from activation.domain.requests import acts
from activation.domain.requests.documents import DocumentState
from activation.domain.requests.states import RequestState
from local.gallery import request_screens as requests
from local.gallery.fake_api import Body, account, anonymous, problem, signed_in
from local.gallery.request_bodies import (
    CLAIM,
    CODE,
    REFUSAL,
    TERM,
    Told,
    answered_claim,
    begun,
    document,
    everything,
    listed,
    paid,
    to_complete,
    verified,
)
from tests.web.conftest import Visit
from tests.web.hands import alert, heading, press, send
from tests.web.pages_read import ReadPage
from tests.web.readability import LONGEST_SENTENCE, Reading, ReadText
from tests.web.test_being_led import OF_REQUESTS

PAGES = (*OF_REQUESTS, requests.VERIFY)
WORDS = "J'attends mes titres depuis le mois de septembre."


def at(visit: Visit, path: str, told: Told, question: str = "", **more: Any) -> Page:
    for (method, call), answer in requests.at_request(told, **more).items():
        visit.api.reply(method, call, answer() if callable(answer) else answer)
    visit.remember({"request": {"id": requests.REQUEST_ID, **({"question": question} if question else {})}})
    return visit.open(path)


def saved(**answers: str) -> Body:
    return requests.body_of(begun().then(acts.save, answers))


def test_no_sentence_of_these_pages_is_long(pages: list[ReadPage]) -> None:
    own = {page.address: ReadText(page.html).own for page in pages if page.address in PAGES}
    assert len(own) == len(PAGES)
    long = {path: [s for s in said if Reading([s]).longest > LONGEST_SENTENCE] for path, said in own.items()}
    assert {path: said for path, said in long.items() if said} == {}


# D0


def test_home_shows_what_requests_await_first_and_the_rest_when_they_can_t_be_read(louis: Visit) -> None:
    louis.api.home = account(to_do=["Vérifiez votre adresse."])
    louis.api.reply(*requests.LIST_CALL, listed(*everything()))
    for _ in range(2):
        louis.api.reply(*requests.LIST_CALL, problem(503, "unavailable"))
    page = louis.open("/compte")
    items = page.locator("#a-faire li")
    expect(items).to_have_count(3)
    expect(items.nth(0)).to_contain_text("À vous : terminez et envoyez.")
    expect(items.nth(2)).to_have_text("Vérifiez votre adresse.")
    louis.api.home = account()
    page.reload()
    expect(page.locator("#a-faire")).to_contain_text("Vos demandes ne s'affichent pas pour le moment.")
    expect(page.get_by_text("Bonjour Louis Garcia")).to_be_visible()
    expect(page.get_by_text("Vous n'avez rien à faire pour le moment.")).to_be_hidden()


# D2: one question a page


def test_each_answer_is_saved_before_the_next_question(louis: Visit) -> None:
    page = at(louis, requests.QUESTION, begun())
    louis.api.reply(*requests.SAVE_CALL, saved(objet="autre"))
    louis.api.reply(*requests.SAVE_CALL, saved(objet="autre", explication=WORDS))
    louis.api.reply(*requests.SAVE_CALL, saved(objet="autre", explication=WORDS, depuis="2026-09-02"))
    expect(heading(page)).to_have_text("Réclamation : question 1 sur 3")
    assert page.title().startswith("Réclamation\u00a0: question 1 sur 3")
    page.get_by_label("Autre chose.").check()
    press(page, "Continuer")
    expect(heading(page)).to_have_text("Réclamation : question 2 sur 3")
    expect(heading(page)).to_be_focused()
    page.reload()
    expect(heading(page)).to_have_text("Réclamation : question 2 sur 3")
    page.go_back()
    expect(heading(page)).to_have_text("Réclamation : question 1 sur 3")
    page.go_forward()
    expect(heading(page)).to_have_text("Réclamation : question 2 sur 3")
    send(page, "Continuer", explication=WORDS)
    send(page, "Continuer", depuis="2/9/2026")
    page.wait_for_url(f"**{requests.ONE}")
    bodies = louis.sent(*requests.SAVE_CALL)
    assert [body["version"] for body in bodies] == [1, 1, 2]  # what was told last, by a page or by a save
    assert bodies[-1]["fields"] == {"objet": "autre", "explication": WORDS, "depuis": "2026-09-02"}


def test_one_answer_is_changed_from_the_summary_and_leads_back_to_it(louis: Visit) -> None:
    page = at(louis, requests.ONE, begun().answered().answered().answered())
    expect(page.locator("#suite li")).to_have_count(2)  # a draft that was saved often
    louis.api.reply(*requests.SAVE_CALL, requests.body_of(begun().answered()))
    page.get_by_role("link", name="Modifier Expliquez-nous en quelques phrases.").click()
    expect(page.locator("#explication")).to_have_value("J'attends mes titres depuis le 2 septembre.")
    press(page, "Continuer")
    page.wait_for_url(f"**{requests.ONE}")


def test_a_draft_is_kept_for_later_with_an_answer_that_is_missing(louis: Visit) -> None:
    page = at(louis, requests.QUESTION, begun(), "explication", save=saved())
    press(page, "Enregistrer et revenir plus tard")
    page.wait_for_url(f"**{requests.LIST}")
    expect(page.locator("#annonce")).to_contain_text("Votre brouillon est enregistré.")
    assert louis.sent(*requests.SAVE_CALL) == [{"version": 1, "fields": {"explication": ""}}]


@pytest.mark.parametrize(
    ("field", "fault", "typed", "told"),
    [
        ("explication", "too-small", "Rien", "Écrivez de 10 à 2\u202f000 caractères"),
        ("depuis", "too-large", "31/12/9999", "Saisissez une date du 01/01/2000 au 24/11/2026"),
    ],
)
def test_an_answer_that_the_api_refuses_says_at_its_field_what_may_be(
    louis: Visit, field: str, fault: str, typed: str, told: str
) -> None:
    refusal = problem(422, "invalid-request", (f"fields/{field}", fault))
    page = at(louis, requests.QUESTION, begun(), field, save=refusal)
    send(page, "Continuer", **{field: typed})
    link = alert(page).get_by_role("link")
    expect(link).to_have_text(told)
    link.click()
    expect(page.locator(f"#{field}")).to_be_focused()
    expect(page.locator(f"#{field}")).to_have_attribute("aria-invalid", "true")
    expect(page.locator(f"#{field}")).to_have_value(typed)


def test_behind_an_answer_that_is_not_sent_nothing_is_saved_or_opened(louis: Visit) -> None:
    page = at(louis, requests.QUESTION, begun())
    page.locator("#objet-perdu-ou-vole").check()
    press(page, "Continuer")
    expect(page.get_by_role("heading", name="Dans ce cas, rien n'est envoyé")).to_be_focused()
    page = louis.open(requests.CLAIM_PAGE)
    page.locator("#porte-perdu-ou-vole").check()
    press(page, "Continuer")
    expect(page.get_by_role("heading", name="Dans ce cas, rien n'est envoyé au CNAS")).to_be_focused()
    expect(page.locator("[data-advice]")).to_contain_text("Ayez sous la main les numéros de vos titres.")
    assert louis.sent(*requests.SAVE_CALL) == louis.sent(*requests.OPEN_CALL) == []


# Nothing typed is lost


_WRITING = {
    "answer": (requests.QUESTION, "explication", "Continuer", requests.SAVE_CALL),
    "message": (requests.ONE, "texte", "Envoyer mon message", requests.MESSAGE_CALL),
    "completion": (requests.COMPLETION, "explication", "Envoyer le complément", requests.COMPLETE_CALL),
}
_OTHER_CUTS = [("message", "connection"), ("completion", "cookies"), ("answer", "another tab")]


@pytest.mark.parametrize(
    ("writing", "cut"), [("answer", "session"), ("message", "session"), ("completion", "session"), *_OTHER_CUTS]
)
def test_what_is_typed_is_not_lost_whatever_is_cut(louis: Visit, writing: str, cut: str) -> None:
    path, field, button, call = _WRITING[writing]
    told, question = (begun(), field) if path == requests.QUESTION else (to_complete(), "")
    page = at(louis, path, told, question)
    page.fill(f"#{field}", WORDS)
    if cut == "session":
        louis.api.reply(*call, problem(401, "session-expired"))
        press(page, button)
        page.wait_for_url("**/deconnexion")
        louis.open("/compte")
        page = at(louis, path, told, question)
    elif cut == "connection":
        page.context.set_offline(True)
        press(page, button)
        expect(alert(page)).to_contain_text("Vous êtes hors connexion.")
    elif cut == "another tab":
        louis.api.reply(*call, problem(409, "outdated-version"))
        press(page, button)
        expect(alert(page)).to_contain_text("Votre brouillon a changé dans un autre onglet.")
    else:
        page.evaluate("Object.defineProperty(document, 'cookie', {get: () => '', set() {}})")
        press(page, button)
        expect(alert(page)).to_contain_text("Votre navigateur refuse les cookies.")
        assert louis.sent(*call) == []
    expect(page.locator(f"#{field}")).to_have_value(WORDS)


def test_what_was_typed_outlives_a_session_that_ends_by_itself(louis: Visit) -> None:
    louis.set_clock(datetime.now(UTC))
    louis.api.where = signed_in(minutes=5.2)
    page = at(louis, requests.QUESTION, begun(), "explication")
    page.fill("#explication", WORDS)
    louis.pass_minutes(0.3)
    expect(page.get_by_role("alertdialog")).to_be_visible()
    louis.api.where = anonymous()
    louis.pass_minutes(5)
    page.wait_for_url("**/session-expiree")
    assert louis.sent(*requests.SEND_CALL) == []
    louis.api.where = signed_in()
    page = at(louis, requests.QUESTION, begun(), "explication")
    expect(page.locator("#explication")).to_have_value(WORDS)


def test_what_somebody_typed_is_not_shown_to_the_next(louis: Visit) -> None:
    page = at(louis, requests.QUESTION, begun(), "explication")
    page.fill("#explication", WORDS)
    louis.api.home = account(person={**account()["person"], "identifier": "10000002"})
    page = at(louis, requests.QUESTION, begun(), "explication")
    expect(page.locator("#explication")).to_have_value("")
    assert WORDS not in json.dumps(page.evaluate("({...sessionStorage})"))


@pytest.mark.parametrize("way", ["saved", "signed out"])
def test_what_is_saved_or_left_is_no_more_kept_in_the_tab(louis: Visit, way: str) -> None:
    page = at(louis, requests.QUESTION, begun(), "explication", save=saved(explication=WORDS))
    page.fill("#explication", WORDS)
    if way == "saved":
        press(page, "Continuer")
        expect(heading(page)).to_have_text("Réclamation : question 3 sur 3")
    else:
        louis.api.reply("DELETE", "/api/session", (204, {}))
        press(page, "Me déconnecter")
        page.wait_for_url("**/deconnexion")
    assert WORDS not in json.dumps(page.evaluate("({...sessionStorage})"))


# D2: one request


def test_a_request_that_is_sent_tells_its_number_and_what_happens_next(louis: Visit) -> None:
    page = at(louis, requests.ONE, begun().answered(), send=requests.body_of(Told(CLAIM).sent()))
    press(page, "Envoyer ma demande")
    expect(page.get_by_role("heading", name="Votre demande est envoyée")).to_be_focused()
    expect(page.locator("#fait")).to_contain_text(
        "Son numéro : 412 307 518. Gardez ce numéro. Vous recevrez un message."
    )
    expect(page.locator("#etat")).to_have_text("Envoyée")
    expect(page.get_by_role("link", name="Modifier")).to_have_count(0)
    expect(page.get_by_role("button", name="Envoyer ma demande")).to_be_hidden()


def test_a_draft_without_its_answers_leads_on_to_the_first_that_is_missing(louis: Visit) -> None:
    page = at(louis, requests.ONE, begun().then(acts.save, {"objet": "autre"}))
    expect(page.get_by_role("button", name="Envoyer ma demande")).to_be_hidden()
    page.get_by_role("link", name="Continuer ma demande").click()
    expect(heading(page)).to_have_text("Réclamation : question 2 sur 3")


def test_an_act_that_came_too_late_shows_how_the_request_is_now(louis: Visit) -> None:
    page = at(louis, requests.ONE, Told(CLAIM).sent(), withdraw=problem(409, "wrong-step", next_step="home"))
    louis.api.reply(*requests.SHOW_CALL, requests.body_of(Told(CLAIM).examined()))
    louis.api.reply(*requests.SHOW_CALL, requests.body_of(Told(CLAIM).examined()))
    page.reload()
    page.get_by_text("Retirer cette demande").click()
    press(page, "Retirer ma demande")
    expect(alert(page)).to_contain_text("Cette action n'est plus possible.")
    expect(page.locator("#etat")).to_have_text("En cours d'examen")
    expect(page.get_by_text("Retirer cette demande")).to_be_hidden()


@pytest.mark.parametrize(
    ("told", "opened", "button", "words"),
    [
        (Told(CLAIM).sent(), "Retirer cette demande", "Retirer ma demande", "Votre demande est retirée."),
        (begun(), "Effacer ce brouillon", "Effacer mon brouillon", "Votre brouillon est effacé."),
    ],
    ids=["sent", "draft"],
)
def test_taking_back_asks_once_more(louis: Visit, told: Told, opened: str, button: str, words: str) -> None:
    page = at(louis, requests.ONE, told, withdraw=requests.body_of(Told(CLAIM).sent().then(acts.withdraw)))
    expect(page.get_by_role("button", name=button)).to_be_hidden()
    page.get_by_text(opened).click()
    press(page, button)
    page.wait_for_url(f"**{requests.LIST}")
    expect(page.locator("#annonce")).to_have_text(words)
    assert len(louis.sent(*requests.WITHDRAW_CALL)) == 1


def test_a_message_is_sent_and_shown_and_what_is_written_becomes_no_link_and_no_markup(louis: Visit) -> None:
    written = "<b>Bonjour</b> https://exemple.fr"
    page = at(louis, requests.ONE, Told(CLAIM).examined())
    louis.api.reply(
        *requests.MESSAGE_CALL, requests.body_of(Told(CLAIM).examined().then(acts.message, written, acts.PERSON))
    )
    send(page, "Envoyer mon message", texte=written)
    expect(page.get_by_role("heading", name="Votre message est envoyé")).to_be_focused()
    expect(page.locator("#suite blockquote")).to_have_text(written)
    expect(page.locator("#suite a")).to_have_count(0)
    expect(page.locator("#texte")).to_have_value("")
    assert louis.sent(*requests.MESSAGE_CALL) == [{"text": written}]


_ASKED = "Envoyez l'acte de naissance avant le 15/01/2027."
_BY_A_FILE = (
    Told(TERM)
    .sent()
    .then(lambda one, _, *, now: acts.declare(one, RequestState.TO_COMPLETE, _ASKED, at=now, import_id="I1"))
)


@pytest.mark.parametrize(
    ("told", "phrase", "words"),
    [
        (answered_claim(), "Le CNAS vous a répondu", "Vos titres sont partis de nouveau le 20 novembre."),
        (to_complete().then(acts.message, "J'attends.", acts.PERSON), "À vous", "Depuis quand attendez-vous ?"),
        (_BY_A_FILE, f"À vous\u00a0: {_ASKED}", ""),
    ],
    ids=["answered", "asked for by an agent, with a message since", "asked for by the back office"],
)
def test_the_words_of_the_cnas_stand_once_where_the_request_stands(
    louis: Visit, told: Told, phrase: str, words: str
) -> None:
    page = at(louis, requests.ONE, told)
    expect(page.locator("#phrase")).to_contain_text(phrase)
    expect(page.locator("#mots")).to_have_text(words)
    expect(page.locator("#suite a")).to_have_count(0)


def test_what_is_asked_for_stands_in_the_agent_s_words_where_it_is_completed(louis: Visit) -> None:
    page = at(louis, requests.COMPLETION, to_complete())
    expect(page.locator("#mots")).to_have_text("Depuis quand attendez-vous ?")
    expect(page.locator("#depuis-aide")).to_have_text("Par exemple 28/11/2026.")
    expect(page.locator("#explication-aide")).to_contain_text("N'écrivez ni mot de passe")


def test_what_was_paid_and_never_came_leads_to_a_claim_about_it(louis: Visit) -> None:
    page = at(louis, requests.ONE, paid())
    louis.api.reply(*requests.OPEN_CALL, {**saved(), "id": "01KNEW"})
    for method in ("PUT", "GET"):  # the page of the questions reads it: without it, it is left at once
        louis.api.reply(method, "/api/requests/01KNEW", saved(objet="jamais-arrive"))
    page.get_by_role("link", name="Je n'ai rien reçu").click()
    page.wait_for_url(f"**{requests.CLAIM_PAGE}")
    expect(page.locator("#porte-jamais-arrive")).to_be_checked()
    expect(page.locator("#sur")).to_contain_text("Votre réclamation porte sur")
    press(page, "Continuer")
    page.wait_for_url(f"**{requests.QUESTION}")
    assert louis.sent(*requests.OPEN_CALL) == [{"kind": "reclamation", "about": requests.REQUEST_ID}]


# D5


def test_the_doors_are_those_of_the_catalogue(pages: list[ReadPage]) -> None:
    (page,) = (page for page in pages if page.address == requests.CLAIM_PAGE)
    doors = [e.attributes["value"] for e in page.all("input") if e.attributes.get("type") == "radio"]
    (field, *_) = catalogue().released(CLAIM, "1").fields
    assert doors == [choice.id for choice in field.choices]


def test_a_draft_that_is_there_is_gone_on_with(louis: Visit) -> None:
    louis.api.reply(*requests.LIST_CALL, listed(begun(REFUSAL)))
    page = louis.open(requests.REFUSAL_PAGE)
    louis.api.reply(*requests.OPEN_CALL, requests.body_of(begun(REFUSAL)))
    louis.api.reply(*requests.SHOW_CALL, requests.body_of(begun(REFUSAL)))
    press(page, "Reprendre mon brouillon")
    expect(heading(page)).to_have_text("Attestation de non-versement : question 1 sur 3")


# D3


def at_document(visit: Visit, **more: Any) -> Page:
    visit.api.reply(*requests.DOCUMENT_CALL, document(**more))
    visit.remember(requests.AT)
    return visit.open(requests.DOCUMENT)


def test_an_attestation_is_verified_by_its_drawing_and_stands_alone_on_paper(louis: Visit) -> None:
    page = at_document(louis)
    assert page.locator("#qr path").get_attribute("d") == document()["qr"]["path"]
    assert CODE not in page.url
    page.evaluate("window.print = () => { window.printed = true; }")
    press(page, "Imprimer ou enregistrer en PDF")
    assert page.evaluate("window.printed")
    page.emulate_media(media="print")
    for shown in ("#dit", "#faits", "#qr", "#code"):
        expect(page.locator(shown)).to_be_visible()
    for hidden in (".top", ".bottom", ".side", ".back", "#imprimer", "main .off-paper"):
        expect(page.locator(hidden).first).to_be_hidden()


@pytest.mark.parametrize("state", [DocumentState.EXPIRED, DocumentState.WITHDRAWN])
def test_an_attestation_that_holds_no_more_says_so_and_shows_no_code(louis: Visit, state: DocumentState) -> None:
    page = at_document(louis, state=state)
    expect(page.locator("#perdue")).to_contain_text("Cette attestation n'est plus valable")
    expect(page.locator("#perdue")).to_contain_text("Vous pouvez en demander une autre.")
    for hidden in ("#preuve", "#imprimer", "#montrer"):
        expect(page.locator(hidden)).to_be_hidden()


# D4


def test_a_code_that_is_scanned_is_verified_at_once_without_a_session_and_taken_off_the_address(visit: Visit) -> None:
    visit.api.reply(*requests.VERIFY_CALL, verified(DocumentState.VALID))
    visit.api.reply(*requests.VERIFY_CALL, verified(DocumentState.UNKNOWN))
    page = visit.open(f"{requests.VERIFY}#{CODE}")
    expect(page.get_by_role("heading", name="Cette attestation est valable")).to_be_focused()
    expect(page.locator("#resultat")).to_contain_text("Vérifiez le nom sur une pièce d'identité.")
    expect(page.locator("#faits")).to_contain_text("Garcia")
    assert page.url == visit.base + requests.VERIFY
    page.evaluate("location.hash = '#0000-0000-0000'")  # another scan in the same tab
    expect(page.get_by_role("heading", name="Ce code est inconnu")).to_be_focused()
    expect(page.locator("#faits")).to_be_empty()
    assert page.url == visit.base + requests.VERIFY
    assert [each["code"] for each in visit.sent(*requests.VERIFY_CALL)] == [CODE, "0000-0000-0000"]
    assert {call.path for call in visit.api.calls} == {requests.VERIFY_CALL[1]}


def test_an_address_that_ends_otherwise_verifies_nothing(visit: Visit) -> None:
    page = visit.open(f"{requests.VERIFY}#contenu")
    expect(page.locator("#code-attestation")).to_have_value("")
    assert visit.sent(*requests.VERIFY_CALL) == []


# D1


def test_the_guide_tells_of_every_benefit_of_the_catalogue(pages: list[ReadPage]) -> None:
    (page,) = (page for page in pages if page.address == requests.GUIDE_PAGE)
    told = [kind for kind in catalogue().in_force("2026-11-24") if kind.guide]
    assert [" ".join(e.text.split()) for e in page.all("summary")][1:] == [kind.label for kind in told]
    forms = [e.attributes for e in page.all("form") if "data-rule" in e.attributes]
    assert [(f["data-rule"], int(f["data-months"])) for f in forms] == [
        (kind.guide.rule.value, kind.guide.months) for kind in told if kind.guide and kind.guide.rule
    ]
    assert "€" not in page.html


def test_a_deadline_is_counted_in_the_browser_and_nothing_is_sent(louis: Visit) -> None:
    page = louis.open(requests.GUIDE_PAGE)
    page.locator("summary", has_text="Naissance ou adoption").click()
    asked = len(louis.api.calls)
    told = page.get_by_role("status").filter(has_text="Dernier jour")
    for day, error, words in (
        ("29/02/2026", "Saisissez une date", ""),
        ("31/12/1949", "Saisissez une date", ""),
        ("01/01/2100", "Saisissez une date", ""),
        ("20/12/2097", "", "20 juin 2098\\.$"),
        ("20/12/2021", "", "20 juin 2022\\. Cette date est passée\\."),
    ):
        send(page, "Calculer : Naissance ou adoption", **{"jour-naissance-adoption": day})
        expect(page.locator("#jour-naissance-adoption-erreur")).to_have_text(re.compile(error or "^$"))
        expect(told).to_have_text([re.compile(words)] if words else [])
    assert len(louis.api.calls) == asked
    assert "20/12/2021" not in json.dumps(page.evaluate("({...sessionStorage})"))
