"""The terminal client: which call each command makes, and what the agent reads."""

import argparse
import io
import json
import subprocess
import sys
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from botocore.credentials import Credentials
from botocore.exceptions import SSLError
from botocore.httpsession import URLLib3Session
from rich.console import Console

from support_cli.__main__ import _signed_desk, _writable, main
from support_cli.client import RefusedError, SignedDesk, _read
from tests.unit.refusals import failing, refused

PETIT, MASKED = {"first_name": "Rose", "last_name": "Petit"}, "à l'adresse r•••@m•••.com"
NOT_DELIVERED = {
    "standing": "not_delivered",
    "line": "non remis (adresse refusée)",
    "sentence": "Le code n'est pas là.",
}
MAIL = {"channel": "email", "masked": MASKED, "is_proven": False, "deliverability": "undeliverable"}
SMS = {"channel": "sms", "masked": "au numéro se terminant par 56", "is_proven": True}
LOOKED = {"at": "2026-11-24T09:30:00Z", "when": "le 24/11 à 10 h 30", "kind": "desk_looked", "agent": "claire"}
FILE = {
    "identifier": "10000005",
    **PETIT,
    "birth_name": "Saint-Martin",
    "structure_id": "S1",
    "structure": "Mairie de Mondomaine",
    "state": "invited",
    "status": NOT_DELIVERED,
    "contacts": [{**MAIL, "held_until": "le 25/11 à 10 h 30"}, SMS],
    "closing_asked_by": "karim",
    "timeline": [{**LOOKED, "label": "Consulté. Motif : [red]appel[/red]"}],
}
FOUND: dict[str, Any] = {
    "people": [{"identifier": "10000005", **PETIT, "birth_name": "Saint-Martin"}],
    "has_more": True,
}


@dataclass
class FakeDesk:
    """Answers every call with one answer, or refuses; `asked` holds the calls."""

    answer: dict[str, Any] = field(default_factory=lambda: FILE)
    refusal: str = ""
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def ask(self, path: str, body: dict[str, Any]) -> Any:
        self.asked.append((path, body))
        if self.refusal:
            raise RefusedError(self.refusal)
        return self.answer


def run(desk: FakeDesk, *line: str, said: dict[str, str] | None = None) -> tuple[int, str]:
    """The exit status, and what the terminal shows; `said` answers questions by their first word."""
    shown, answers = io.StringIO(), said or {}
    terminal = Console(file=shown, width=120)
    status = main(line, terminal, desk=lambda _: desk, ask=lambda question: answers[question.split()[0]])
    return status, shown.getvalue()


COMMANDS = [
    (("find", "10000005"), "person", {}),
    (("check-contact", "10000005", "--mobile", "0692123456"), "contact/check", {"mobile": "0692123456"}),
    (("correct-contact", "10000005", "--email", "rose@exemple.fr"), "contact", {"email": "rose@exemple.fr"}),
    (("confirm-contact", "10000005"), "contact/confirmation", {}),
    (("correct-name", "10000005", "--name", "Dupont"), "name", {"last_name": "Dupont"}),
    (("confirm-name", "10000005"), "name/confirmation", {}),
    (("send-again", "10000005"), "code", {}),
    (("clear-counters", "10000005"), "counters", {}),
    (("unlock", "10000005"), "lock", {}),
    (("lift-mark", "10000005"), "address", {}),
    (("close", "10000005"), "closing", {}),
    (("confirm-closing", "10000005"), "closing/confirmation", {}),
]


@pytest.mark.parametrize(("line", "path", "more"), COMMANDS)
def test_a_command_makes_its_call_and_shows_the_answer(line: tuple[str, ...], path: str, more: dict[str, str]) -> None:
    desk = FakeDesk({"matches": True} if path == "contact/check" else FILE)
    status, shown = run(desk, "--reason", "Appel", *line)
    assert (status, desk.asked) == (0, [(path, {"identifier": "10000005", **more, "reason": "Appel"})])
    assert ("Oui : ce contact est dans le dossier." if path == "contact/check" else "non remis") in shown


