"""One value for a cell however it is written: in both passes over a file, and against what is stored."""

from collections.abc import Callable

import pytest

from tests.in_memory.roster import InMemoryRosterService, counted, line

SEVERAL = "cet identifiant est sur plusieurs lignes du fichier"
IDENTIFIER = "10000001"
DISGUISES: dict[str, Callable[[str], str]] = {
    "spaces": lambda text: f" {text}\t",
    "no-break spaces": lambda text: f"\u00a0{text}\u202f",
    "direction": lambda text: f"\u202a{text}\u202c",
    "isolates": lambda text: f"\u2066{text}\u2069",
    "joined words": lambda text: f"\u2060{text[:2]}\u200b{text[2:]}",
    "byte order mark": lambda text: f"\ufeff{text}",
    "soft hyphen": lambda text: f"{text[:2]}\u00ad{text[2:]}",
    "variation selector": lambda text: f"{text}\ufe0f",
    "full width": lambda text: "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text),
}
IN_DIGITS = {**DISGUISES, "spaces inside": " \u202f".join, "tabs inside": "\t".join, "formula": '="{}"'.format}
disguised = pytest.mark.parametrize("disguise", IN_DIGITS.values(), ids=IN_DIGITS)


@disguised
def test_a_person_is_known_and_seen_twice_however_the_identifier_is_written(disguise: Callable[[str], str]) -> None:
    app = InMemoryRosterService()
    prepared = app.take_in(line(), line(disguise(IDENTIFIER), last_name="Petit"), line("10000002"))
    assert [found[3] for found in app.findings(prepared)] == [SEVERAL, SEVERAL]
    assert set(app.stored_rosters()) == {"10000002"}
    assert counted(app.take_in(line(disguise("10000002"), email="p10000002@exemple.fr"))) == {"unchanged": 1}
    assert set(app.stored_rosters()) == {"10000002"}


@disguised
def test_departures_wait_for_a_word_however_identifiers_are_written(disguise: Callable[[str], str]) -> None:
    app = InMemoryRosterService()
    people = [line(f"100000{number}") for number in range(10, 50)]
    app.take_in(*people)
    left = [row | {"identifier": disguise(row["identifier"]), "end_date": "2026-11-01"} for row in people]
    prepared = app.take_in(*left)
    assert (counted(prepared), [departures.leaving for departures in prepared.unconfirmed]) == ({}, [40])


ADDRESS = "foyer@mairie-\u00e9vry.fr"
WRITTEN_ADDRESSES = {
    "zero width": "foyer\u200b@mairie-\u00e9vry.fr",
    "punycode": "foyer@xn--mairie-vry-h7a.fr",
    "decomposed": "foyer@mairie-e\u0301vry.fr",
    "capitals": "FOYER@MAIRIE-\u00c9VRY.FR",
    "with a scheme": "mailto:foyer@xn--mairie-vry-h7a.fr",
    "with a name": "Foyer des jeunes <foyer@mairie-\u00e9vry.fr>",
    **{name: disguise(ADDRESS) for name, disguise in DISGUISES.items()},
}
WRITTEN_NUMBERS = {
    "plain": "0612345678",
    "pairs": "06 12  34 56 78",
    "dots": "06.12.34.56.78",
    "slashes": "06/12/34/56/78",
    "hyphens": "06\u201112\u201034-56\u201378",
    "prefix": "+33612345678",
    "prefix and nought": "+33 (0)6 12 34 56 78",
    "noughts": "0033 6 12 34 56 78",
    "no prefix": "33612345678",
    "no nought": "612345678",
    "with a scheme": "tel:+33612345678",
    **{written: written for written in ("612345678.0", "612345678,0")},
    **{name: disguise("0612345678") for name, disguise in IN_DIGITS.items()},
}


@pytest.fixture
def app() -> InMemoryRosterService:
    return InMemoryRosterService()


@pytest.mark.parametrize("written", WRITTEN_ADDRESSES.values(), ids=WRITTEN_ADDRESSES)
def test_a_mail_address_is_seen_as_shared_however_it_is_written(written: str, app: InMemoryRosterService) -> None:
    app.take_in(line("10000001", email=ADDRESS), line("10000002", email=written))
    assert [entry.shared for entry in app.stored_rosters().values()] == [True, True]


