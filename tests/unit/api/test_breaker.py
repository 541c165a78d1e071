"""The circuit breaker: when it opens, and what closes it."""

import asyncio

import pytest

from api.breaker import BreakerState, CircuitBreaker, CircuitOpen
from api.errors import unknown_order


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


async def good() -> int:
    return 1


async def bad() -> int:
    raise ConnectionError


async def asked(breaker: CircuitBreaker, outcomes: str) -> str:
    """Run `.` for a success, `x` for a failure; returns what happened, `o` where not asked."""
    seen = ""
    for outcome in outcomes:
        try:
            await breaker.call(good if outcome == "." else bad)
            seen += "."
        except ConnectionError:
            seen += "x"
        except CircuitOpen:
            seen += "o"
    return seen


@pytest.mark.parametrize(
    ("calls", "state"),
    [
        ("xxxx", BreakerState.CLOSED),
        ("xxxxx", BreakerState.OPEN),
        (".x.x.", BreakerState.CLOSED),
        ("..xxx", BreakerState.OPEN),
        ("..........xxxx", BreakerState.CLOSED),
        ("..........xxxxx", BreakerState.OPEN),
    ],
)
async def test_half_of_at_least_five_of_the_last_ten(calls: str, state: BreakerState) -> None:
    breaker = CircuitBreaker("p", Clock())
    await asked(breaker, calls)
    assert breaker.state is state


async def test_three_good_probes_close_it_and_one_bad_opens_it_again() -> None:
    clock = Clock()
    breaker = CircuitBreaker("p", clock)
    assert await asked(breaker, "xxxxx.") == "xxxxxo"
    clock.now_s = 4.9
    assert await asked(breaker, ".") == "o"
    clock.now_s = 5.0
    assert await asked(breaker, ".x.") == ".xo"
    clock.now_s = 10.0
    assert await asked(breaker, "...") == "..."
    assert breaker.state is BreakerState.CLOSED


async def test_no_more_than_three_probes_at_once() -> None:
    clock = Clock()
    breaker = CircuitBreaker("p", clock)
    await asked(breaker, "xxxxx")
    clock.now_s = 5.0
    release = asyncio.Event()

    async def slow() -> int:
        await release.wait()
        return 1

    probes = [asyncio.create_task(breaker.call(slow)) for _ in range(3)]
    await asyncio.sleep(0)
    assert await asked(breaker, ".") == "o"
    release.set()
    assert await asyncio.gather(*probes) == [1, 1, 1]
    assert breaker.state is BreakerState.CLOSED


async def test_an_answer_to_the_client_is_no_failure_of_the_partner() -> None:
    breaker = CircuitBreaker("p", Clock())

    async def answer() -> int:
        raise unknown_order()

    for _ in range(10):
        with pytest.raises(Exception, match="-2013"):
            await breaker.call(answer)
    assert breaker.state is BreakerState.CLOSED