@pytest.mark.parametrize("gone", [EOFError, KeyboardInterrupt])
def test_a_question_that_nobody_answers_ends_the_command(gone: type[BaseException]) -> None:
    def ask(_: str) -> str:
        raise gone

    shown, desk = io.StringIO(), FakeDesk()
    status = main(["find", "10000005"], Console(file=shown), desk=lambda _: desk, ask=ask)
    assert (status, desk.asked) == (1, [])
    assert "Rien n'a été demandé" in shown.getvalue()


OF_A_TIMELINE = ["Quand", "La", "personne", "lit", "Agent"]


def test_a_file_is_shown_with_the_sentence_to_say_and_obeys_no_markup() -> None:
    _, shown = run(FakeDesk(), "--reason", "Appel", "find", "10000005")
    for words in (
        "10000005  Rose Petit (nom de naissance : Saint-Martin)",
        "email  r•••@m•••.com (pas encore vérifié, n'a pas pu être joint, rien n'y part avant le 25/11",
        "SMS    numéro se terminant par 56 (vérifié)",
        *("Mairie de Mondomaine (S1)", "À dire", "Le code n'est pas là.", "Fermeture demandée par karim"),
        *("[red]appel[/red]", "claire"),
    ):
        assert words in shown
    assert OF_A_TIMELINE in [words.split() for words in shown.splitlines()]


def test_a_held_contact_says_that_a_colleague_confirms_it_and_that_the_next_roster_replaces_it() -> None:
    correct = ("--reason", "Appel", "correct-contact", "10000005", "--email", "a@exemple.fr")
    shown = " ".join(run(FakeDesk(), *correct)[1].split())
    assert "Un autre agent doit confirmer le contact corrigé : confirm-contact." in shown
    assert "Le prochain fichier de la structure remplace la correction" in shown
    free = {**FILE, "contacts": [SMS]}
    assert "Le prochain fichier" not in run(FakeDesk(free), *correct)[1]


def test_a_name_that_waits_says_that_a_colleague_confirms_it_and_that_the_next_roster_replaces_it() -> None:
    asked = {"last_name": "Dupont", "agent": "claire", "until": "le 01/12 à 10 h 30"}
    desk = FakeDesk({**FILE, "name_correction": asked})
    shown = " ".join(run(desk, "correct-name", "10000005", said={"Nom": "Dupont", "Motif": "Appel"})[1].split())
    assert desk.asked[-1][1] == {"identifier": "10000005", "last_name": "Dupont", "reason": "Appel"}
    assert "Nom demandé par claire : Dupont." in shown
    assert "Un autre agent doit le confirmer (confirm-name) avant le 01/12 à 10 h 30." in shown
    assert "Le prochain fichier de la structure le remplace" in shown