@pytest.mark.parametrize("written", WRITTEN_NUMBERS.values(), ids=WRITTEN_NUMBERS)
def test_a_number_is_seen_as_shared_however_it_is_written(written: str, app: InMemoryRosterService) -> None:
    app.take_in(line("10000001", mobile="06 12 34 56 78"), line("10000002", mobile=written))
    assert [(entry.mobile, entry.shared) for entry in app.stored_rosters().values()] == [("+33612345678", True)] * 2


OVERSEAS = [("75 12 34", "+687 75 12 34"), ("87 12 34 56", "00689 87 12 34 56"), ("0692 12 34 56", "+262 692 12 34 56")]


@pytest.mark.parametrize(("first", "second"), [*OVERSEAS, ("+687 75 12 34", "06 87 75 12 34"), ("0000000000", "néant")])
def test_a_number_overseas_is_one_with_and_without_its_prefix_and_no_other_is(first: str, second: str) -> None:
    app = InMemoryRosterService()
    app.take_in(line("10000001", mobile=first), line("10000002", mobile=second))
    assert [entry.shared for entry in app.stored_rosters().values()] == [(first, second) in OVERSEAS] * 2


@pytest.mark.parametrize("cells", [{"email": "P10000001@EXEMPLE.FR"}, {"mobile": "+33 (0)6 12 34 56 78"}])
def test_a_contact_written_otherwise_changes_nothing(cells: dict[str, str], app: InMemoryRosterService) -> None:
    row = line(mobile="06 12 34 56 78")
    app.take_in(row)
    assert counted(app.take_in(row | cells)) == {"unchanged": 1}


NO_CONTACT = (
    *("néant", "NÉANT", "Neant", "-", "--", "/", ".", "?", "N/A", "n.a.", "NC", "n.c.", "ND", "NR", "aucun", "Aucune"),
    *("aucune adresse", "pas de mail", "pas d'email", "pas d\u2019adresse mail", "Pas de portable", "pas de téléphone"),
    *("sans", "sans mail", "sans objet", "non", "non communiqué", "Non communiquée", "non renseigné"),
    *("inconnu", "rien"),
    *("NULL", "None", "null", "x", "XXX", "vide", "RAS", "0", "0000000000", "00 00 00 00 00"),
)


@pytest.mark.parametrize("written", NO_CONTACT)
def test_a_cell_that_says_that_there_is_no_contact_is_empty(written: str, app: InMemoryRosterService) -> None:
    contacts = ("email", "mobile", "correspondent_email", "correspondent_phone")
    prepared = app.take_in(line(**dict.fromkeys(contacts, written)))
    assert app.findings(prepared) == []
    [entry] = app.stored_rosters().values()
    structure = app.structures.rows["S1"]
    assert (entry.email, entry.mobile, entry.shared) == ("", "", False)
    assert (structure.correspondent_email, structure.correspondent_phone) == ("", "")


@pytest.mark.parametrize("written", ["sans doute", "x y", "nulle part", "louis", "pas@exemple", "06"])
def test_other_words_are_no_contact(written: str, app: InMemoryRosterService) -> None:
    [found] = app.findings(app.check(line(email=written), line("10000002")))
    assert found == ["2", "refus", "adresse email", "ce n'est pas une adresse email"]


@pytest.mark.parametrize("written", ["0140000000", "140000000", "tel:0140000000", "+33 1 40 00 00 00", "'0140000000"])
def test_the_correspondents_number_is_one_however_it_is_written(written: str, app: InMemoryRosterService) -> None:
    rows = line(correspondent_phone="01 40 00 00 00"), line("10000002", correspondent_phone=written)
    assert app.findings(app.take_in(*rows)) == []
    assert app.structures.rows["S1"].correspondent_phone == "01 40 00 00 00"


INVENTED = "adresse sans doute inventée : sans adresse, laissez la cellule vide"
FILLS = ["aucun@aucun.fr", "pas@pas.fr", "pasdemail@orange.fr", "sans.mail@x.fr", "x@x.fr"]


