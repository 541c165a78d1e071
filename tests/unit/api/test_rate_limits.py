"""Counting without Redis: groups of windows are taken whole, and windows end."""

import pytest

from api.optional_redis import OptionalRedis
from api.rate_limits import Admission, LimitReached, RateLimits, Window


def window(name: str, cost: int, limit: int, seconds: int = 10) -> Window:
    return Window(name=name, subject="7", cost=cost, limit=limit, seconds=seconds)


async def test_the_second_group_is_taken_whole_or_not_at_all() -> None:
    limits = RateLimits(OptionalRedis(None), lambda: 100.0)
    weight, wide, narrow = window("weight", 1, 10), window("wide", 2, 10), window("narrow", 2, 3)
    admitted = await limits.admit([weight], [wide, narrow], "memory")
    assert admitted == Admission([1, 2, 2], None)
    with pytest.raises(LimitReached) as reached:
        await limits.admit([weight], [wide, narrow])
    assert (reached.value.window, reached.value.used, list(reached.value.taken)) == (narrow, 2, [2])
    assert reached.value.retry_after_s == 10
    assert await limits.used([weight, wide, narrow]) == [2, 2, 2]


async def test_where_the_first_group_is_full_nothing_is_taken() -> None:
    limits = RateLimits(OptionalRedis(None), lambda: 100.0)
    weight, orders = window("weight", 1, 1), window("orders", 1, 10)
    await limits.admit([weight], [orders])
    with pytest.raises(LimitReached) as reached:
        await limits.admit([weight], [orders])
    assert reached.value.window is weight
    assert await limits.used([weight, orders]) == [1, 1]


async def test_a_new_window_is_empty() -> None:
    now = [100.0]
    limits = RateLimits(OptionalRedis(None), lambda: now[0])
    assert await limits.take([window("orders", 3, 3)]) == [3]
    now[0] += 10
    assert await limits.used([window("orders", 0, 3)]) == [0]
    assert await limits.take([window("orders", 3, 3)]) == [3]


async def test_what_is_given_back_is_of_the_window_that_it_was_taken_from() -> None:
    now = [100.0]
    limits = RateLimits(OptionalRedis(None), lambda: now[0])
    orders = window("orders", 2, 9)
    assert await limits.take([orders]) == [2]
    await limits.give_back([orders], 100)
    assert await limits.used([orders]) == [0]
    await limits.give_back([orders], 100)  # there is nothing left to give back
    assert await limits.take([orders]) == [2]
    now[0] += 10
    assert await limits.take([orders]) == [2]
    await limits.give_back([orders], 100)
    assert await limits.used([orders]) == [2]
