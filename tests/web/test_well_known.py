"""What browsers, password managers and people who found a weakness look for at addresses that everybody knows."""

import datetime as dt
import re
from pathlib import Path

from infra.assets import ROOT
from local.exchange import Answer, Request
from local.front import Front
from tests.web.site import HEADERS
from web.build import build

TODAY = dt.date(2026, 11, 28)


def _get(built: Path, path: str) -> Answer:
    return Front(built, HEADERS).answer(Request("GET", path, "", (), b""))


def _fields(text: str) -> dict[str, str]:
    return dict(re.findall(r"^([A-Z][\w-]+): (.+)$", text, re.MULTILINE))


def test_a_password_manager_is_led_to_the_page_of_the_password(built: Path) -> None:
    answer = _get(built, "/.well-known/change-password")
    assert answer.status == 302
    target = dict(answer.headers)["Location"]
    assert "Modifier votre mot de passe" in _get(built, target).body.decode()


def test_who_found_a_weakness_is_told_whom_to_tell(built: Path) -> None:
    answer = _get(built, "/.well-known/security.txt")
    assert (answer.status, dict(answer.headers)["Content-Type"]) == (200, "text/plain; charset=utf-8")
    fields = _fields(answer.body.decode())
    assert fields.keys() == {"Contact", "Expires", "Preferred-Languages"}
    assert re.fullmatch(r"mailto:[^\s@]+@[^\s@]+", fields["Contact"])
    assert fields["Preferred-Languages"] == "fr, en"


def test_it_says_what_the_project_promises(built: Path) -> None:
    told = " ".join(_get(built, "/.well-known/security.txt").body.decode().replace("\n#", "").split())
    promised = " ".join((ROOT / "SECURITY.md").read_text(encoding="utf-8").split())
    for sentence in (
        "in French or English, before telling anybody else.",
        "You get an answer within two working days.",
        "Please do not test against other people's accounts",
    ):
        assert sentence in told
        assert sentence in promised


def test_each_build_says_anew_until_when_it_holds_less_than_a_year_ahead(tmp_path: Path, built: Path) -> None:
    build(tmp_path, today=TODAY)
    text = (tmp_path / ".well-known" / "security.txt").read_text(encoding="utf-8")
    assert _fields(text)["Expires"] == "2027-10-24T00:00:00Z"
    now = dt.datetime.now(dt.UTC)
    expires = dt.datetime.fromisoformat(_fields(_get(built, "/.well-known/security.txt").body.decode())["Expires"])
    assert now + dt.timedelta(days=300) < expires < now + dt.timedelta(days=365)