@pytest.mark.parametrize("written", [*FILLS, "na@orange.fr", "x@exemple.fr", "aucun@mairie.fr", "x@x.co.uk"])
def test_an_address_that_only_fills_its_cell_is_a_remark_and_none_that_somebody_may_have(written: str) -> None:
    app = InMemoryRosterService()
    told = [["2", "remarque", "adresse email", INVENTED]] if written in FILLS else []
    assert app.findings(app.check(line(email=written))) == told


DOUBTS = {
    "claire@gmial.com": "adresse sans doute mal écrite : gmail.com ?",
    "claire@hotmail.con": "adresse sans doute mal écrite : hotmail.com ?",
    "claire@ORANGE.F": "adresse sans doute mal écrite : orange.fr ?",
    "aucun@aucun.fr": INVENTED,
}


@pytest.mark.parametrize("written", DOUBTS)
def test_a_doubt_about_a_mail_address_is_told_of_the_correspondents_as_of_a_persons(written: str) -> None:
    app = InMemoryRosterService()
    rows = [line(f"1000000{place}", email="", correspondent_email=written) for place in range(3)]
    told = [["2", "remarque", "email du correspondant", DOUBTS[written]]]
    assert app.findings(app.take_in(*rows)) == told
    assert app.structures.rows["S1"].correspondent_email.casefold() == written.casefold()
    assert app.findings(app.check(*rows, line("10000009", email="", correspondent_email=written))) == []
    changed = [{**row, "structure_name": "Autre"} for row in rows]
    assert told[0] in app.findings(app.check(*changed))
    person = app.check({**rows[0], "email": written, "correspondent_email": "", "structure_id": "S2"})
    assert ["2", "remarque", "adresse email", DOUBTS[written]] in app.findings(person)


def test_an_address_is_no_telephone(app: InMemoryRosterService) -> None:
    beside = line("10000002", email="", structure_id="S2", correspondent_phone="01 40 00 00 00, claire@mairie.example")
    prepared = app.check(line(correspondent_phone="claire@mairie.example"), beside)
    words = "c'est une adresse email : mettez-la dans sa colonne"
    assert app.findings(prepared) == [["2", "refus", "téléphone du correspondant", words]]


TWO_ADDRESSES = "il y a deux adresses : gardez-en une seule"
TWO_NUMBERS = "il y a deux numéros : gardez-en un seul, celui d'un mobile"
MOBILE, EMAIL = "téléphone mobile", "adresse email"
FINDINGS = [
    ({"email": "a@exemple.fr; b@exemple.fr"}, ["refus", EMAIL, TWO_ADDRESSES]),
    ({"correspondent_email": "a@exemple.fr; b@exemple.fr"}, ["refus", "email du correspondant", TWO_ADDRESSES]),
    ({"mobile": "06 12 34 56 78 / 01 40 00 00 00"}, ["refus", MOBILE, TWO_NUMBERS]),
    ({"mobile": "612345678"}, ["remarque", MOBILE, "il manquait le zéro du début : il est remis"]),
    ({"mobile": "0700 12 34 56"}, ["remarque", MOBILE, "ce numéro n'est pas encore dans nos listes : vérifiez-le"]),
    ({"email": "louis@gmial.com"}, ["remarque", EMAIL, "adresse sans doute mal écrite : gmail.com ?"]),
    ({"email": "louis@HOTMAIL.CON"}, ["remarque", EMAIL, "adresse sans doute mal écrite : hotmail.com ?"]),
]


@pytest.mark.parametrize(("cells", "found"), FINDINGS)
def test_what_people_write_into_a_contacts_cell_is_told_once(cells: dict[str, str], found: list[str]) -> None:
    app, rows = InMemoryRosterService(), (line(**cells), line("10000002"))
    assert app.findings(app.take_in(*rows)) == [["2", *found]]
    assert ("10000001" in app.stored_rosters()) is (found[0] == "remarque")
    assert app.findings(app.check(*rows)) == ([["2", *found]] if found[0] == "refus" else [])


@pytest.mark.parametrize(
    "phone", ["01 40 00 00 00 / 06 22 22 22 22", "06 22 22 22 22 (bureau)", "01 40 00 00 00 ou 0622222222"]
)
def test_any_number_of_the_correspondents_cell_is_theirs(phone: str, app: InMemoryRosterService) -> None:
    app.take_in(line(mobile="06 22 22 22 22", correspondent_phone=phone))
    assert app.stored_rosters()["10000001"].shared
