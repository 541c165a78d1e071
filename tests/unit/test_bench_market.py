"""The market of benchmarks is served like any other, and no money or customer comes near it."""

from dataclasses import replace
from pathlib import Path

import httpx
import msgspec
import pytest

from audit.recorder import Record, lines
from config.markets import currencies, load_markets
from contracts.instruments import Instrument, money_partitions
from contracts.matching import TradeBatch, TradeEntry, content_hash
from contracts.message import encode
from contracts.orders import OrderStatus
from contracts.repetitions import EntryHashes
from contracts.topology import ORDERS_EVENTS, ORDERS_INCOMING, PARTITIONS, TRADES_EXECUTED
from reconciliation.facts import LastWord
from reconciliation.in_flight import in_flight
from reconciliation.reconcile import check
from tests.support.engine_events import accepted, batch
from tests.support.facts import sound, with_log
from tests.support.orders import place_order
from tests.support.wallet import AT_MS, PARTITION, SYMBOL, trade
from tests.unit.api.conftest import House, ada, client
from tests.unit.api.signing import LIMIT_BUY, OCO_SELL, Trader
from wallet.trade_log import read_message

__all__ = ["ada", "client"]

BENCH = "BENCHUSDT"


def side_by_side() -> dict[str, Instrument]:
    """The bench market moved to the partition of another."""
    markets = load_markets(bench=True)
    markets[BENCH] = msgspec.structs.replace(markets[BENCH], partition=PARTITION)
    return markets


MARKETS = side_by_side()


def test_it_is_there_for_those_who_ask_and_its_currency_is_nobodys() -> None:
    assert BENCH not in load_markets()
    assert not load_markets(bench=True)[BENCH].settles
    assert currencies(load_markets(bench=True)) == currencies(load_markets())


def test_who_follows_money_reads_its_partition_only_where_a_market_with_money_shares_it() -> None:
    alone = load_markets(bench=True)
    theirs = alone[BENCH].partition
    assert money_partitions(alone) == tuple(n for n in range(PARTITIONS) if n != theirs)
    assert money_partitions(MARKETS) == tuple(range(PARTITIONS))


def test_what_nobody_reads_there_is_not_on_its_way() -> None:
    markets = load_markets(bench=True)
    theirs = markets[BENCH].partition
    topics = (ORDERS_INCOMING, TRADES_EXECUTED, ORDERS_EVENTS)
    facts = sound()
    busy = with_log(facts, ends={topic: {**facts.log.ends[topic], theirs: 5} for topic in topics})
    assert in_flight(busy, markets) == [
        f"{reader} is 5 behind the end of {ORDERS_INCOMING}/{theirs}"
        for reader in ("the book", "the engine's output")
    ]


def test_settlement_passes_over_its_trades_and_takes_the_others_of_the_same_message() -> None:
    ours = trade(1, buyer=(11, 1), seller=(12, 2), lots=10)
    theirs = msgspec.structs.replace(ours, symbol=BENCH, base="BENCH")
    strange = msgspec.structs.replace(ours, symbol="NOPE")
    entries = tuple(
        TradeEntry(offset=n, at_ms=AT_MS, hash=content_hash([one]), trades=(one,))
        for n, one in enumerate((theirs, ours, strange))
    )
    message = encode(TradeBatch(partition=PARTITION, entries=entries))
    read, bad = read_message(PARTITION, 5, message, MARKETS, EntryHashes())
    assert ([logged.trade for logged in read], bad) == ([ours, strange], [])


def test_reconciliation_wants_no_rows_and_no_money_for_it() -> None:
    facts = sound()
    executed = msgspec.structs.replace(facts.log.trades[f"{SYMBOL}:1"], symbol=BENCH)
    theirs = with_log(
        replace(
            facts,
            book=replace(
                facts.book,
                orders={
                    **facts.book.orders,
                    BENCH: (msgspec.structs.replace(facts.book.orders[SYMBOL][0], order_id=99),),
                },
            ),
        ),
        trades={**facts.log.trades, f"{BENCH}:1": executed},
        last_words={**facts.log.last_words, 99: LastWord(BENCH, 1, OrderStatus.OPEN, 0, 10)},
    )
    assert check(theirs, MARKETS) == []
    unsettled = {**MARKETS, BENCH: msgspec.structs.replace(MARKETS[BENCH], settles=True)}
    assert {b.rule for b in check(theirs, unsettled)} >= {"R5", "R5 rows", "R6"}


def test_reconciliation_still_wants_its_sequences_whole() -> None:
    gap = with_log(sound(), book_seqs={BENCH: [1, 2, 4]})
    assert [(b.rule, b.subject) for b in check(gap, MARKETS)] == [("R8", f"{BENCH} book_seq")]


def test_audit_trail_leaves_out_what_its_orders_do() -> None:
    ours, theirs = place_order(), place_order(symbol=BENCH)
    message = encode(batch((accepted(theirs), accepted(ours))))
    found = lines(Record(ORDERS_EVENTS, PARTITION, 0, message), AT_MS, frozenset({BENCH}))
    assert [line.resource.id for line in found] == [str(ours.order_id)]


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A gateway that offers it."""
    return House(tmp_path, MARKETS)


async def test_exchange_info_shows_a_break(client: httpx.AsyncClient) -> None:
    async def names(query: str) -> dict[str, str]:
        found = (await client.get(f"/api/v3/exchangeInfo{query}")).json()["symbols"]
        return {one["symbol"]: one["status"] for one in found}

    everything = await names("")
    assert everything.pop(BENCH) == "BREAK"
    assert set(everything.values()) == {"TRADING"}
    assert await names("?symbolStatus=BREAK") == {BENCH: "BREAK"}
    assert await names("?symbolStatus=TRADING") == everything
    assert await names(f"?symbol={BENCH}") == {BENCH: "BREAK"}


@pytest.mark.parametrize(
    ("path", "order"),
    [
        ("order", {**LIMIT_BUY, "symbol": BENCH}),
        ("order/test", {**LIMIT_BUY, "symbol": BENCH}),
        ("orderList/oco", {**OCO_SELL, "symbol": BENCH}),
    ],
)
async def test_an_order_is_refused(
    ada: Trader, house: House, path: str, order: dict[str, str]
) -> None:
    answer = await ada.call("POST", path, order)
    assert (answer.status_code, answer.json()) == (
        400,
        {"code": -2010, "msg": "Market is closed."},
    )
    assert (house.sagas.placed, house.sagas.lists) == ([], [])