def obeyed(text: str) -> set[str]:
    return {char for char in text if char != "\n" and unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp"}}


def everywhere(answer: Any) -> Any:
    """The answer with something that a terminal obeys in every text of it that no rule of ours has chosen."""
    if isinstance(answer, dict):
        ours = {"channel", "standing", "deliverability", "kind", "state"}
        return {name: value if name in ours else everywhere(value) for name, value in answer.items()}
    if isinstance(answer, list):
        return [everywhere(member) for member in answer]
    return "Ro\x1b[2Jse\u202e\x9b1m\u2028\r\n\tPetit\u200b" if isinstance(answer, str) else answer


@pytest.mark.parametrize(
    ("answer", "line"), [(FILE, ("find", "10000005")), (FOUND, ("find", "--structure", "S1", "--name", "pet"))]
)
def test_nothing_that_the_service_says_is_obeyed_by_the_terminal(answer: dict[str, Any], line: tuple[str, ...]) -> None:
    _, shown = run(FakeDesk(everywhere(answer)), "--reason", "Appel", *line)
    assert "Ro[2Jse1m" in shown
    assert obeyed(shown) == set()


def test_a_refusal_fails_and_keeps_its_lines_and_nothing_else_that_a_terminal_obeys() -> None:
    told = run(FakeDesk(refusal="Refusé\x1b[2J\nmotif : \u202etrop court"), "--reason", "x", "find", "1")
    assert told == (1, "Refusé[2J\nmotif : trop court\n")


def test_a_search_shows_the_people_with_their_structure_and_says_when_there_are_more() -> None:
    desk, line = FakeDesk(FOUND), ("--reason", "Appel", "find", "--structure", "S1", "--name", "pet")
    _, shown = run(desk, *line)
    assert desk.asked == [("search", {"structure_id": "S1", "last_name": "pet", "reason": "Appel"})]
    assert "10000005" in shown
    assert "précisez le nom" in shown
    assert "Personne de ce nom" in run(FakeDesk({"people": [], "has_more": False}), *line)[1]
    people = [{**person, "structure_id": "S1"} for person in FOUND["people"]]
    of_one = {"people": people, "has_more": False, "structures": [{"structure_id": "S1", "name": "Mairie"}]}
    assert "Mairie" in run(FakeDesk(of_one), *line)[1]


MEANT = [
    ([], False, ["À dire : donnez-moi le nom exact de votre employeur."]),
    (["Mairie"], False, ["À dire : épelez-moi votre nom"]),
    (["Mairie d'Ici"], True, ["Mairie d'Ici", "Trop de structures portent ce nom"]),
]


@pytest.mark.parametrize(("names", "has_more", "words"), MEANT)
def test_a_search_says_which_structures_it_may_mean(names: list[str], has_more: bool, words: list[str]) -> None:
    structures = [{"structure_id": "S7", "name": name} for name in names]
    desk = FakeDesk({"people": [], "has_more": False, "structures": structures, "has_more_structures": has_more})
    status, shown = run(desk, "--reason", "Appel", "find", "--structure", "mairie", "--name", "x")
    assert (status, [said for said in words if said in shown]) == (1, words)


def test_what_the_line_does_not_say_is_asked_for() -> None:
    desk, who = FakeDesk({"matches": False}), {"identifier": "10000005", "reason": "Appel"}
    said = {"Motif": "Appel", "Adresse": "rose@exemple.fr", "Structure": "S1", "Nom,": "pet"}
    assert "Non : ce contact n'est pas" in run(desk, "check-contact", "10000005", "--email", said=said)[1]
    desk.answer = FOUND
    run(desk, "find", said=said | {"Identifiant": ""})
    desk.answer = FILE
    run(desk, "find", said={"Identifiant": "10000005", "Motif": "Appel"})
    run(desk, "find", "10000005", "--reason", "Appel")
    desk.answer = STRUCTURE
    run(desk, "correspondents", "--structure", "S1", said={"Motif": "Appel"})
    asked = [("contact/check", who | {"email": "rose@exemple.fr"}), ("search", ASKED | {"last_name": "pet"})]
    assert desk.asked == [*asked, ("person", who), ("person", who), ("structure", ASKED)]


MISTAKES = [
    ((), "il manque : commande"),
    (("unlock",), "il manque : identifiant"),
    (("search",), "'search' est inconnu (au choix : 'find', "),
    (("check-contact", "1"), "il faut l'un de ceux-ci : --email --mobile"),
    (("check-contact", "1", "--email", "a@b.fr", "--mobile", "06"), "--mobile : ne va pas avec --email"),
    (("find", "1", "2"), "en trop : 2"),
    (("find", "1", "--reason"), "--reason : il manque sa valeur"),
    (("-hx",), "la valeur 'x' est en trop"),
]


@pytest.mark.parametrize(("line", "words"), MISTAKES)
def test_a_mistake_on_the_command_line_is_told_in_french(
    line: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    error = refused(SystemExit, run, FakeDesk(), *line)
    told = capsys.readouterr().err
    assert error.code == 2
    assert words in told
    assert told.startswith("usage : ")
    assert "support_cli" in told
    assert [english for english in ("error:", "argument ", "required") if english in told] == []


@pytest.mark.parametrize("command", [(), ("find",), ("correct-contact",)])
def test_the_help_says_what_a_reason_is_in_french(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    refused(SystemExit, run, FakeDesk(), *command, "--help")
    told = " ".join(capsys.readouterr().out.split())
    assert [english for english in ("show this", "positional", "usage:") if english in told] == []
    assert "3 à 200 caractères, sur une ligne" in told
    refused(SystemExit, argparse.ArgumentParser().parse_args, ["--help"])
    assert "show this help" in capsys.readouterr().out


NO_URLS = ["", "desk.example/live", "https://", "https://desk.example:port", "https://[::1", "ftp://x"]


@pytest.mark.parametrize("url", NO_URLS)
def test_an_address_that_is_none_is_told_in_a_sentence(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "none")
    with pytest.raises(RefusedError, match="doit être entière" if url else "SUPPORT_URL"):
        _signed_desk(url)
    assert _signed_desk("https://desk.example").url == "https://desk.example"


DESK = "[profile desk]\n"
ROLE = "sso_region = eu-west-3\nsso_account_id = 123456789012\nsso_role_name = HelpDesk\n"
SSO = f"{DESK}sso_start_url = https://cnas.awsapps.com/start\n{ROLE}"
UNUSABLE = [
    ("", "nobody", "Ce profil AWS n'existe pas : vérifiez AWS_PROFILE."),
    (SSO, "desk", "Votre session AWS a expiré : reconnectez-vous (aws sso login), puis recommencez."),
    (f"{DESK}aws_access_key_id = AKIAEXAMPLE", "desk", "Il manque une partie de vos identifiants AWS"),
    (f"{DESK}credential_process = /nowhere/at-all", "desk", "inutilisables (FileNotFoundError) : vérifiez ~/.aws"),
    ("no ini file", "desk", "Votre configuration AWS est illisible"),
]


@pytest.mark.parametrize(("config", "name", "said"), UNUSABLE)
def test_lacking_credentials_are_told_in_one_french_sentence(config: str, name: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "config").write_text(config)
    files = {"AWS_CONFIG_FILE": str(tmp_path / "config"), "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none")}
    shell = {"HOME": str(tmp_path), "PATH": "", "SUPPORT_URL": "https://127.0.0.1:9"}
    environment = {**shell, **files, "AWS_PROFILE": name, "AWS_EC2_METADATA_DISABLED": "true"}
    line = [sys.executable, "-m", "support_cli", "find", "1", "--reason", "Appel"]
    ended = subprocess.run(line, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)
    assert (ended.returncode, ended.stderr, len(ended.stdout.splitlines())) == (1, "", 1)
    assert said in ended.stdout


@pytest.mark.parametrize(("encoding", "shown", "status"), [("cp1252", "?ng", 1), ("utf-8", "Đặng", 0)])
def test_a_terminal_without_all_letters_shows_the_rest_and_says_so(encoding: str, shown: str, status: int) -> None:
    screen = io.BytesIO()
    stream = io.TextIOWrapper(screen, encoding=encoding)
    _writable(stream)
    desk = FakeDesk({**FILE, "last_name": "Đặng"})
    line = ("--reason", "Appel", "find", "10000005")
    assert main(line, Console(file=stream, width=120), desk=lambda _: desk, ask=pytest.fail) == status
    stream.flush()
    told = screen.getvalue().decode(encoding)
    assert shown in told
    assert ("un point d'interrogation les remplace" in told) == bool(status)


@pytest.mark.parametrize("content", [b"<html>", b"[]", b"\xff", b""])
@pytest.mark.parametrize("status", [200, 404])
def test_an_answer_of_something_else_is_told_in_a_sentence(status: int, content: bytes) -> None:
    with pytest.raises(RefusedError, match="n'est pas celle du service"):
        _read(status, content)


def test_a_desk_that_does_not_answer_is_a_refusal() -> None:
    desk = SignedDesk("https://127.0.0.1:9", "eu-west-3", Credentials("AKIAEXAMPLE", "none"))
    with pytest.raises(RefusedError, match="ne répond pas"):
        desk.ask("person", {})


SIGNATURES = [
    ("The request signature we calculated does not match the signature you provided.", "clé secrète"),
    ("The security token included in the request is invalid.", "AWS ne connaît pas vos identifiants"),
    ("The security token included in the request is expired", "Votre session AWS a expiré"),
    ("Credential should be scoped to a valid region, not 'us-east-1'.", "vérifiez AWS_REGION"),
    ("Signature expired: 20261124T093000Z is now earlier than 20261124T094000Z", "L'heure de votre ordinateur"),
    ("User: arn:aws:iam::1:user/x is not authorized to perform: execute-api:Invoke", "n'ont pas accès"),
    ("Something new", "Accès refusé (403) : Something new"),
]


@pytest.mark.parametrize(("told", "words"), SIGNATURES)
def test_what_the_gateway_says_of_a_signature_is_told_in_french(told: str, words: str) -> None:
    for name in ("message", "Message"):
        error = refused(RefusedError, _read, 403, json.dumps({name: told}).encode())
        assert words in str(error)
        assert (told in str(error)) == (told == "Something new")


def test_a_certificate_that_is_not_known_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    unknown = SSLError(endpoint_url="https://desk.example", error=OSError("certificate verify failed"))
    monkeypatch.setattr(URLLib3Session, "send", failing(unknown))
    with pytest.raises(RefusedError, match="AWS_CA_BUNDLE"):
        SignedDesk("https://desk.example", "eu-west-3", Credentials("AKIAEXAMPLE", "none")).ask("person", {})


def test_words_that_the_terminal_s_encoding_garbles_are_told_as_that_and_not_sent() -> None:
    reason = "Appel reçu".encode().decode("ascii", "surrogateescape")
    named = ("invite-correspondent", "--structure", "S1", "--first-name", "Zo\udce9", "--reason", "Appel", "--yes")
    for line in (("find", "10000005", "--reason", reason), named):
        desk = FakeDesk(STRUCTURE)
        status, shown = run(desk, *line)
        assert (status, desk.asked) == (1, [])
        assert "n'envoie pas ses accents en UTF-8" in shown


def test_without_credentials_the_address_is_not_blamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(RefusedError, match="Il manque vos identifiants AWS"):
        _signed_desk("https://desk.example")


def test_a_refusal_names_what_is_wrong() -> None:
    fault = {"pointer": "/reason", "code": "too-short", "detail": "Écrivez au moins 3 caractères."}
    content = json.dumps({"detail": "Une information manque.", "errors": [fault]}).encode()
    with pytest.raises(RefusedError, match=r"^Une information manque\.\nmotif : Écrivez au moins 3 caractères\.$"):
        _read(422, content)


FONTAINE = {"last_name": "Fontaine", "first_name": "Claire"}
STRUCTURE: dict[str, Any] = {
    "structure_id": "S1",
    "name": "Mairie de Mondomaine",
    "roster": {"name": "Claire Fontaine", "email": "claire@exemple.fr", "phone": "", **FONTAINE},
    "correspondents": [
        {**PETIT, "identifier": "C40218866", "state": "invited", "masked": [MASKED], "invited_until": "2026-12-24"}
    ],
    "waiting": {"last_name": "Marin", "first_name": "Zoé", "email": "zoe@exemple.fr", "agent": "karim", "until": "x"},
}
ASKED = {"structure_id": "S1", "reason": "Appel"}


def test_a_structure_shows_who_answers_for_it_and_which_invitation_waits() -> None:
    desk = FakeDesk(STRUCTURE)
    status, shown = run(desk, "--reason", "Appel", "correspondents", "--structure", "S1")
    assert (status, desk.asked) == (0, [("structure", ASKED)])
    for words in ("Claire Fontaine, claire@exemple.fr, aucun téléphone", "C40218866 Rose Petit", "jusqu'au 24/12/2026"):
        assert words in " ".join(shown.split())
    assert "Invitation demandée par karim : Zoé Marin, zoe@exemple.fr." in shown


def test_an_invitation_shows_what_the_roster_gives_and_goes_out_after_a_yes_alone() -> None:
    desk = FakeDesk({**STRUCTURE, "outcome": "invited"})
    line = ("--reason", "Appel", "invite-correspondent", "--structure", "S1")
    status, _ = run(desk, *line, said={"Inviter": "non"})
    assert (status, desk.asked) == (1, [("structure", ASKED)])
    status, shown = run(desk, *line, said={"Inviter": "Oui "})
    assert (status, desk.asked[-1]) == (0, ("invitation", {**ASKED, "last_name": "Fontaine", "first_name": "Claire"}))
    assert "L'invitation est partie." in shown


def test_an_agent_may_say_yes_beforehand_and_put_name_and_mail_right() -> None:
    desk = FakeDesk({**STRUCTURE, "outcome": "waiting"})
    said = ("--last-name", "DE LA FONTAINE", "--first-name", "Zoé", "--email", "autre@exemple.fr", "--yes")
    status, shown = run(desk, "invite-correspondent", "--structure", "S1", *said, "--reason", "Appel")
    assert status == 0
    body = {**ASKED, "last_name": "DE LA FONTAINE", "first_name": "Zoé", "email": "autre@exemple.fr"}
    assert desk.asked[-1] == ("invitation", body)
    assert "un autre agent doit confirmer" in shown


def test_who_confirms_an_invitation_sees_it_first() -> None:
    desk = FakeDesk({**STRUCTURE, "outcome": "linked"})
    line = ("confirm-invitation", "--structure", "S1", "--reason", "Appel")
    assert (run(desk, *line, said={"Confirmer": ""})[0], desk.asked) == (1, [("structure", ASKED)])
    status, shown = run(desk, *line, "--yes")
    assert (status, desk.asked[-1]) == (0, ("invitation/confirmation", ASKED))
    assert "la structure y est ajoutée" in shown


def test_a_link_is_ended_after_a_yes_alone_and_that_it_is_done_is_said() -> None:
    line = ("unlink-correspondent", "c40218866", "--structure", "S1", "--reason", "Appel")
    desk, body = FakeDesk(STRUCTURE), {"identifier": "c40218866", **ASKED}
    status, shown = run(desk, *line, said={"Retirer": "non"})
    assert (status, desk.asked) == (1, [("structure", ASKED)])
    assert "C40218866  Rose Petit" in shown
    for said in ({"said": {"Retirer": "oui"}}, {}):
        desk = FakeDesk({**STRUCTURE, "correspondents": []})
        status, shown = run(desk, *line, *(() if said else ("--yes",)), **said)
        assert (status, desk.asked) == (0, [("structure", ASKED), ("unlinking", body)])
        assert "C'est fait : C40218866 ne répond plus de S1." in shown


def test_structures_for_which_nobody_answers_are_listed_and_go_on() -> None:
    lonely = {"structure_id": "S2", "name": "CCAS", "people": 12}
    desk = FakeDesk({"structures": [lonely], "after": "S2"})
    status, shown = run(desk, "correspondents", "--without", "--after", "S1")
    assert (status, desk.asked) == (0, [("structure/without", {"after": "S1"})])
    assert "12" in shown
    assert "--after S2" in shown
    status, shown = run(FakeDesk({"structures": []}), "correspondents", "--without")
    assert (status, shown) == (1, "Quelqu'un répond de chaque structure.\n")


def test_the_correspondents_of_an_import_are_invited_and_the_others_listed() -> None:
    left = [{"structure_id": "S2", "name": "CCAS", "why": "name"}]
    desk = FakeDesk({"invited": ["S1"], "left": left, "after": "S2"})
    status, shown = run(desk, "invite-correspondents", "--import", "20261124T093000Z-0123", "--reason", "Campagne")
    body = {"import_id": "20261124T093000Z-0123", "after": "", "reason": "Campagne"}
    assert (status, desk.asked) == (0, [("invitations", body)])
    for words in ("Invités : 1.", "CCAS", "le nom et le prénom ne se distinguent pas", "--after S2"):
        assert words in shown


def test_a_correspondents_file_names_their_structures() -> None:
    file = {**FILE, "structure_id": "", "structures": ["S1", "S2"]}
    del file["structure"]
    _, shown = run(FakeDesk(file), "find", "C40218866", "--reason", "Appel")
    assert "Correspondant(e) : S1, S2" in shown


ARRIVALS: dict[str, Any] = {
    "upload": "C40218866-20261124T093200Z-0123456789ab",
    "sender": "C40218866",
    "number": 3,
    "people": [
        {"identifier": "2", "last_name": "Lefèvre", "first_name": "Zoé", "structure_id": "S1", "on_file": "unknown"},
        {"identifier": "3", "last_name": "Petit", "first_name": "Marc", "structure_id": "S1", "on_file": "elsewhere"},
    ],
    "is_done": False,
}


def test_arrivals_are_shown_before_an_agent_takes_them_in_and_not_asked_for_again() -> None:
    line = ("confirm-arrivals", "--upload", ARRIVALS["upload"], "--reason", "Appel")
    body = {"upload": ARRIVALS["upload"], "reason": "Appel"}
    desk = FakeDesk(ARRIVALS)
    status, shown = run(desk, *line, said={"Faire": "non"})
    assert (status, desk.asked) == (1, [("arrivals", body)])
    for words in ("entrées : 3", "Lefèvre", "inconnue", "dans une autre structure", "… et d'autres : 1"):
        assert words in shown
    assert (run(desk, *line, "--yes")[0], desk.asked[-1]) == (0, ("arrivals/confirmation", body))
    done = FakeDesk({**ARRIVALS, "is_done": True})
    status, shown = run(done, *line)
    assert (status, len(done.asked)) == (1, 1)
    assert "Confirmées" in shown


FIELDS = [
    {"id": "explication", "label": "Expliquez-nous.", "value": "Rien reçu.\n[red]Vite[/red]"},
    {"id": "depuis", "label": "Depuis quand ?"},
]
WROTE = {"at": "2026-11-24T09:30:00Z", "when": "le 24/11", "label": "Vous avez écrit.", "words": "Alors ?"}
CASE: dict[str, Any] = {
    "number": "482037615",
    "identifier": "10000005",
    **PETIT,
    "kind": "reclamation",
    "label": "Réclamation",
    "state": "examined",
    "state_label": "En cours d'examen",
    "sent_at": "2026-11-23T23:30:00Z",
    "sent_on": "2026-11-24",
    "sentence": "Au CNAS. Vous n'avez rien à faire.",
    "fields": FIELDS,
    "acts": ["ask", "accept"],
    "timeline": [WROTE],
    "version": 3,
}
ROSE = ("10000005", "482 037 615")
TO_ROSE = {"identifier": "10000005", "number": "482 037 615", "reason": "Suivi"}
TO_COMPLETE = {"field": "la date", "because": "incomplet", "before": "2026-12-24"}
ASK = ("requests", "ask", *ROSE, "--field", "la date", "--because", "incomplet", "--words", "", "--reason", "Suivi")


ACTS = [
    (("look",), {}),
    (("take",), {}),
    (("settle",), {}),
    (("reopen",), {}),
    (("refuse", "--words", "Trop tard."), {"words": "Trop tard."}),
    (("drop", "--words", "Déjà réglé."), {"words": "Déjà réglé."}),
    (("message", "--words", "Bonjour"), {"words": "Bonjour"}),
    (("accept", "--words", ""), {"words": ""}),
    (
        ("ask", "--field", "la date", "--because", "incomplet", "--before", "2026-12-24", "--words", "Quel jour ?"),
        {**TO_COMPLETE, "words": "Quel jour ?"},
    ),
]


@pytest.mark.parametrize(("line", "more"), ACTS, ids=lambda line: line[0] if isinstance(line, tuple) else "")
def test_an_act_on_a_request_makes_its_call_and_shows_the_request(line: tuple[str, ...], more: dict[str, str]) -> None:
    desk, (act, *rest) = FakeDesk(CASE), line
    status, shown = run(desk, "--reason", "Suivi", "requests", act, *ROSE, *rest)
    assert (status, desk.asked) == (0, [(f"requests/{act}", {**TO_ROSE, **more})])
    for words in ("482 037 615  Réclamation : En cours d'examen", "Rose Petit", "[red]Vite[/red]", "(pas de réponse)"):
        assert words in shown
    assert "Alors ?" in shown
    assert "À faire : ask, accept." in shown
    assert OF_A_TIMELINE in [words.split() for words in shown.splitlines()]


def test_an_act_asks_for_its_words_and_for_whatever_else_is_not_given() -> None:
    desk = FakeDesk(CASE)
    said = {"Quoi": "la date", "Pourquoi": "incomplet", "Avant": "2026-12-24", "Ce": "Quel jour ?", "Motif": "Suivi"}
    run(desk, "requests", "ask", *ROSE, said=said)
    run(desk, "requests", "refuse", *ROSE, said={"Ce": "Trop tard.", "Motif": "Suivi"})
    asked = {**TO_ROSE, **TO_COMPLETE, "words": "Quel jour ?"}
    assert [body for _, body in desk.asked] == [asked, {**TO_ROSE, "words": "Trop tard."}]


def test_the_queue_is_a_table_and_says_so_where_nothing_waits() -> None:
    queued = {"requests": [CASE, {**CASE, "news": "message"}], "next": 61, "examined": 2}
    status, shown = run(FakeDesk(queued), "requests", "queue")
    assert status == 0
    for words in ("24/11/2026", "482 037 615", "10000005", "Réclamation", "En cours d'examen", "a écrit"):
        assert words in shown
    assert shown.startswith("À prendre : 61. En cours d'examen : 2.")
    assert shown.endswith("… et d'autres : 61\n")
    status, shown = run(FakeDesk({"requests": [], "next": 0, "examined": 0}), "requests", "queue")
    assert (status, shown) == (1, "Aucune demande n'attend.\n")
    _, shown = run(FakeDesk({"requests": [CASE], "next": 1, "examined": 0}), "requests", "queue")
    assert "d'autres" not in shown


@pytest.mark.parametrize("line", [("requests", "queue"), ("correspondents", "--without")], ids=" ".join)
def test_no_reason_is_asked_for_nor_sent_where_nobody_reads_it(line: tuple[str, ...]) -> None:
    desk = FakeDesk({"requests": [], "next": 0, "examined": 0, "structures": []})
    run(desk, *line)
    run(desk, *line, "--reason", "Suivi")
    assert [set(body) - {"after"} for _, body in desk.asked] == [set(), set()]


def test_the_help_of_a_list_speaks_of_no_reason(capsys: pytest.CaptureFixture[str]) -> None:
    for of, is_told in ((("requests", "queue"), False), (("requests", "look"), True)):
        refused(SystemExit, run, FakeDesk(), *of, "--help")
        assert ("que la personne lira" in " ".join(capsys.readouterr().out.split())) is is_told


@pytest.mark.parametrize("typed", ["24/12/2026", "24.12.2026", "24-12-2026", " 24 12 2026 ", "2026-12-24"])
@pytest.mark.parametrize("is_asked", [False, True], ids=["on the line", "asked for"])
def test_a_day_is_typed_as_in_france(typed: str, *, is_asked: bool) -> None:
    desk = FakeDesk(CASE)
    run(desk, *ASK, *(() if is_asked else ("--before", typed)), said={"Avant": typed})
    assert desk.asked[0][1]["before"] == "2026-12-24"


@pytest.mark.parametrize("typed", ["12/31/2026", "31/02/2027", "demain", "24/12/26", "2026-13-01", "0/0/0000"])
def test_what_is_no_day_is_refused_with_its_form(typed: str) -> None:
    desk = FakeDesk(CASE)
    status, shown = run(desk, *ASK, "--before", typed)
    assert (status, desk.asked) == (1, [])
    assert "JJ/MM/AAAA, par exemple 31/12/2026" in shown
