"""Self-trade prevention: rows 25 to 28 of the outcome table. The taker's mode rules."""

import pytest

from contracts.matching import (
    MatchPrevented,
    OrderStatusReported,
)
from contracts.orders import (
    ExpiryReason,
    SelfTradePrevention,
)
from tests.support.engine_commands import (
    SYMBOL,
    buy,
    cancel,
    sell,
)
from tests.support.engine_log import EngineLog, ending, told, traded


@pytest.fixture
def log() -> EngineLog:
    return EngineLog()


OWN = 7
END = "EXPIRED_IN_MATCH SELF_TRADE_PREVENTION"


def meet(log: EngineLog, mode: SelfTradePrevention) -> tuple[list[str], MatchPrevented | None]:
    """5 of one's own between 2 and 9 of another's; a taker of 10 comes."""
    log.all(sell(1, 100, 2), sell(2, 101, 5, user_id=OWN), sell(3, 102, 9))
    outcome = log.send(buy(4, 102, 10, user_id=OWN, stp=mode))
    matches = [e for e in outcome.events if isinstance(e, MatchPrevented)]
    return told(outcome), matches[0] if matches else None


def test_expire_taker_ends_the_taker_and_leaves_the_maker(log: EngineLog) -> None:
    events, match = meet(log, SelfTradePrevention.EXPIRE_TAKER)

    assert events == [
        "Accepted 4 OPEN",
        "Filled 4 PARTIALLY_FILLED",
        "Filled 1 FILLED",
        "MatchPrevented 4 2",
        f"Cancelled 4 {END}",
    ]
    assert match == MatchPrevented(
        symbol=SYMBOL,
        prevented_match_id=1,
        user_id=OWN,
        taker_order_id=4,
        maker_order_id=2,
        mode=SelfTradePrevention.EXPIRE_TAKER,
        price_ticks=101,
        taker_prevented_lots=8,
        maker_prevented_lots=0,
    )
    assert log.asks() == {101: 5, 102: 9}


def test_expire_maker_ends_the_maker_and_lets_the_taker_go_on(log: EngineLog) -> None:
    events, match = meet(log, SelfTradePrevention.EXPIRE_MAKER)

    assert events == [
        "Accepted 4 OPEN",
        "Filled 4 PARTIALLY_FILLED",
        "Filled 1 FILLED",
        "MatchPrevented 4 2",
        f"Cancelled 2 {END}",
        "Filled 4 FILLED",
        "Filled 3 PARTIALLY_FILLED",
    ]
    assert match is not None
    assert (match.taker_prevented_lots, match.maker_prevented_lots) == (0, 5)
    assert log.asks() == {102: 1}


def test_expire_both_ends_both(log: EngineLog) -> None:
    events, match = meet(log, SelfTradePrevention.EXPIRE_BOTH)

    assert events[3:] == ["MatchPrevented 4 2", f"Cancelled 2 {END}", f"Cancelled 4 {END}"]
    assert match is not None
    assert (match.taker_prevented_lots, match.maker_prevented_lots) == (8, 5)
    assert log.asks() == {102: 9}
    assert log.bids() == {}


def test_none_lets_them_trade(log: EngineLog) -> None:
    events, match = meet(log, SelfTradePrevention.NONE)

    assert match is None
    assert events[-1] == "Filled 3 PARTIALLY_FILLED"


def test_the_makers_own_mode_does_not_count(log: EngineLog) -> None:
    log.send(sell(1, 100, 2, user_id=OWN, stp=SelfTradePrevention.EXPIRE_BOTH))

    assert traded(log.send(buy(2, 100, 2, user_id=OWN))) == [(1, 100, 2)]


def test_the_makers_end_was_caused_by_the_taker(log: EngineLog) -> None:
    log.send(sell(1, 100, 2, user_id=OWN))

    outcome = log.send(buy(2, 100, 2, user_id=OWN, stp=SelfTradePrevention.EXPIRE_MAKER))

    assert (ending(outcome, 1).caused_by, ending(outcome, 1).own) == (2, False)
    assert log.bids() == {100: 2}
    report = log.send(cancel(1)).events[0]
    assert isinstance(report, OrderStatusReported)
    assert report.reason is ExpiryReason.SELF_TRADE_PREVENTION


def test_an_iceberg_expires_with_what_it_hides(log: EngineLog) -> None:
    log.send(sell(1, 100, 9, iceberg=2, user_id=OWN))

    outcome = log.send(buy(2, 100, 1, user_id=OWN, stp=SelfTradePrevention.EXPIRE_MAKER))

    (match,) = [e for e in outcome.events if isinstance(e, MatchPrevented)]
    assert match.maker_prevented_lots == 9
    assert log.asks() == {}


def test_prevented_matches_are_numbered_without_a_gap(log: EngineLog) -> None:
    log.all(*[sell(i, 100, 1, user_id=OWN) for i in (1, 2, 3)])

    outcome = log.send(buy(4, 100, 3, user_id=OWN, stp=SelfTradePrevention.EXPIRE_MAKER))

    ids = [e.prevented_match_id for e in outcome.events if isinstance(e, MatchPrevented)]
    assert ids == [1, 2, 3]
    assert log.engine.markets[SYMBOL].prevented_match_id == 3
