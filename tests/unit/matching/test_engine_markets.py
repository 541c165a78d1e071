"""Markets: opening, halting, counters, time, claims."""

from uuid import UUID

import pytest
from msgspec.structs import replace

from contracts.matching import (
    ClaimPartition,
    CommandRejected,
    EngineCommand,
    MarketHalted,
    MarketOpened,
    MarketResumed,
    OrderRejected,
    PartitionClaimed,
)
from contracts.message import encode
from contracts.orders import (
    Refusal,
    Side,
)
from tests.support.engine_commands import (
    LOT_E8,
    SYMBOL,
    add_symbol,
    buy,
    cancel,
    halt,
    restore_band,
    resume,
    sell,
    set_band,
    submit,
)
from tests.support.engine_log import EngineLog, brief


@pytest.fixture
def log() -> EngineLog:
    return EngineLog()


def test_a_halted_market_refuses_submits_and_still_cancels(log: EngineLog) -> None:
    log.send(buy(1, 100, 5))

    halted = log.send(halt())
    (refused,) = log.send(sell(2, 100, 5)).events
    cancelled = log.send(cancel(1))
    resumed = log.send(resume())
    accepted = log.send(sell(3, 100, 5))

    assert halted.events == (MarketHalted(symbol=SYMBOL, reason="test"),)
    assert isinstance(refused, OrderRejected)
    assert refused.refusal is Refusal.MARKET_CLOSED
    assert brief(cancelled) == [("OrderCancelled", 1, 2, "CANCELLED", 0)]
    assert resumed.events == (MarketResumed(symbol=SYMBOL),)
    assert brief(accepted) == [("OrderAccepted", 3, 1, "OPEN", 0)]


def test_the_engine_says_which_operator_has_asked(log: EngineLog) -> None:
    asked = (
        *(make() for make in (halt, resume, set_band, restore_band)),
        halt("NOPE"),
        set_band(-1),
    )
    for command in asked:
        (event,) = log.send(replace(command, by_user_id=7)).events
        assert event.by_user_id == 7, event
        (event,) = log.send(command).events
        assert b"by_user_id" not in encode(event)  # as logs and hashes of before have it


def test_adding_a_symbol_again_changes_nothing(log: EngineLog) -> None:
    log.send(buy(1, 100, 5))

    outcome = log.send(add_symbol())

    assert outcome.events == (MarketOpened(symbol=SYMBOL),)
    assert log.engine.markets[SYMBOL].book_seq == 1


@pytest.mark.parametrize("command", [halt("NOPE"), resume("NOPE")])
def test_an_unknown_market_cannot_be_halted_or_resumed(
    log: EngineLog, command: EngineCommand
) -> None:
    assert log.send(command).events == (
        CommandRejected(symbol="NOPE", refusal=Refusal.UNKNOWN_SYMBOL),
    )


@pytest.mark.parametrize(
    "command", [add_symbol(lot_e8=10_000), add_symbol("NEW", lot_e8=7), add_symbol("NEW", lot_e8=0)]
)
def test_a_symbol_with_other_or_inexact_sizes_is_refused(
    log: EngineLog, command: EngineCommand
) -> None:
    (event,) = log.send(command).events

    assert isinstance(event, CommandRejected)
    assert log.engine.markets[SYMBOL].lot_e8 == LOT_E8


def test_counters_belong_to_the_symbol_and_rise_by_one(log: EngineLog) -> None:
    log.send(add_symbol("ETHUSDT"))
    log.send(sell(1, 100, 5))
    log.send(submit(2, Side.SELL, 100, 5, symbol="ETHUSDT"))

    btc = log.send(buy(3, 100, 1))
    eth = log.send(submit(4, Side.BUY, 100, 1, symbol="ETHUSDT"))

    assert [outcome.trades[0].trade_id for outcome in (btc, eth)] == [1, 1]
    assert [outcome.update.book_seq for outcome in (btc, eth) if outcome.update] == [2, 2]


def test_time_is_the_logs_and_never_steps_back(log: EngineLog) -> None:
    log.now_ms = 5_000
    first = log.send(buy(1, 100, 5))
    log.now_ms = 4_000
    second = log.send(buy(2, 100, 5))

    assert (first.at_ms, second.at_ms) == (5_000, 5_000)


def test_a_claims_offset_is_its_epoch(log: EngineLog) -> None:
    claims = [
        ClaimPartition(command_id=UUID(int=n), symbol="*", engine_id=name)
        for n, name in ((1, "one"), (2, "two"))
    ]
    before = (log.engine.epoch, log.engine.engine_id)

    first, second = log.all(*claims)

    assert before == (-1, "")
    assert first.events == (PartitionClaimed(symbol="*", engine_id="one", epoch=1),)
    assert second.events == (PartitionClaimed(symbol="*", engine_id="two", epoch=2),)
    assert (log.engine.epoch, log.engine.engine_id) == (2, "two")
