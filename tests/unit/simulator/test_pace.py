"""Rates, latencies, pauses and what errors call for."""

import pytest

from simulator.api import ApiRefused, Unanswered
from simulator.chance import agent_rng
from simulator.latency import Constant, LogNormal
from simulator.pace import TokenBucket
from simulator.pauses import LONGEST_S, Pauses
from simulator.refusals import BAN_PAUSE_S, PAUSE_S, Reaction, pause_s, reaction_to


class Clock:
    """Stands still unless told."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_a_bucket_gives_its_burst_at_once_and_then_its_rate() -> None:
    clock = Clock()
    bucket = TokenBucket(2.0, 3, clock)
    assert [bucket.take() for _ in range(5)] == [0, 0, 0, 0.5, 1.0]
    clock.now_s = 1.0
    assert bucket.take() == 0.5


def test_a_bucket_that_rested_holds_no_more_than_its_burst() -> None:
    clock = Clock()
    bucket = TokenBucket(2.0, 3, clock)
    clock.now_s = 1000.0
    assert [bucket.take() for _ in range(4)] == [0, 0, 0, 0.5]


def test_over_a_long_time_no_more_than_the_rate_goes_through() -> None:
    clock, taken = Clock(), 0
    bucket = TokenBucket(5.0, 10, clock)
    while clock.now_s < 100:
        clock.now_s += bucket.take()
        taken += 1
    assert taken <= 5 * 100 + 10


def test_a_constant_latency_is_constant() -> None:
    assert {Constant(ms=25).draw_s(agent_rng(1, "a")) for _ in range(5)} == {0.025}


def test_a_lognormal_latency_has_its_median_and_its_end() -> None:
    model, rng = LogNormal(median_ms=80, sigma=0.6, max_ms=400), agent_rng(1, "a")
    drawn = sorted(model.draw_s(rng) for _ in range(4001))
    assert drawn[2000] == pytest.approx(0.080, rel=0.05)
    assert drawn[-1] == 0.4
    assert drawn[0] > 0


@pytest.mark.parametrize(
    ("status", "code", "reaction"),
    [
        (400, -1013, Reaction.DROP),
        (400, -2010, Reaction.DROP),
        (400, -2011, Reaction.DROP),
        (400, -2013, Reaction.DROP),
        (404, None, Reaction.DROP),
        (400, -1021, Reaction.SYNC),
        (400, -1022, Reaction.GIVE_UP),
        (401, -2014, Reaction.GIVE_UP),
        (401, -2015, Reaction.GIVE_UP),
        (429, -1003, Reaction.PAUSE),
        (429, -1015, Reaction.PAUSE),
        (429, None, Reaction.PAUSE),
        (418, -1003, Reaction.PAUSE),
        (503, -1008, Reaction.PAUSE),
        (503, None, Reaction.ASK),
        (504, -1007, Reaction.ASK),
        (500, None, Reaction.ASK),
        (502, None, Reaction.ASK),
        (408, -1007, Reaction.ASK),
    ],
)
def test_what_an_error_calls_for(status: int, code: int | None, reaction: Reaction) -> None:
    assert reaction_to(status, code) is reaction


def test_a_halt_is_told_by_its_text_alone() -> None:
    halted = ApiRefused(400, -2010, '{"code":-2010,"msg":"Market is closed."}', None)
    assert halted.reaction is Reaction.CLOSED


@pytest.mark.parametrize(
    ("status", "retry_after", "seconds"),
    [
        (429, "7", 7),
        (429, None, PAUSE_S),
        (418, None, BAN_PAUSE_S),
        (418, "300", 300),
        (429, "soon", PAUSE_S),
        (429, "999999999", 86_400),
    ],
)
def test_how_long_an_error_pauses(status: int, retry_after: str | None, seconds: float) -> None:
    assert pause_s(status, retry_after) == seconds


def test_pauses_grow_until_something_succeeds() -> None:
    pauses = Pauses()
    grown = [pauses.after(Unanswered("gone")) for _ in range(10)]
    assert grown[:4] == [0.5, 1, 2, 4]
    assert grown[-1] == LONGEST_S
    pauses.forget()
    assert pauses.after(Unanswered("gone")) == 0.5


def test_a_pause_is_at_least_what_the_exchange_asks_for() -> None:
    pauses = Pauses()
    assert pauses.after(ApiRefused(429, -1003, "too much", "30")) == 30
    assert pauses.after(ApiRefused(429, -1003, "too much", "0")) == 1.0


def test_a_key_that_does_not_hold_is_no_reason_to_wait() -> None:
    with pytest.raises(ApiRefused, match="-2015"):
        Pauses().after(ApiRefused(401, -2015, "Invalid API-key", None))
