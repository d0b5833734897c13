"""What `make roster` and `make terms` make of what they are told."""

from pathlib import Path
from typing import NoReturn

import pytest
from botocore.exceptions import EndpointConnectionError

from activation.domain.roster.imports import INCOMING, STATES, State, UploadOption, import_id_of
from local.orders import Order, UsageError, read_order, read_port
from local.roster import RosterCommandError, last_import, main, of_sort, shown
from web import release_terms

IMPORT = import_id_of("incoming/a.csv", "1", 1_795_512_720)


@pytest.fixture
def file(tmp_path: Path) -> str:
    place = tmp_path / "personnes.csv"
    place.touch()
    return str(place)


@pytest.mark.parametrize("yes", ["1", "yes", "oui", "OUI", " oui "])
def test_a_setting_is_yes_in_two_languages(yes: str, file: str) -> None:
    options = ("APPLY", "CONFIRM", "CONFIRM_NAMES", "CONFIRM_CHANGES", "CONFIRM_CORRESPONDENTS")
    told = read_order({"FILE": file, **dict.fromkeys(options, yes), "SENDER": "agent@cnas.example"})
    assert told.said == {**dict.fromkeys(UploadOption, "yes"), UploadOption.SENDER: "agent@cnas.example"}
    assert read_order({"UNDO": yes}).undoes_last
    assert read_order({"FIGURES": yes}).figures


@pytest.mark.parametrize("no", ["", "0"])
def test_a_setting_is_no_when_it_says_nothing_or_nought(no: str, file: str) -> None:
    assert read_order(
        {"FILE": file} | dict.fromkeys(("APPLY", "CONFIRM", "CONFIRM_NAMES", "UNDO", "FIGURES"), no)
    ) == Order({}, Path(file))


@pytest.mark.parametrize("name", ["APPLY", "CONFIRM", "CONFIRM_NAMES", "UNDO", "FIGURES"])
@pytest.mark.parametrize("said", ["no", "non", "true", "2", "off"])
def test_any_other_word_is_refused_by_the_setting_s_name(name: str, said: str, file: str) -> None:
    with pytest.raises(UsageError, match=rf"^{name}={said} : écrivez 1, yes ou oui"):
        read_order({"FILE": file, name: said})


@pytest.mark.parametrize("said", ["abc", "0", "65536", "-1", "²", "8000.0", pytest.param("9" * 5000, id="5000 digits")])
def test_a_port_that_is_none_is_told_in_one_french_line(
    said: str, file: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FILE", file)
    monkeypatch.setenv("PORT", said)
    with pytest.raises(SystemExit) as left:
        main()
    line = f"erreur : PORT={said[:20]} : écrivez un numéro de port, de 1 à 65535\n"
    assert (left.value.code, capsys.readouterr().err) == (2, line)


def test_a_port_is_8000_unless_one_is_named() -> None:
    assert [read_port({}), read_port({"PORT": ""}), read_port({"PORT": "8080"})] == [8000, 8000, 8080]


def test_a_service_that_went_away_is_told_in_one_french_line(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_: int) -> NoReturn:
        raise EndpointConnectionError(endpoint_url="https://127.0.0.1:9")

    monkeypatch.setenv("FILE", file)
    monkeypatch.setattr("local.roster.find_running", gone)
    with pytest.raises(SystemExit, match=r"^erreur : le service refuse, ou ne répond pas \(EndpointConnectionError\)$"):
        main()


@pytest.mark.parametrize("line", [[], ["soon"], ["2027-02-30"], ["2027-01-15", "2027-01-16"]])
def test_terms_of_no_day_say_how_the_command_is_used(
    line: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["release_terms", *line])
    with pytest.raises(SystemExit) as left:
        release_terms.main()
    assert (left.value.code, capsys.readouterr().err) == (2, "usage: make terms DATE=2027-01-15\n")


def test_an_import_is_undone_by_its_name_and_the_last_of_its_sort_by_none() -> None:
    of_states = import_id_of("states/a.csv", "1", 1_795_512_720)
    for import_id in (IMPORT, of_states):
        assert read_order({"UNDO": import_id}) == Order(undo=import_id)
    reported = [(of_states, State.APPLIED), (IMPORT, State.APPLIED)]
    assert [last_import(of_sort(folder, reported)) for folder in (INCOMING, STATES)] == [IMPORT, of_states]


def test_each_command_says_how_it_is_used_and_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    for command in ("roster", "request-states"):
        with pytest.raises(UsageError, match=f": make {command} FILE="):
            read_order({}, command=command)
    for named, words in (
        ("", "donnez le fichier"),
        ("absent.csv", "introuvable : absent.csv"),
        (str(tmp_path), f"c'est un dossier : {tmp_path}"),
    ):
        with pytest.raises(UsageError, match=words):
            read_order({"FILE": named})


def test_the_last_import_is_undone_checks_and_refusals_apart_and_none_passed_over_for_an_earlier_one() -> None:
    reported = [("5", State.CHECKED), ("4", State.REFUSED), ("3", State.APPLIED), ("2", State.UNDONE)]
    assert last_import(reported) == "3"
    assert last_import([("3", State.FAILED), ("2", State.APPLIED)]) == "3"
    with pytest.raises(RosterCommandError, match=r"^3 est déjà annulé ; pour en annuler un autre : UNDO=<import>$"):
        last_import([("4", State.CHECKED), ("3", State.UNDONE), ("2", State.APPLIED)])
    with pytest.raises(RosterCommandError, match="aucun import à annuler"):
        last_import([("4", State.CHECKED)])


def test_a_finding_is_shown_with_its_semicolons_and_without_the_quotes_of_a_csv() -> None:
    report = b'\xef\xbb\xbfligne;nature;colonne;motif\r\n2;refus;nom;"un \xc2\xab ; \xc2\xbb, effacez-le"\r\n'
    assert list(shown(report)) == ["2  refus  nom  un « ; », effacez-le"]
    assert list(shown(report + b"3;refus;nom;x\r\n" * 20))[20:] == ["… 1 autre dans le rapport"]
    assert list(shown(report[:29])) == list(shown(b"")) == []


def test_nothing_running_is_told_in_french(monkeypatch: pytest.MonkeyPatch, file: str) -> None:
    monkeypatch.setenv("FILE", file)
    monkeypatch.setenv("PORT", "1")
    with pytest.raises(SystemExit, match=r"^erreur : rien ne tourne sur le port 1 : lancez d'abord `make run`$"):
        main()
