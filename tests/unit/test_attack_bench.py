"""The attacks that `python -m bench.attack` runs, against the limits in force: the goals hold."""

import pytest

from activation.domain.limits import Limits
from bench import attack
from tests.builders import entry, invited


def test_guessing_one_person_for_a_year_takes_over_one_in_ten_thousand_at_most() -> None:
    year = attack.aim_at_one()
    assert attack.NAMES * year.expected <= attack.MOST_A_YEAR
    assert year.guesses > attack.YEAR


def test_guessing_everybody_takes_over_half_a_person_a_day_at_most() -> None:
    assert attack.spray_below_the_breaker(Limits()) <= attack.MOST_A_DAY
    assert attack.spray_through_the_breaker() <= attack.MOST_A_DAY


def test_guessing_during_a_campaign_takes_over_half_a_person_a_day_at_most_even_when_all_activate_at_once() -> None:
    for spray in (attack.spray_below_the_breaker, attack.spray_at_codes_that_are_out):
        assert 0 < spray(Limits(), attack.POPULATION) <= attack.MOST_A_DAY


def test_right_codes_that_counted_for_every_sign_in_of_a_day_would_miss_the_goal() -> None:
    sign_ins = Limits().sign_in_codes_per_day * attack.POPULATION
    assert attack.spray_below_the_breaker(Limits(), sign_ins) > attack.MOST_A_DAY


def test_codes_that_never_grew_would_miss_both_goals() -> None:
    month = attack.aim_at_one(attack.MONTH, longer_codes_after=100_000, wrong_codes_per_person=100_000)
    assert month.expected > attack.MOST_A_YEAR
    assert attack.POPULATION * month.expected / attack.MONTH > attack.MOST_A_DAY


BOMBED = [
    ({"mobile": ""}, 26),
    ({"mobile": "", "usage_name": "Petit"}, 51),
    ({"email": ""}, 7),
    ({"email": "", "usage_name": "Petit"}, 7),
]


@pytest.mark.parametrize(("reached", "most"), BOMBED)
def test_one_person_gets_so_many_messages_a_day_at_most(reached: dict[str, str], most: int) -> None:
    assert attack.messages_a_day(invited(roster=entry(**reached)), days=3) == most


@pytest.mark.parametrize("accounts", [1, 3])
def test_each_account_that_names_an_address_as_its_own_sends_it_so_many_mails_a_day(accounts: int) -> None:
    assert attack.mails_of_accounts(accounts) == 25 * accounts


def test_the_hours_sms_are_capped_for_all_numbers_together() -> None:
    assert attack.sms_an_hour(people=12, sms_per_hour=20) == 16
