"""What no single module can promise alone."""

import hashlib
import importlib
import re
import subprocess
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from activation.api.faults import DETAILS
from activation.api.problems import INVALID_REQUEST, ROWS, UNAVAILABLE
from activation.domain.employment import RosterEntry
from activation.domain.errors import DomainError, LongerCodeNeededError, MessageTakenError, TimedRefusalError
from activation.domain.events import EventKind
from activation.domain.history import EVENT_WORDS
from activation.domain.passwords import PasswordFault
from activation.texts import consent_text, terms, versions
from functions.account.schemas import RosterBody
from infra.routes import ROUTES, SUPPORT_ROUTES

ROOT = Path(__file__).resolve().parents[2]

NEVER_TOLD = {
    TimedRefusalError,  # a base
    LongerCodeNeededError,  # answered by issuing the code again
    MessageTakenError,  # answered by leaving the message to who has it
}

RELEASED_CONSENTS = {"1": "54fb60911c7a7fe8e84156208a522ab2f0861027fc16c2c712610785197df0c7"}
"""The SHA-256 of every consent text that people may have decided on: never to change."""

RELEASED_TERMS = {"1": "441665a49a92e291cdc5f6834a5dd8293388db8f19dee93930a96b76842af4f0"}
"""The SHA-256 of every document that people may have accepted: never to change."""

RELEASED_KINDS = {
    "attestation-de-droits/1": "35843dc7c10acecd0f32eb7511caba1bce0c5b910bd3c0286292949740c125db",
    "depart-retraite/1": "08b309fb3a8a792ba98c9765da8f14227f6b648842eb33ec748f6e05272d3011",
    "enfant-handicape/1": "fe589f469d5d4c968512baa0a6e5f8faad356a54ea113694054e90fa342db61c",
    "garde-jeunes-enfants/1": "bd432829e56779da685fb071bda8dcd6ed298a4511ef5957776e20f3bab20770",
    "naissance-adoption/1": "76601b5a53518c067c0e6692fb6e768388d6a541918c854e4c6cc055a04457cb",
    "non-versement/1": "1802caa9d091eec7f59270e1e28e0bfcb4b9b7fc69fc897d4063b240d9ea0d27",
    "non-versement/2": "54aa49b26a5c69cb7be481d3691ff67f2072189e3a13213ff43b2a78f9a10d47",
    "permis/1": "3733c4c9f9b7842872044454ef12c820145630db59999ba86bda7f9181cffe9d",
    "reclamation/1": "fc7eeb87eec48b76405e6c2d69850980bb4397037a7c975e20a4b043a8de84ee",
    "reclamation/2": "8573ce7f2aa8ae0c981fa3d3ffdde4071c68dc7533c1d77f562dc355d7112f58",
    "rentree-11-18/1": "90de72003dccb2f12ad38aefc45ed940fe27f4d2d5422a9e7a613805f197aa2b",
    "rentree-19-26/1": "45be9486557b0803b4575579b01ec7ea98f8c2591d5c56271fe284fcc3b364cb",
    "sejour-vacances-enfant/1": "96093e065070e85f993a93d501ccf080be1d9211333461e7a3fd94fb0035a57e",
}
"""The SHA-256 of every version of a kind of request by which people may have asked: never to change."""


