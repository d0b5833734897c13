"""Every engine on the deployed product: to home and its requests, by mail and by SMS; a correspondent's day."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from activation.domain.roster.imports import State, UploadOption
from local.demo import CORRESPONDENTS, DemoCorrespondent
from local.demo_requests import EXAMINED, file_requests
from local.gallery.states import GOOD_PASSWORD
from local.roster import Rosters
from local.running import running_on
from tests.in_memory.roster import as_csv, line
from tests.people import Someone, come_home
from tests.stack import Stack
from tests.visitor import await_message, code_in
from tests.web.engines import Tab, chromium, firefox, webkit

ENGINES, CHANNELS = ("firefox", "webkit", "chromium"), ("email", "sms")
PEOPLE = {
    (engine, channel): line(
        f"8000{number}",
        last_name=f"D'Étampes-{'ab'[number % 2]}",
        email=f"{engine}@exemple.fr" if channel == "email" else "",
        mobile=f"066698001{number}" if channel == "sms" else "",
        start_date="2021-03-01",
    )
    for number, (engine, channel) in enumerate((engine, channel) for engine in ENGINES for channel in CHANNELS)
}
MENDED = {
    "firefox": ("E0974", "Régie des eaux des Deux-Rives", "Boyer Hugo", "email", "hugo@exemple.fr"),
    "webkit": ("C0974", "CCAS des Deux-Rives", "Payet Jade", "mobile", "06 66 98 00 90"),
    "chromium": ("D0974", "Département des Deux-Rives", "D’Almeida-Cœur Inès", "mobile", "06 66 98 00 91"),
}
"""Whom a correspondent mends in each: their structure, its name, theirs, and a contact that they lack."""


pytestmark = pytest.mark.exhaustive


@pytest.fixture(scope="module")
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Tab]]:
    if request.param == "chromium":
        started = chromium(request.getfixturevalue("browser"))
    else:
        started = firefox(tmp_path_factory.mktemp("profile")) if request.param == "firefox" else webkit()
    with started as tab:
        yield request.param, tab


@pytest.fixture(scope="module")
def invited(product: Stack) -> Stack:
    rosters = Rosters(running_on(product.deployment))
    import_id = rosters.send("engines.csv", as_csv([*PEOPLE.values()]), {UploadOption.APPLY: "yes"})
    assert rosters.report(import_id)["state"] == "applied"
    return product


@pytest.mark.parametrize(("engine", "channel"), PEOPLE, indirect=["engine"])
def test_a_beneficiary_activates_an_account(invited: Stack, engine: tuple[str, Tab], channel: str) -> None:
    product, (name, tab) = invited, engine
    person = PEOPLE[name, channel]
    contact = person["email"] or "+33" + person["mobile"][1:]
    before = {message.id for message in product.messages()}

    tab.open(product.base)
    tab.press("Votre compte")
    tab.press("1re connexion : créez votre compte en ligne")
    tab.fill("identifiant", person["identifier"])
    tab.fill("nom", person["last_name"])
    tab.go_on("Continuer", "h1", "Saisissez le code de sécurité")
    tab.fill("code", code_in(await_message(product, before, to=contact, with_code=True)))
    tab.go_on("Vérifier le code", "main", "L'authentification est réussie")
    tab.press("Continuer")
    tab.fill("mot_de_passe", GOOD_PASSWORD)
    tab.fill("confirmation", GOOD_PASSWORD)
    tab.see("output", "Concordance des mots de passe : Oui")
    tab.go_on("Soumettre", "#texte", "Le suivi nominatif de vos demandes de prestations peut être")
    assert "activé" in await_message(product, before, to=contact, with_code=False).text
    consent = "Je consens" if channel == "email" else "Je ne consens pas"
    tab.press(consent)
    tab.go_on("Vérifier", "h1", "Recevoir le code de sécurité")
    tab.press("Adresse email" if channel == "email" else "Téléphone mobile")
    tab.go_on("Vérifier", "h1", "Conditions générales d'utilisation")
    tab.press("J'ai consulté et j'accepte les CGU*")
    tab.go_on("Continuer", "main", "Bonjour")
    if channel == "email":
        _claim(tab)
    else:
        _show_an_attestation(tab, product, person["last_name"])
    tab.press("Vos informations personnelles")
    tab.see("[data-fact=consent]", consent)
    tab.go_on("Me déconnecter", "h1", "Vous êtes déconnecté(e).")


def _claim(tab: Tab) -> None:
    tab.press("Réclamation et non-réception de titres")
    tab.press("Autre chose.")
    tab.go_on("Continuer", "h1", "question 2 sur 3")
    tab.fill("explication", "Je n'ai rien compris à ma réponse.")
    tab.go_on("Continuer", "h1", "question 3 sur 3")
    tab.fill("depuis", "02/09/2026")
    tab.go_on("Continuer", "main", "Relisez vos réponses")
    tab.go_on("Envoyer ma demande", "#etat", "Envoyée")


def _show_an_attestation(tab: Tab, product: Stack, last_name: str) -> None:
    tab.press("Attestation de vos droits au CNAS")
    tab.go_on("Afficher mon attestation", "#faits", last_name)
    code = tab.driver.execute_script("return document.getElementById('code').textContent")
    tab.open(f"{product.base}/verifier#{code}")
    tab.see("#resultat", "Cette attestation est valable")
    assert code not in "".join(product.logs)
    assert tab.driver.execute_script("return location.href") == f"{product.base}/verifier"
    tab.open(f"{product.base}/compte")


@pytest.mark.parametrize("engine", ENGINES, indirect=True)
def test_a_correspondent_mends_a_row_sends_a_file_and_follows_requests(
    invited: Stack, engine: tuple[str, Tab], tmp_path: Path
) -> None:
    product, (name, tab) = invited, engine
    (marc,) = (one for one in CORRESPONDENTS if one.password)
    _, structure, person, field, contact = MENDED[name]
    followed, *filed = _declare(product, name, marc)
    before = {message.id for message in product.messages()}

    tab.open(f"{product.base}/connexion")
    tab.press("Je suis correspondant(e)")
    tab.fill("identifiant", marc.identifier)
    tab.fill("mot_de_passe", marc.password)
    tab.go_on("Me connecter", "h1", "Saisissez le code de sécurité")
    tab.fill("code", code_in(await_message(product, before, to=marc.email, with_code=True)))
    tab.go_on("Vérifier le code", "h1", "Votre espace correspondant")

    tab.press(f"Voir les bénéficiaires : {structure}")
    tab.press(f"Modifier {person}")
    tab.fill(field, contact)
    tab.go_on("Enregistrer", "#reussite", "C'est enregistré")

    file = tmp_path / "agents.csv"
    changed = [f"{each.identifier};{each.last_name};{each.identifier}@nouveau.example" for each in filed]
    file.write_text("\n".join(["identifiant;nom;adresse email", *changed]))
    tab.press("Envoyer un fichier")
    tab.fill("fichier", str(file))
    tab.go_on("Envoyer et contrôler", "#etat", "Contrôle terminé")
    tab.see("#comptes", "2 modifications")
    tab.go_on("Appliquer", "#etat", "Appliqué")
    tab.press("Suivi des demandes")
    tab.see("#demandes", f"{followed.last_name} Louis")
    tab.see("#demandes", "En cours d'examen")
    tab.go_on("Me déconnecter", "h1", "Vous êtes déconnecté(e).")


def _declare(product: Stack, engine: str, marc: DemoCorrespondent) -> list[Someone]:
    """Three more people of Marc's; the first of them consents, and has a request."""
    code, structure, *_ = MENDED[engine]
    numbers = range(3)
    people = [
        Someone(f"81{ENGINES.index(engine)}0000{n}", f"Zola-{'abc'[n]}", f"{engine}{n}@exemple.fr") for n in numbers
    ]
    employer = {"structure_id": code, "structure_name": structure, "correspondent_email": marc.email}
    rows = [
        line(one.identifier, last_name=one.last_name, email=one.contact, correspondent_name="Marc Hoarau", **employer)
        for one in people
    ]
    assert Rosters(running_on(product.deployment)).apply(f"{engine}.csv", as_csv(rows)) is State.APPLIED
    come_home(product, people[0])
    file_requests(product.deployment, people[0].identifier, [EXAMINED])
    return people
