"""Order ids rise, whatever the clock does, and stay numbers that JavaScript can hold."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.ids import EPOCH_MS, OrderIdAllocator

NOW_MS = 1_800_000_000_000


class Clock:
    def __init__(self, *times_ms: int) -> None:
        self.times_ms = list(times_ms)

    def __call__(self) -> int:
        return self.times_ms.pop(0) if len(self.times_ms) > 1 else self.times_ms[0]


@given(
    st.lists(st.integers(EPOCH_MS, EPOCH_MS + 2**40), min_size=1, max_size=60),
    st.integers(0, 7),
)
def test_ids_rise_even_where_the_clock_steps_back(times_ms: list[int], node: int) -> None:
    allocator = OrderIdAllocator(node, Clock(*times_ms))

    ids = [allocator.allocate() for _ in times_ms]

    assert ids == sorted(set(ids))


def test_more_than_512_in_a_millisecond_borrow_from_the_next() -> None:
    allocator = OrderIdAllocator(0, Clock(NOW_MS))

    ids = [allocator.allocate() for _ in range(2_000)]

    assert ids == sorted(set(ids))


def test_borrowed_milliseconds_are_not_given_twice() -> None:
    clock = Clock(NOW_MS)
    allocator = OrderIdAllocator(0, clock)
    borrowed = [allocator.allocate() for _ in range(1_500)]

    clock.times_ms = [NOW_MS + 1]

    assert allocator.allocate() > borrowed[-1]


def test_ids_of_two_nodes_differ_in_the_same_millisecond() -> None:
    nodes = [OrderIdAllocator(node, Clock(NOW_MS)) for node in range(8)]

    ids = [node.allocate() for node in nodes for _ in range(600)]

    assert len(set(ids)) == len(ids)


def test_ids_stay_below_2_to_the_53_until_2094() -> None:
    last_day = int(datetime(2094, 9, 1, tzinfo=UTC).timestamp() * 1000)
    allocator = OrderIdAllocator(7, Clock(last_day))

    assert max(allocator.allocate() for _ in range(600)) < 2**53


def test_ids_tell_when_they_were_made() -> None:
    assert OrderIdAllocator(3, Clock(NOW_MS)).allocate() >> 12 == NOW_MS - EPOCH_MS


@pytest.mark.parametrize("node", [-1, 8])
def test_node_beyond_three_bits_is_refused(node: int) -> None:
    with pytest.raises(ValueError, match="node_id"):
        OrderIdAllocator(node)
