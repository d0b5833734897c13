"""K0 to K4: what correspondents do in their space, and who else comes there."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from local.gallery import correspondent_screens as space
from local.gallery.fake_api import Body, answering_for, correspondent, problem, signed_in, time_in
from local.gallery.screen import Reply
from local.gallery.states import corresponding, unavailable
from tests.web.acts import attach
from tests.web.conftest import Visit
from tests.web.hands import alert, heading, press, send

POLL = 2.5 / 60
"""Minutes after which a page has asked again what becomes of a file."""


@pytest.fixture
def claire(visit: Visit) -> Visit:
    be_claire(visit)
    return visit


def be_claire(visit: Visit, home: Body = space.ONE, **replies: Any) -> None:
    visit.api.where = corresponding()
    answers: dict[tuple[str, str], Any] = dict(space.space(home, **replies))
    for (method, path), body in answers.items():
        visit.api.reply(method, path, body)


# The space


def test_who_it_is_is_read_once_for_all_pages_of_a_session_and_anew_in_the_next(claire: Visit) -> None:
    claire.api.reply("GET", "/api/account/export", correspondent(person={"first_name": "Ali", "last_name": "Martin"}))
    one, two = ({**corresponding(), "session": {"id": name, **signed_in()["session"]}} for name in ("one", "two"))
    for path in (space.HOME, space.UPLOAD, space.PEOPLE):
        claire.open(path, one)
    assert len(claire.api.made("GET", "/api/account/export")) == 1
    expect(claire.open(space.HOME, two).locator("#qui")).to_have_text("Ali Martin")


def test_a_link_that_was_ended_meanwhile_leaves_an_empty_space_and_no_error(visit: Visit) -> None:
    be_claire(visit, answering_for())
    for path in (space.HOME, space.PEOPLE):
        said = visit.open(path).get_by_text("Vous ne répondez d'aucune structure pour le moment.")
        expect(said).to_be_visible()


# K0


def test_a_card_says_who_can_get_no_code_and_leads_to_them(claire: Visit) -> None:
    page = claire.open(space.HOME)
    card = page.locator("#structures > li")
    card.get_by_role("link", name="Compléter : Mairie de Saint-Aubin").click()
    page.wait_for_url(f"**{space.PEOPLE}")
    expect(page.locator("#sans-contact")).to_be_checked()
    expect(page.locator("#trouves")).to_have_text("5 bénéficiaires affichés")
    assert claire.sent(*space.SEARCH_CALL) == [{"structure": "M0001", "missing": "contact"}]
    expect(page.locator("#structure")).to_have_text("Mairie de Saint-Aubin")
    expect(page.get_by_role("button", name="Choisir une autre structure")).to_be_hidden()


def test_a_structure_of_one_is_told_in_the_singular_and_more_are_shown_as_they_are_asked_for(visit: Visit) -> None:
    of_one = {**space.VILLAGE, "people": 1, "without_contact": 1, "unreachable": 0}
    be_claire(visit, answering_for(of_one, space.SCHOOL, after="2"))
    visit.api.reply(*space.HOME_CALL, answering_for(space.CITY))
    page = visit.open(space.HOME)
    cards = page.locator("#structures > li")
    expect(cards.first).to_contain_text("1 bénéficiaire déclaré")
    expect(cards.first).to_contain_text("1 sans contact déclaré : cette personne ne peut pas recevoir de code.")
    expect(cards.first).not_to_contain_text("refusée")
    press(page, "Voir d'autres structures")
    expect(cards).to_have_count(3)
    assert "3\u202f012\u00a0bénéficiaires déclarés" in cards.last.inner_text()  # parted by no line
    expect(page.get_by_role("link", name="Compléter : Ville de Montclair")).to_be_focused()
    expect(page.get_by_role("button", name="Voir d'autres structures")).to_be_hidden()


# K1


def test_one_of_several_structures_is_chosen_first_and_can_be_changed(visit: Visit) -> None:
    rose = {**space.LOUIS["row"], "last_name": "Saint-Martin", "usage_name": "Petit", "first_name": "Rose"}
    be_claire(visit, answering_for(space.VILLAGE, space.SCHOOL), search={"people": [{**space.LOUIS, "row": rose}]})
    page = visit.open(space.PEOPLE)
    page.get_by_role("link", name="Caisse des écoles").click()
    expect(page.locator("#structure")).to_have_text("Caisse des écoles")
    expect(page.get_by_role("rowheader")).to_have_text("Saint-Martin (Petit) Rose")
    assert visit.sent(*space.SEARCH_CALL) == [{"structure": "M0002"}]
    press(page, "Choisir une autre structure")
    expect(page.get_by_role("link", name="Mairie de Saint-Aubin")).to_be_visible()


def test_a_search_is_sent_in_the_body_and_stays_after_a_reload(claire: Visit) -> None:
    page = claire.open(space.PEOPLE)
    page.fill("#nom", "  Gar ")
    page.get_by_label("Contact refusé").check()
    with page.expect_response("**/people/search"):
        press(page, "Rechercher")
    expect(page.locator("#trouves")).to_have_text("5 bénéficiaires affichés")
    wanted = {"structure": "M0001", "name": "Gar", "missing": "reachable"}
    assert claire.sent(*space.SEARCH_CALL)[1] == wanted
    with page.expect_response("**/people/search"):
        page.reload()
    expect(page.locator("#nom")).to_have_value("Gar")
    assert claire.sent(*space.SEARCH_CALL)[2] == wanted
    assert "Gar" not in page.url
    assert "M0001" not in page.url


def test_the_next_fifty_are_added_even_to_nobody_and_the_first_of_them_takes_the_focus(visit: Visit) -> None:
    visit.api.reply(*space.SEARCH_CALL, {"people": [], "after": "w"})
    visit.api.reply(*space.SEARCH_CALL, {"people": space.PEOPLE_OF_THE_VILLAGE, "after": "x"})
    be_claire(visit, search={"people": [space.declared("10000011", "Zola", "Émile", missing="contact")]})
    page = visit.open(space.PEOPLE)
    expect(page.locator("#trouves")).to_have_text("Personne encore. Voyez la suite.")
    for found in (5, 6):
        press(page, "Voir la suite")
        expect(page.locator("#trouves")).to_have_text(f"{found} bénéficiaires affichés")
    expect(page.get_by_role("link", name="Modifier Zola Émile")).to_be_focused()
    assert visit.sent(*space.SEARCH_CALL)[1:] == [{"structure": "M0001", "after": after} for after in ("w", "x")]


def test_on_a_phone_each_person_is_a_card_that_says_what_is_what(claire: Visit) -> None:
    claire.page.set_viewport_size({"width": 390, "height": 844})
    page = claire.open(space.PEOPLE)
    expect(page.locator("#personnes thead")).to_be_hidden()
    cells = page.locator("#personnes tbody tr").first.locator("td")
    labels = cells.evaluate_all("cells => cells.map((cell) => getComputedStyle(cell, '::before').content)")
    said = [label.strip('"').replace("\u00a0", " ").rstrip(": ") for label in labels]
    assert said == ["Identifiant", "Contact", "Action"]


def test_a_search_that_is_refused_is_told_beside_what_was_found_before(claire: Visit) -> None:
    page = claire.open(space.PEOPLE)
    for _ in range(2):
        claire.api.reply(*space.SEARCH_CALL, problem(503, "unavailable", retry_at=time_in(minutes=3)))
    for _ in range(2):
        press(page, "Rechercher")
    expect(alert(page)).to_contain_text("Service momentanément indisponible.")
    expect(page.locator("#personnes tbody tr")).to_have_count(len(space.PEOPLE_OF_THE_VILLAGE))


# K2


def edit(visit: Visit, person: Body = space.LOUIS, *outcomes: Any) -> Page:
    be_claire(visit, search={"people": [person]})
    for outcome in outcomes or (space.SAVED,):
        visit.api.reply(*space.SAVE_CALL, outcome)
    visit.remember(space.EDITING)
    return visit.open(space.PERSON)


def save(page: Page, **fields: str) -> None:
    send(page, "Enregistrer", **fields)
    expect(page.locator("#reussite")).to_be_visible()


def saved(visit: Visit) -> Any:
    (call,) = visit.api.made(*space.SAVE_CALL)
    return call.body


def test_a_row_is_saved_as_it_is_typed_with_its_version_once_a_misspelt_domain_is_mended(visit: Visit) -> None:
    page = edit(visit)
    page.fill("#email", "louis@gmial.com")
    page.locator("#mobile").focus()
    expect(page.get_by_text("Vouliez-vous dire gmail.com ?")).to_be_visible()
    page.fill("#email", "louis@exemple.fr")
    page.locator("#mobile").focus()
    expect(page.locator("#email-conseil")).to_have_text("")
    press(page, "Enregistrer")
    expect(page.get_by_role("heading", name="C'est enregistré")).to_be_focused()
    expect(page.locator("#suites")).to_have_text(_TOLD)
    assert saved(visit) == {
        "identifier": "10000001",
        "version": "v1",
        "row": {
            "last_name": "Garcia",
            "usage_name": "",
            "first_name": "Louis",
            "email": "louis@exemple.fr",
            "mobile": "06 12 34 56 78",
            "start_date": "",
            "end_date": "",
        },
    }
    assert "10000001" not in page.url


_TOLD = "L'ancienne adresse est prévenue. La nouvelle servira dans 24 heures."
_OTHERS_TOLD = "Les contacts déjà connus sont prévenus. Le nouveau servira dans 24 heures."
_CAN_NOW = "Cette personne peut recevoir un code, sauf si un contact a été retiré il y a moins de 24 heures."


@pytest.mark.parametrize(
    ("person", "field", "typed", "words"),
    [
        (space.LOUIS, "mobile", "06 98 76 54 32", "L'ancien numéro est prévenu. Le nouveau servira dans 24 heures."),
        (space.LOUIS, "prenom", "Louise", ""),
        (space.PEOPLE_OF_THE_VILLAGE[0], "email", "jeanne@exemple.fr", _CAN_NOW),
        (space.PEOPLE_OF_THE_VILLAGE[1], "email", "marie@exemple.fr", _OTHERS_TOLD),
        (space.PEOPLE_OF_THE_VILLAGE[3], "mobile", "06 98 76 54 32", _OTHERS_TOLD),
    ],
)
def test_what_happens_to_a_contact_is_told(visit: Visit, person: Body, field: str, typed: str, words: str) -> None:
    page = edit(visit, person)
    save(page, **{field: typed})
    expect(page.locator("#suites")).to_have_text(words)


_WAITS = "adresse email : contact remplacé : les contacts d'avant sont prévenus ; celui-ci servira dans 24 heures"


@pytest.mark.parametrize(
    ("typed", "outcome", "remark", "told"),
    [
        ({}, "unchanged", [], ["Rien n'a changé"]),
        ({}, "updated", ["numéro inconnu"], ["C'est enregistré", "Numéro inconnu"]),
        ({"email": "louis@exemple.fr"}, "updated", [_WAITS], ["C'est enregistré", _TOLD]),
    ],
)
def test_what_the_api_remarks_is_told_and_not_twice(
    visit: Visit, typed: dict[str, str], outcome: str, remark: list[str], told: list[str]
) -> None:
    page = edit(visit, space.LOUIS, {"outcome": outcome, "remarks": remark})
    send(page, "Enregistrer", **typed)
    expect(page.locator("#reussite").get_by_role("heading")).to_be_focused()
    expect(page.locator("#reussite h2, #suites li")).to_have_text(told)


def test_a_contact_given_to_the_desk_is_never_sent_back_empty(visit: Visit) -> None:
    page = edit(visit, space.PEOPLE_OF_THE_VILLAGE[3])
    save(page)
    assert "email" not in saved(visit)["row"]


def test_a_cell_that_is_refused_says_why_at_its_field_and_any_other_reason_is_told_too(visit: Visit) -> None:
    cell = {"pointer": "#/row/mobile", "code": "invalid", "detail": "Ce numéro n'est pas celui d'un mobile."}
    row = {"pointer": "#/row", "code": "invalid", "detail": "Cette ligne a une cellule de trop."}
    page = edit(visit, space.LOUIS, problem(422, "invalid-request", errors=[cell, row]))
    press(page, "Enregistrer")
    expect(alert(page)).to_contain_text("Cette ligne a une cellule de trop")
    link = alert(page).get_by_role("link")
    expect(link).to_have_text("Ce numéro n'est pas celui d'un mobile")
    link.click()
    expect(page.locator("#mobile")).to_be_focused()
    expect(page.locator("#mobile")).to_have_attribute("aria-invalid", "true")


def test_a_new_name_is_sent_again_with_its_confirmation(visit: Visit) -> None:
    page = edit(visit, space.LOUIS, problem(409, "not-confirmed"), space.SAVED)
    send(page, "Enregistrer", nom="Durand")
    page.get_by_label("C'est bien la même personne").check()
    save(page)
    assert [(call.body or {}).get("confirm") for call in visit.api.made(*space.SAVE_CALL)] == [None, ["renamings"]]


def test_a_departure_needs_its_day_and_its_box(visit: Visit) -> None:
    page = edit(visit)
    send(page, "Enregistrer", fin="31/12/2026")
    expect(alert(page)).to_contain_text("Cochez « Cette personne quitte la structure »")
    page.get_by_label("Cette personne quitte la structure").check()
    save(page)
    assert (saved(visit)["row"]["end_date"], saved(visit)["confirm"]) == ("31/12/2026", ["departures"])


def test_days_are_shown_and_sent_as_they_are_written_in_france_and_a_known_departure_needs_no_box(visit: Visit) -> None:
    page = edit(visit, space.declared("10000001", "Garcia", "Louis", start_date="2020-09-01", end_date="2026-12-31"))
    expect(page.locator("#debut")).to_have_value("01/09/2020")
    expect(page.locator("#fin")).to_have_value("31/12/2026")
    save(page, debut="01/10/2020")
    assert saved(visit)["row"]["start_date"] == "01/10/2020"
    assert "confirm" not in saved(visit)


def test_a_row_that_somebody_else_changed_is_shown_anew_and_one_who_left_leads_back_to_the_list(visit: Visit) -> None:
    visit.api.reply(*space.SEARCH_CALL, {"people": [space.LOUIS]})
    jean = space.declared("10000001", "Garcia", "Jean")
    page = edit(visit, jean, problem(409, "outdated-version"), problem(404, "not-found"))
    send(page, "Enregistrer", prenom="Louise")
    expect(alert(page)).to_contain_text("Cette fiche vient de changer.")
    expect(page.locator("#prenom")).to_have_value("Jean")
    press(page, "Enregistrer")
    page.wait_for_url(f"**{space.PEOPLE}")
    expect(page.locator("#annonce")).to_have_text("Cette personne n'est plus dans votre structure.")


# K3


def test_a_file_of_at_most_4_megabytes_is_sent_as_it_is_and_its_check_followed(claire: Visit) -> None:
    claire.api.reply(*space.UPLOAD_CALL, {"upload_id": space.UPLOAD_ID}, status=202)
    claire.api.reply(*space.FOLLOW_CALL, space.upload("checked"))
    page = claire.open(space.UPLOAD)
    for size, words in ((0, "Ce fichier est vide"), (4_194_305, "Ce fichier dépasse 4 Mo.")):
        attach(page, "fichier", "personnes.xlsx", size)
        press(page, "Envoyer et contrôler")
        expect(alert(page)).to_contain_text(words)
    attach(page, "fichier", "personnes.xlsx", 4_194_304)
    press(page, "Envoyer et contrôler")
    page.wait_for_url(f"**{space.FOLLOWED}")
    (sent,) = claire.api.made(*space.UPLOAD_CALL)
    assert (sent.headers["content-type"], sent.headers["content-length"]) == ("application/octet-stream", "4194304")


def test_a_file_that_cannot_be_read_any_more_is_told_at_its_field(claire: Visit, tmp_path: Path) -> None:
    file = tmp_path / "personnes.csv"
    file.write_text("identifiant;nom\n")
    page = claire.open(space.UPLOAD)
    page.locator("#fichier").set_input_files(file)
    page.locator("#fichier").evaluate("(field) => field.files[0].text()")  # Chromium has noted its time by then
    file.write_text("identifiant;nom\n10000001;Garcia\n")
    os.utime(file, (0, 0))  # Chromium compares whole seconds
    press(page, "Envoyer et contrôler")
    expect(alert(page)).to_contain_text("Ce fichier n'a pas pu être lu.")


def follow(visit: Visit, *states: Any) -> Page:
    """At an upload that is in these states one after the other, on a clock that a test moves."""
    visit.set_clock(datetime.now(UTC))
    be_claire(visit)
    for state in states:
        visit.api.reply(*space.FOLLOW_CALL, state)
    visit.remember(space.FOLLOWING_IT)
    return visit.open(space.FOLLOWED)


def test_the_report_is_asked_for_as_a_file_and_where_no_line_is_refused_there_is_nothing_to_mend(visit: Visit) -> None:
    page = follow(visit, space.upload("checked", findings=space.FINDINGS[2:]))
    expect(page.get_by_role("heading", name="Refus et remarques")).to_be_visible()
    expect(page.get_by_text("Corrigez-la dans votre fichier")).to_be_hidden()
    visit.api.reply(*space.REPORT_CALL, {"ligne": "été"})
    with page.expect_download():
        press(page, "Télécharger le rapport")
    (call,) = visit.api.made(*space.REPORT_CALL)
    assert call.headers["accept"] == "application/octet-stream"  # API Gateway sends bytes to nobody else


def checking(done: int) -> Body:
    return space.upload("checking", counts=None, progress={"done": done, "total": 3000})


def test_progress_is_told_by_words_and_a_bar_that_survive_a_reload_and_its_end_alone_is_announced(visit: Visit) -> None:
    page = follow(visit, checking(0), checking(1200), checking(1200), checking(2400), space.upload("checked"))
    expect(page.locator("#avancement-mots")).to_have_text("0 ligne sur 3 000")
    visit.pass_minutes(POLL)
    expect(page.get_by_role("progressbar", name="1 200 lignes sur 3 000")).to_have_js_property("value", 0.4)
    page.reload()
    expect(page.get_by_role("progressbar", name="1 200 lignes sur 3 000")).to_be_visible()
    page.evaluate("""() => { window.said = [];
        new MutationObserver(() => window.said.push(document.getElementById('etat').textContent))
            .observe(document.getElementById('etat'), {childList: true, characterData: true, subtree: true}); }""")
    for _ in range(4):
        visit.pass_minutes(POLL)
        visit.settle()
    expect(page.locator("#etat")).to_have_text("Contrôle terminé : à appliquer")
    expect(page.get_by_role("progressbar")).to_be_hidden()
    assert page.evaluate("window.said.length") == 1
    assert len(visit.api.made(*space.FOLLOW_CALL)) == 5, "once a step has ended nothing is asked any more"


def test_a_lost_connection_is_told_and_the_page_goes_on_by_itself(visit: Visit) -> None:
    page = follow(visit, checking(0), space.upload("checked"))
    page.context.set_offline(True)
    for _ in range(2):
        visit.pass_minutes(POLL)
    expect(page.locator("#coupure")).to_contain_text("Le travail continue")
    page.context.set_offline(False)
    for _ in range(2):
        visit.pass_minutes(POLL)
    expect(page.locator("#etat")).to_contain_text("Contrôle terminé")


def test_a_session_that_ends_while_a_page_follows_is_told(visit: Visit) -> None:
    page = follow(visit, checking(0), problem(401, "session-expired"))
    visit.pass_minutes(POLL)
    page.wait_for_url("**/deconnexion")


def test_an_upload_is_applied_with_what_was_confirmed_and_then_followed(visit: Visit) -> None:
    checked = space.upload("checked", confirm=["departures"], changes=space.CHANGES)
    page = follow(visit, checked, space.upload("applying"), space.upload("applied"))
    expect(page.locator("#changements")).to_be_visible()
    visit.api.reply(*space.APPLY_CALL, {"upload_id": space.UPLOAD_ID}, status=202)
    press(page, "Appliquer")
    expect(alert(page)).to_contain_text("Cochez « Je confirme ces départs »")
    assert visit.api.made(*space.APPLY_CALL) == []
    page.get_by_label("Je confirme ces départs").check()
    press(page, "Appliquer")
    expect(page.locator("#etat")).to_have_text("Application en cours")
    expect(page.locator("#changements")).to_be_hidden()
    visit.pass_minutes(POLL)
    expect(page.locator("#etat")).to_have_text("Appliqué")
    assert [call.body for call in visit.api.made(*space.APPLY_CALL)] == [{"confirm": ["departures"]}]


def test_what_another_tab_did_meanwhile_is_shown_in_place_of_an_error_alone(visit: Visit) -> None:
    page = follow(visit, space.upload("checked"), space.upload("applied", undo_until=time_in(hours=2)))
    visit.api.reply(*space.APPLY_CALL, problem(409, "wrong-step", next_step="home"))
    press(page, "Appliquer")
    expect(alert(page)).to_contain_text("Cette action n'est plus possible.")
    expect(page.locator("#etat")).to_have_text("Appliqué")
    expect(page.get_by_role("button", name="Annuler cet envoi")).to_be_visible()
    expect(page.locator("#annulable")).to_have_text(re.compile("^jusqu'à"))


def test_lines_that_are_refused_are_counted_and_of_a_file_refused_as_a_whole_none_is_shown(visit: Visit) -> None:
    twice = {"row": space.FINDINGS[0]["row"], "column": "nom de naissance", "reason": "Refusé : cette cellule est vide"}
    whole = space.upload("refused", counts=None, findings=[{"reason": "Il manque une colonne."}])
    page = follow(visit, space.upload("checked", findings=[*space.FINDINGS, twice]), whole)
    expect(page.locator("#refusees")).to_have_text("2 lignes refusées")
    expect(page.locator("#motifs tr").first).to_contain_text("Refusé : ce n'est pas une adresse email")
    page.reload()
    expect(page.locator("#raison")).to_have_text("Il manque une colonne.")
    expect(page.get_by_role("table")).to_be_hidden()


def test_the_last_uploads_say_how_they_stand_and_lead_to_each(claire: Visit) -> None:
    claire.api.reply(*space.FOLLOW_CALL, space.upload("refused", counts=None))
    page = claire.open(space.HOME)
    page.get_by_role("link", name=re.compile("^Fichier refusé : envoi du 27 novembre 2026")).click()
    page.wait_for_url(f"**{space.FOLLOWED}")
    expect(page.locator("#etat")).to_have_text("Fichier refusé")


# S0, S1, S9 and one's own data


@pytest.mark.parametrize("path", ["/connexion", "/activation", "/mot-de-passe-oublie"])
def test_being_a_correspondent_changes_keyboard_and_help_and_nothing_that_is_sent(visit: Visit, path: str) -> None:
    page = visit.open(path)
    field = page.locator("#identifiant")
    expect(field).to_have_attribute("inputmode", "numeric")
    page.get_by_label("Je suis correspondant(e)").check()
    expect(field).to_have_attribute("inputmode", "text")
    page.get_by_label("Je suis correspondant(e)").uncheck()
    expect(field).to_have_attribute("inputmode", "numeric")


def test_both_kinds_of_identifier_are_taken_whoever_one_says_to_be(visit: Visit) -> None:
    visit.api.reply("POST", "/api/session", problem(401, "credentials-rejected"))
    page, sent = visit.open("/connexion"), []
    for is_said, identifier in ((True, "1000 0001"), (False, "C40218866"), (False, "c 4021 8866")):
        page.get_by_label("Je suis correspondant(e)").set_checked(is_said)
        send(page, "Me connecter", identifiant=identifier, mot_de_passe="x")
        sent.append({"identifier": identifier, "password": "x"})
        expect(page.locator("#mot_de_passe")).to_have_value("")
        assert [call.body for call in visit.api.made("POST", "/api/session")] == sent


def test_a_correspondent_s_own_data_have_no_consent_and_all_else(claire: Visit) -> None:
    page = claire.open("/compte/informations-personnelles")
    expect(page.locator("[data-fact=identifier]")).to_have_text("C40218866")
    expect(page.get_by_role("heading", name="Suivi de vos demandes par votre correspondant")).to_be_hidden()
    expect(page.get_by_role("heading", name="Activité récente")).to_be_visible()
    menu = page.get_by_role("navigation", name="Votre compte")
    assert menu.locator("[aria-current=page]").inner_text() == "Vos informations personnelles"
    for other in ("email", "mot-de-passe", "historique"):
        expect(heading(claire.open(f"/compte/informations-personnelles/{other}"))).to_be_visible()
    assert claire.api.made("GET", "/api/account") == []


# K4


FIRST = space.REQUESTS_OF_THE_VILLAGE[:1]


def _pages(visit: Visit, *pages: Reply) -> None:
    """Have the search of requests answer with these, one after the other."""
    for page in pages[:-1]:
        visit.api.reply(*space.REQUESTS_CALL, page)
    be_claire(visit, requests=pages[-1])


def test_people_of_whom_none_has_consented_are_passed_over_at_once(visit: Visit) -> None:
    nobody: list[Body] = []
    _pages(visit, {"people": nobody, "after": "x"}, {"people": nobody, "after": "y"}, {"people": nobody})
    page = visit.open(space.REQUESTS)
    expect(page.locator("#aucune")).to_have_text("Aucune demande à suivre pour le moment.")
    expect(page.locator("#demandes")).to_be_hidden()
    expect(page.get_by_role("button", name="Voir la suite")).to_be_hidden()
    assert [body.get("after") for body in visit.sent(*space.REQUESTS_CALL)] == [None, "x", "y"]


def test_after_some_hundreds_of_whom_none_is_shown_the_correspondent_says_whether_to_look_on(visit: Visit) -> None:
    nobody: list[Body] = []
    _pages(visit, *({"people": nobody, "after": f"p{number}"} for number in range(10)), {"people": FIRST})
    page = visit.open(space.REQUESTS)
    expect(page.locator("#aucune")).to_have_text("Aucune demande à suivre parmi les premiers noms. Voyez la suite.")
    assert len(visit.sent(*space.REQUESTS_CALL)) == 10
    press(page, "Voir la suite")
    expect(page.locator("#demandes tbody tr")).to_have_count(2)
    expect(page.locator("#aucune")).to_be_hidden()
    assert visit.sent(*space.REQUESTS_CALL)[-1]["after"] == "p9"


def test_while_a_look_can_not_be_written_nobody_more_is_shown_and_one_may_try_again(visit: Visit) -> None:
    first, *others = space.REQUESTS_OF_THE_VILLAGE
    shown = {"people": [first], "after": "x"}, {"people": others}
    _pages(visit, unavailable(), shown[0], unavailable(), shown[1], {"people": FIRST})
    page = visit.page
    page.goto(visit.base + space.REQUESTS)
    page.wait_for_url("**/indisponible")
    expect(heading(page)).to_have_text("Service momentanément indisponible")
    expect(page.locator("main")).not_to_contain_text("Aubert")
    page.get_by_role("link", name="Réessayer").click()
    page.wait_for_url(f"**{space.REQUESTS}")
    press(page, "Voir la suite")
    expect(alert(page)).to_contain_text("Service momentanément indisponible. Réessayez")
    expect(page.locator("#demandes tbody tr")).to_have_count(2)
    press(page, "Voir la suite")
    expect(page.locator("#demandes tbody tr")).to_have_count(4)
    expect(page.get_by_role("rowheader", name="D'Étampes de La Rochefoucauld Marie-Antoinette")).to_be_focused()
    expect(page.get_by_role("button", name="Voir la suite")).to_be_hidden()
    expect(alert(page)).to_be_hidden()
    expect(page.get_by_text("Garcia Louis")).to_be_visible()
    page.reload()  # they have withdrawn their consent
    expect(page.locator("#demandes tbody tr")).to_have_count(2)
    expect(page.get_by_text("Garcia Louis")).to_have_count(0)
