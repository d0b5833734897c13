"""The smoke test does on a deployed stack what the pipelines trust it with, and fails when that fails."""

import pytest

from tests.smoke.backstage import AwsBackstage, LocalBackstage, Synthetic
from tests.smoke.journey import activate, probe
from tests.smoke.site import Site, SmokeError
from tests.stack import Stack


def aws(product: Stack) -> AwsBackstage:
    """The deployed stack's roster function and code key."""
    deployment = product.deployment
    return AwsBackstage(
        functions=deployment.engine.client("lambda"),
        keys=deployment.engine.client("kms"),
        enrolment=deployment.function("import_roster"),
        code_key=deployment.key("CodeKey"),
    )


def test_somebody_who_does_not_exist_activates_an_account(product: Stack) -> None:
    done = list(activate(Site(product.base), aws(product)))
    assert done[-1] == "signed out"


def test_a_look_changes_nothing(product: Stack) -> None:
    site = Site(product.base)
    assert len(list(probe(site))) > 5
    assert site.cookies == {}


def test_a_code_that_is_not_theirs_fails_the_test(product: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.smoke.journey._WAITS", (0.5, 0.5))
    behind = aws(product)
    monkeypatch.setattr(behind, "enrol", lambda: Synthetic("29999998", "Inconnue"))
    with pytest.raises(SmokeError, match="the right code is refused"):
        list(activate(Site(product.base), behind))


def test_nothing_answering_fails_the_test() -> None:
    with pytest.raises(SmokeError, match="does not answer"):
        list(probe(Site("http://127.0.0.1:9")))


def test_the_inbox_stands_in_for_the_key_on_one_machine(product: Stack) -> None:
    site = Site(product.base)
    behind = LocalBackstage(site)
    person = behind.enrol()
    site.expect(202, "POST", "/api/activation", {"identifier": person.identifier, "last_name": person.last_name})
    assert len(behind.code("flow")) == 6
