"""The wait grows with rejections, shrinks with acceptances, and is soon as it was."""

import pytest

from codegen_lsp.server.backoff import Backoff
from codegen_lsp.statistics.records import Outcome

NOW = 1000.0


def after(*outcomes: Outcome) -> Backoff:
    backoff = Backoff()
    for outcome in outcomes:
        backoff.note(outcome, NOW)
    return backoff


def test_nothing_known_changes_nothing() -> None:
    assert after().factor(NOW) == 1
    assert after(Outcome.SENT, Outcome.SHOWN).factor(NOW) == 1


def test_rejections_weigh_more_than_being_ignored() -> None:
    ignored, rejected = after(Outcome.IGNORED), after(Outcome.REJECTED)
    assert 1 < ignored.factor(NOW) < rejected.factor(NOW)


def test_acceptances_shorten_the_wait() -> None:
    whole, partly = after(Outcome.ACCEPTED), after(Outcome.PARTIALLY_ACCEPTED)
    assert whole.factor(NOW) < partly.factor(NOW) < 1
    assert after(Outcome.REJECTED, Outcome.ACCEPTED).factor(NOW) < 1


def test_it_stays_between_a_half_and_four() -> None:
    assert after(*[Outcome.REJECTED] * 50).factor(NOW) == 4
    assert after(*[Outcome.ACCEPTED] * 50).factor(NOW) == 0.5


def test_one_acceptance_makes_up_for_four_that_are_ignored() -> None:
    outcomes = [*[Outcome.IGNORED] * 4, Outcome.ACCEPTED] * 3
    assert after(*outcomes).factor(NOW) == pytest.approx(1)


def test_it_forgets_within_minutes() -> None:
    for backoff in (after(*[Outcome.REJECTED] * 9), after(*[Outcome.ACCEPTED] * 9)):
        factors = [backoff.factor(NOW + minutes * 60) for minutes in (0, 2, 4, 30)]
        distances = [abs(factor - 1) for factor in factors]
        assert distances == sorted(distances, reverse=True)
        assert factors[-1] == pytest.approx(1, abs=0.001)
    assert after(*[Outcome.REJECTED] * 9).factor(NOW + 120) == pytest.approx(2)
