"""What becomes of requests as time goes by: reminders, what lapses, what is erased, and what a closing leaves."""

from tests.functions.desk import CLAIRE, close
from tests.functions.paths import REQUESTS
from tests.functions.people import DAY
from tests.functions.printed import Printed, metrics_in
from tests.functions.requests import IN_A_MONTH, handle, opened, saved, sent
from tests.functions.test_purge import purge
from tests.functions.visitor import Visitor
from tests.functions.world import World


def records(world: World) -> list[str]:
    return sorted(row["record"]["S"].partition("#")[0] for row in world.rows("requests"))


def test_a_draft_is_told_of_a_week_before_and_erased_after_30_days(world: World, louis: Visitor) -> None:
    draft = opened(louis)
    saved(louis, draft, explication="Mes chèques ne sont jamais arrivés.")
    world.advance(22 * DAY)
    assert purge()["requests_reminded"] == 0
    world.advance(DAY)
    assert purge()["requests_reminded"] == 1
    assert [mail.subject for mail in world.deliver()] == ["Votre brouillon sera bientôt effacé"]
    assert purge()["requests_reminded"] == 0
    world.advance(7 * DAY)
    assert purge()["requests_lapsed"] == 1
    assert "jamais arrivés" not in str(world.rows("requests"))
    [counted] = [row for row in world.rows("requests") if row["record"]["S"] == "OPEN"]
    assert counted["open_requests"]["N"] == "0"
    assert "draft_reclamation" not in counted


def test_what_is_not_completed_is_closed_14_days_after_its_date(world: World, louis: Visitor) -> None:
    claim = sent(louis)
    handle(CLAIRE, claim, "take")
    handle(CLAIRE, claim, "ask", field="la date", because="incomplet", before=IN_A_MONTH)
    world.deliver()
    world.advance(24 * DAY)
    assert purge()["requests_reminded"] == 1
    assert [mail.subject for mail in world.deliver()] == ["Plus que quelques jours pour compléter une demande"]
    world.advance(20 * DAY)
    assert purge()["requests_lapsed"] == 0
    world.advance(DAY)
    assert purge()["requests_lapsed"] == 1
    assert purge()["requests_lapsed"] == 0


def test_what_has_ended_is_erased_after_the_year_and_one_more(world: World, louis: Visitor) -> None:
    claim = sent(louis)
    handle(CLAIRE, claim, "take")
    handle(CLAIRE, claim, "refuse", words="Trop tard.")
    world.advance(366 * DAY)
    assert purge()["requests_erased"] == 0
    world.advance(38 * DAY)
    assert purge()["requests_erased"] == 1
    assert records(world) == ["OPEN"]


def test_a_request_that_no_agent_takes_for_five_days_is_counted(world: World, louis: Visitor, printed: Printed) -> None:
    request = sent(louis)

    def counted(seconds: int) -> list[float]:
        """All runs added up."""
        world.advance(seconds)
        purge()
        told = metrics_in(printed.getvalue())
        return [told[name] for name in ("RequestsNotTaken", "RequestsWaiting", "OldestRequestHours")]

    assert [counted(5 * DAY - 1), counted(1)] == [[0, 1, 119], [1, 2, 239]]
    handle(CLAIRE, request, "take")
    assert counted(1) == [1, 3, 359]
    handle(CLAIRE, request, "refuse", words="Elle est arrivée.")
    assert counted(1) == [1, 3, 359]
    told = metrics_in(printed.getvalue())
    assert (told["RequestsSent"], told["RequestsAnswered"]) == (1, 1)


def test_the_draft_of_a_closed_account_takes_no_place_when_its_person_is_back(world: World, louis: Visitor) -> None:
    opened(louis)
    close()
    purge()
    [counted] = world.rows("requests")
    assert (counted["record"]["S"], counted["open_requests"]["N"]) == ("OPEN", "0")
    assert "draft_reclamation" not in counted


def test_a_dry_run_only_counts(world: World, louis: Visitor) -> None:
    opened(louis)
    world.advance(31 * DAY)
    before = world.rows("requests")
    assert purge(dry_run=True)["requests_lapsed"] == 1
    assert world.rows("requests") == before


def test_a_closing_erases_what_has_ended_and_lets_the_cnas_answer_the_rest(world: World, louis: Visitor) -> None:
    ended, waiting = sent(louis), sent(louis)
    louis.post(f"{REQUESTS}/{ended['id']}/withdrawal", {})
    handle(CLAIRE, waiting, "take")
    handle(CLAIRE, waiting, "ask", field="la date", because="incomplet", before=IN_A_MONTH)
    opened(louis)
    close()
    world.advance(1)  # the cleanup's scan is a moment late
    purge()
    [left] = [row for row in world.rows("requests") if row["record"]["S"].startswith("R#")]
    assert (left["number"]["S"], left["state"]["S"]) == (waiting["number"], "examined")
