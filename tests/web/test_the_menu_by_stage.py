"""What a stage switches: an entry leads to another site, says whom to ask, or is not there; so does a benefit."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from activation.domain.menu import MENU, menu_of
from local.gallery.fake_api import FakeApi, account, menu_body, signed_in
from tests.web import faults
from tests.web.conftest import Profile, Visit
from tests.web.hands import heading
from tests.web.pages_read import ReadPage, read_pages
from tests.web.readability import LONGEST_SENTENCE, Reading, ReadText
from tests.web.site import Site, site
from web.build import build

ELSEWHERE = "https://demandes.cnas.example/reclamation?de=compte"
SWITCHED = {"reclamation": f"lien {ELSEWHERE}", "attestation-de-non-versement": "information", "budget": "masqué"}
BENEFITS = {"permis": f"lien {ELSEWHERE}", "depart-retraite": "masqué"}
LIST, GUIDE, SITE_MAP = "/compte/suivi", "/compte/demander-une-prestation", "/plan-du-site"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("switched")


@pytest.fixture(scope="module")
def switched(folder: Path) -> Iterator[Site]:
    with site(folder, menu=SWITCHED, benefits=BENEFITS) as served:
        yield served


@pytest.fixture
def louis(profile: Profile, switched: Site) -> Iterator[Visit]:
    switched.api = FakeApi()
    switched.api.where, switched.api.home = signed_in(), account(menu=menu_body(menu_of(SWITCHED)))
    with Visit(switched.base, profile, switched.api) as visit:
        yield visit
    assert visit.complaints == []


def links_of(page: ReadPage) -> set[str]:
    return {one.attributes["href"] for one in page.elements if one.tag == "a"}


def test_the_menu_leads_to_the_other_site_and_says_so(louis: Visit) -> None:
    menu = louis.open("/compte").get_by_role("navigation", name="Votre compte")
    link = menu.get_by_role("link", name="Réclamation et non-réception de titres (autre site)", exact=True)
    expect(link).to_have_attribute("href", ELSEWHERE)
    expect(menu.get_by_role("link", name="Gérer votre budget")).to_have_count(0)
    expect(menu.get_by_role("link")).to_have_count(len(MENU) - 1)


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("reclamation", "Continuer sur demandes.cnas.example"),
        ("attestation-de-non-versement", "Dites-lui la prestation et l'année."),
        ("budget", "Votre correspondant CNAS vous dit comment faire."),
    ],
)
def test_a_page_that_does_not_work_here_says_what_to_do_instead(louis: Visit, entry: str, says: str) -> None:
    page = louis.open(f"/compte/{entry}")
    (label,) = (each.label for each in MENU if each.id == entry)
    expect(heading(page)).to_have_text(label)
    expect(page.locator("main")).to_contain_text(says)
    expect(page.locator("main form:not(#deconnexion)")).to_have_count(0)
    found = [*faults.by_axe(page), *faults.in_its_markup(page), *faults.at_width(page, 320)]
    assert found == []


def test_every_link_that_is_offered_works_here_or_leads_to_the_other_site(folder: Path, switched: Site) -> None:
    assert switched
    read = {page.address: page for page in read_pages(folder)}
    for place in (LIST, SITE_MAP):
        assert "/compte/budget" not in links_of(read[place])
        assert "/compte/reclamation" not in links_of(read[place])
        assert ELSEWHERE in links_of(read[place])
    assert "/compte/attestation-de-non-versement" in links_of(read[LIST])
    assert ELSEWHERE in links_of(read[GUIDE])
    assert "La demander sur demandes.cnas.example" in read[GUIDE].html
    assert "Départ à la retraite" not in read[GUIDE].html, "a benefit that is hidden"


def test_whatever_is_switched_off_is_told_in_short_sentences(tmp_path_factory: pytest.TempPathFactory) -> None:
    for switch in ("information", "masqué", f"lien {ELSEWHERE}"):
        folder = tmp_path_factory.mktemp("off")
        build(folder, menu={entry.id: switch for entry in MENU if not entry.is_kept})
        off = {page.address: page for page in read_pages(folder)}
        for entry in MENU:
            if entry.is_kept:
                continue
            words = ReadText(off[entry.url].html).own
            assert [said for said in words if Reading([said]).longest > LONGEST_SENTENCE] == []
            wanted = ELSEWHERE if switch.startswith("lien") else "/compte/correspondant"
            assert wanted in links_of(off[entry.url]), (entry.id, switch)