def refusals(base: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    for refusal in base.__subclasses__():
        yield refusal
        yield from refusals(refusal)


def test_every_refusal_has_exactly_one_problem() -> None:
    assert set(refusals()) - NEVER_TOLD == set(ROWS)


def test_every_refusal_is_told_under_its_own_name_but_what_is_wrong_with_a_body_and_what_does_not_answer() -> None:
    told = {refusal: row.code for refusal, row in ROWS.items() if row not in (INVALID_REQUEST, UNAVAILABLE)}
    named = {refusal: re.sub(r"(?<=[a-z])(?=[A-Z])", "-", refusal.__name__).lower() for refusal in told}
    assert told == {refusal: name.removesuffix("-error") for refusal, name in named.items()}


def test_what_the_desk_names_and_is_not_there_is_404_and_what_does_not_fit_409() -> None:
    statuses = {row.code: int(row.status) for row in ROWS.values()}
    unfit = {"past-activation", "nothing-to-confirm", "invitation-incomplete", "no-such-link", "too-many-links"}
    assert {code for code in unfit if statuses[code] != 409} == set()
    assert {code for code in statuses if code.endswith("-not-found") and statuses[code] != 404} == set()


def test_every_password_fault_has_its_words() -> None:
    told = {code for field, code in DETAILS if field in ("password", "confirmation")}
    assert {fault.value for fault in PasswordFault} <= told


def test_every_kind_of_event_has_its_words() -> None:
    assert set(EVENT_WORDS) == set(EventKind)


def test_every_problem_is_told_in_french_words_of_its_own() -> None:
    details = {row.detail for row in ROWS.values()}
    assert len(details) == len(set(ROWS.values()))


@pytest.mark.parametrize("function", sorted({route.function for route in (*ROUTES, *SUPPORT_ROUTES)}))
def test_every_route_has_a_function_and_back(function: str) -> None:
    api = importlib.import_module(f"functions.{function}.handler").api
    named = [(route.method, route.path.replace("<", "{").replace(">", "}")) for route in api._dynamic_routes]
    answered = {*named, *((route.method, route.path) for route in api._static_routes)}
    routes = [route for route in (*ROUTES, *SUPPORT_ROUTES) if route.function == function]
    assert answered == {(route.method, route.path) for route in routes}


def test_released_consent_texts_never_change() -> None:
    assert {version: consent_text(version).sha256 for version in versions("consent")} == RELEASED_CONSENTS


def test_released_terms_never_change() -> None:
    assert {version: terms(version).sha256 for version in versions("terms")} == RELEASED_TERMS


def test_released_kinds_of_requests_never_change() -> None:
    files = sorted((ROOT / "activation" / "catalogue").glob("*/*.toml"))
    found = {f"{file.parent.name}/{file.stem}": hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    assert found == RELEASED_KINDS


@pytest.mark.parametrize("version", versions("terms"))
def test_each_version_of_the_terms_is_a_document_that_the_front_serves(version: str) -> None:
    released = terms(version)
    document = ROOT / "web" / released.url.lstrip("/")
    assert hashlib.sha256(document.read_bytes()).hexdigest() == released.sha256


def test_no_use_case_reads_a_clock_or_chance() -> None:
    forbidden = re.compile(r"\b(time\.time|datetime\.now|secrets\.|random\.|os\.environ)")
    globs = ("activation/domain/**/*.py", "activation/imports/*.py", "functions/*/*.py")
    pure = [file for glob in globs for file in ROOT.glob(glob) if file.name != "handler.py"]
    assert pure
    assert [file.name for file in pure if forbidden.search(file.read_text())] == []


def test_no_file_names_a_registry_or_a_place_on_a_machine() -> None:
    hosts = r"pypi[.]org|pythonhosted[.]|npmjs[.]|deb[.]debian"
    places = r"(^|[^A-Za-z0-9._/-])/(home|root|Users)/"
    asked = ["git", "grep", "-lEI", f"{hosts}|{places}", "--", ":!tests/architecture"]
    found = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (found.stdout, found.returncode) == ("", 1)  # git grep's word for « nothing found »


def test_what_a_correspondent_may_see_by_name_has_one_door() -> None:
    rule = "correspondent_may_see_requests(account)"
    files = [*ROOT.glob("activation/**/*.py"), *ROOT.glob("functions/**/*.py")]
    asking = {file.relative_to(ROOT).as_posix() for file in files if rule in file.read_text()}
    # The rule itself stands in consent.py, and the person is told of it on their own page.
    assert asking == {"activation/domain/consent.py", "functions/account/views.py"}


def test_all_that_a_roster_says_of_a_person_is_in_their_export() -> None:
    assert {field.name for field in fields(RosterEntry)} == set(RosterBody.model_fields)


def test_nothing_of_ours_can_be_written_into_a_trace() -> None:
    locked = (ROOT / "requirements.txt").read_text()
    assert "aws-lambda-powertools" in locked
    assert "xray" not in locked.lower()  # Lambda and the gateway trace their own times; segments of ours need its SDK
