"""A checkpoint is gone on from only where all that it adds up to was told."""

import msgspec
import pytest

from market_data.checkpoint import MarketState
from market_data.market import Market
from market_data.told import Told
from tests.support.random_trades import made

STATE = msgspec.structs.replace(
    Market("BTCUSDT", None).state(), book_seq=7, last=made(5, 100, 1, 9_000, maker=True)
)


def test_what_was_told_to_its_end_or_further_covers_it() -> None:
    assert Told(7, 7, 5, 9_000).covers(STATE)
    assert Told(9, 8, 6, 9_500).covers(STATE)


@pytest.mark.parametrize(
    "told", [Told(6, 7, 5, 9_000), Told(7, 6, 5, 9_000), Told(7, 7, 4, 9_000), Told(7, 7, 5, 8_999)]
)
def test_a_single_stream_that_is_behind_does_not(told: Told) -> None:
    assert not told.covers(STATE)


def test_a_market_without_trades_or_without_a_state_has_nothing_to_tell() -> None:
    empty: MarketState = Market("QUIET", None).state()
    assert Told().covers(empty)
    assert Told().covers(None)
