"""The smoke test does on a deployed stack what the pipelines trust it with, and fails when that fails."""

from typing import NoReturn
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ProfileNotFound

from local.roster import Rosters
from local.running import announced, running_on
from smoke.__main__ import main
from smoke.backstage import Backstage, Synthetic
from smoke.journey import activate, probe
from smoke.site import Site, SmokeError
from tests.stack import Stack


def aws(product: Stack) -> Backstage:
    deployment = product.deployment
    return Backstage(
        rosters=Rosters(running_on(deployment)),
        keys=deployment.engine.client("kms"),
        code_key=deployment.key("CodeKey"),
    )


def test_a_look_changes_nothing(product: Stack) -> None:
    site = Site(product.base)
    assert len(list(probe(site))) > 5
    assert site.cookies == {}


def test_a_code_that_is_not_theirs_fails_the_test(product: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smoke.journey._WAITS", (0.5, 0.5))
    behind = aws(product)
    monkeypatch.setattr(behind, "enrol", lambda: Synthetic("29999998", "Inconnue"))
    with pytest.raises(SmokeError, match="the right code is refused"):
        list(activate(Site(product.base), behind))


def test_nothing_answering_fails_the_test() -> None:
    with pytest.raises(SmokeError, match="does not answer"):
        list(probe(Site("http://127.0.0.1:9")))


@pytest.mark.parametrize(
    "line",
    [
        [],
        ["https://compte.example"],
        ["https://compte.example", "nowhere"],
        ["compte.example", "dev"],
        ["https://compte.example:port", "dev"],
    ],
)
def test_a_line_without_address_or_stage_says_how_it_is_used(
    line: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["smoke", *line])
    with pytest.raises(SystemExit) as left:
        main()
    assert (left.value.code, capsys.readouterr().err.startswith("usage: make smoke URL=")) == (2, True)


def test_somebody_new_activates_on_this_machine_each_time(
    product: Stack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    port = urlsplit(product.base).port or 0
    with announced(product.deployment, port):
        for name in ("127.0.0.1", "localhost"):
            monkeypatch.setattr("sys.argv", ["smoke", f"http://{name}:{port}/", "local"])
            main()
            assert capsys.readouterr().out.endswith("ok: signed out\n")


def test_nothing_running_is_told_in_one_line_and_so_are_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> NoReturn:
        raise ProfileNotFound(profile="nobody")

    monkeypatch.setattr("sys.argv", ["smoke", "http://localhost:9", "local"])
    with pytest.raises(SystemExit, match="nothing runs at"):
        main()
    monkeypatch.setattr("smoke.__main__.backstage", refuse)
    with pytest.raises(SystemExit, match=r"^error: AWS: The config profile \(nobody\) could not be found$"):
        main()
