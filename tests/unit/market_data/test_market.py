"""What a market tells: every client's book and tape stay right, however often it is interrupted."""

import json
import random
from typing import Any

import pytest

from contracts.amounts import e8_text
from contracts.matching import BookBatch, EngineCommand, TradeBatch
from contracts.streams import (
    ALL_MINI_TICKERS,
    ALL_TICKERS,
    DEPTH_LEVELS,
    OF_ALL_MARKETS,
    ROLLING_WINDOWS,
    aggregate_trade_stream,
    all_tickers_stream,
    average_price_stream,
    book_ticker_stream,
    depth_stream,
    market_streams,
    mini_ticker_stream,
    partial_depth_stream,
    reference_price_stream,
    ticker_stream,
    trade_stream,
)
from market_data.display import Display
from market_data.told import Told
from market_data.trade_frames import AT_ONCE
from matching.engine import Engine
from matching.output import book_entry, trade_entry
from tests.support.engine_commands import LOT_E8, SYMBOL, TICK_E8, add_symbol, buy, seeded_log, sell

START_MS = 1_700_000_000_000
Frames = list[dict[str, Any]]


class Exchange:
    """An engine, the display of its log, and a client that is told everything."""

    def __init__(self) -> None:
        self.engine = Engine()
        self.updates: list[BookBatch] = []
        self.trades: list[TradeBatch] = []
        self.told: dict[str, Frames] = {}
        self.fields: dict[str, str] = {}
        self.now_ms = START_MS
        self.display = Display((SYMBOL,))
        self.display.go_live(self.now_ms)

    def run(self, commands: list[EngineCommand]) -> None:
        for command in commands:
            outcome = self.engine.apply(command, self.engine.next_offset, self.now_ms)
            update, trades = book_entry(outcome), trade_entry(outcome)
            if update is not None:
                self.updates.append(BookBatch(partition=3, entries=(update,)))
                self.display.take_updates(self.updates[-1])
            if trades is not None:
                self.trades.append(TradeBatch(partition=3, entries=(trades,)))
                self.display.take_trades(self.trades[-1])

    def cut(self, wait_ms: int = 0) -> None:
        """Cut and write, as the projector does."""
        self.now_ms += wait_ms
        self.display.cut(self.now_ms)
        updates, entries = self.display.updates(every=False), self.display.unwritten()
        for entry in [entry for update in updates for entry in update.entries] + list(entries):
            for name, payload in entry.frames.items():
                self.told.setdefault(name, []).append(json.loads(payload))
        for update in updates:
            self.fields = update.told.fields()
        self.display.mark_written(updates, entries)

    def restart(self) -> None:
        """A new process: it has the log and what Redis says has been told."""
        told = Told.from_fields(self.fields)
        self.display = Display((SYMBOL,), {SYMBOL: told} if told else {})
        for updates in self.updates:
            self.display.take_updates(updates)
        for trades in self.trades:
            self.display.take_trades(trades)
        self.display.go_live(self.now_ms)

    def book(self) -> tuple[dict[str, str], dict[str, str]]:
        book = self.engine.markets[SYMBOL].book
        bids, asks = [
            {e8_text(p * TICK_E8): e8_text(level.quantity * LOT_E8) for p, level in side.items()}
            for side in (book.bids.levels, book.asks.levels)
        ]
        return bids, asks


def book_of(frames: Frames) -> tuple[dict[str, str], dict[str, str]]:
    """Apply every change as a client does, without a gap."""
    bids: dict[str, str] = {}
    asks: dict[str, str] = {}
    last = 0
    for frame in frames:
        assert frame["U"] == last + 1
        assert frame["u"] >= frame["U"]
        last = frame["u"]
        for side, changes in ((bids, frame["b"]), (asks, frame["a"])):
            for price, quantity in changes:
                side[price] = quantity
                if quantity == "0.00000000":
                    del side[price]
    return bids, asks


def interrupted(seed: int, *, restarts: bool) -> Exchange:
    """A busy market, cut at odd moments."""
    rng = random.Random(seed)  # noqa: S311 - the same each time
    exchange = Exchange()
    commands = seeded_log(seed, 1_500)
    while commands:
        count = rng.randint(1, 40)
        exchange.run(commands[:count])
        commands = commands[count:]
        if rng.random() < 0.8:
            exchange.cut(rng.choice((5, 30, 90, 700)))
        if restarts and exchange.fields and rng.random() < 0.2:
            exchange.restart()
    exchange.cut(1_000)
    return exchange


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize("fast", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_a_clients_book_is_the_engines(seed: int, fast: bool, restarts: bool) -> None:
    exchange = interrupted(seed, restarts=restarts)

    frames = exchange.told[depth_stream(SYMBOL, fast=fast)]
    assert book_of(frames) == exchange.book()
    assert len(frames) > 10


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_each_trade_is_told_once_and_the_aggregates_add_up(seed: int, restarts: bool) -> None:
    exchange = interrupted(seed, restarts=restarts)

    executed = [t for batch in exchange.trades for entry in batch.entries for t in entry.trades]
    trades = exchange.told[trade_stream(SYMBOL)]
    assert [(t["t"], t["p"], t["q"], t["m"]) for t in trades] == [
        (t.trade_id, e8_text(t.price_e8), e8_text(t.quantity_e8), t.buyer_is_maker)
        for t in executed
    ]
    aggregates = exchange.told[aggregate_trade_stream(SYMBOL)]
    assert [a["a"] for a in aggregates] == list(range(1, len(aggregates) + 1))
    assert aggregates[0]["f"] == 1
    assert [a["f"] for a in aggregates[1:]] == [a["l"] + 1 for a in aggregates[:-1]]
    assert aggregates[-1]["l"] == executed[-1].trade_id
    for one in aggregates:
        parts = executed[one["f"] - 1 : one["l"]]
        assert one["q"] == e8_text(sum(part.quantity_e8 for part in parts))
        assert {one["p"]} == {e8_text(part.price_e8) for part in parts}
    assert any(a["l"] > a["f"] for a in aggregates)


def test_partial_depth_and_book_ticker_show_the_best_levels() -> None:
    exchange = interrupted(4, restarts=False)
    bids, asks = exchange.book()

    best = exchange.told[book_ticker_stream(SYMBOL)][-1]
    assert (best["b"], best["a"]) == (max(bids, key=float), min(asks, key=float))
    for levels in DEPTH_LEVELS:
        for fast in (False, True):
            last = exchange.told[partial_depth_stream(SYMBOL, levels, fast=fast)][-1]
            assert last["bids"] == sorted(map(list, bids.items()), reverse=True)[:levels]
            assert last["asks"] == sorted(map(list, asks.items()))[:levels]


def test_only_changes_are_told() -> None:
    exchange = Exchange()
    exchange.run([add_symbol(), buy(1, 100, 5), sell(2, 110, 5)])
    exchange.cut(1_000)
    exchange.told.clear()

    exchange.cut(1_000)
    assert exchange.told == {}

    exchange.run([buy(3, 90, 5)])  # below the best, but among the five best levels
    exchange.cut(1_000)
    assert book_ticker_stream(SYMBOL) not in exchange.told
    assert partial_depth_stream(SYMBOL, 5, fast=True) in exchange.told


def test_an_empty_book_is_told_once() -> None:
    exchange = Exchange()
    exchange.cut(1_000)
    exchange.cut(1_000)

    for levels in DEPTH_LEVELS:
        for fast in (False, True):
            told = exchange.told[partial_depth_stream(SYMBOL, levels, fast=fast)]
            assert told == [{"lastUpdateId": 0, "bids": [], "asks": []}]
    (best,) = exchange.told[book_ticker_stream(SYMBOL)]
    assert (best["u"], best["b"], best["a"]) == (0, "0.00000000", "0.00000000")
    assert depth_stream(SYMBOL, fast=True) not in exchange.told


def test_streams_are_those_that_clients_may_ask_for() -> None:
    exchange = interrupted(1, restarts=False)

    assert set(exchange.told) == market_streams(SYMBOL) | set(OF_ALL_MARKETS)


def test_frames_of_all_markets_hold_those_that_changed() -> None:
    exchange = Exchange()
    exchange.run([add_symbol(), sell(1, 100, 5), buy(2, 100, 5)])
    exchange.cut(1_000)

    streams = {ALL_MINI_TICKERS: mini_ticker_stream(SYMBOL)} | {
        all_tickers_stream(window): ticker_stream(SYMBOL, window)
        for window in ("", *ROLLING_WINDOWS)
    }
    assert set(streams) == set(OF_ALL_MARKETS)
    for of_all, of_one in streams.items():
        (tickers,) = exchange.told[of_all]
        assert tickers == exchange.told[of_one]  # a list of the one that changed
    exchange.cut(1_000)
    assert len(exchange.told[ALL_TICKERS]) == 1


def test_windows_begin_on_a_whole_minute_and_the_day_does_not() -> None:
    exchange = Exchange()
    exchange.now_ms = START_MS // 60_000 * 60_000 + 42_123
    exchange.run([add_symbol(), sell(1, 100, 5), buy(2, 100, 5)])
    exchange.cut(1_000)

    for window, hours in (("1h", 1), ("4h", 4), ("1d", 24)):
        (figures,) = exchange.told[ticker_stream(SYMBOL, window)]
        assert (figures["O"] % 60_000, figures["C"]) == (0, exchange.now_ms)
        assert 0 <= figures["C"] - figures["O"] - hours * 3_600_000 < 60_000
    (day,) = exchange.told[ticker_stream(SYMBOL)]
    assert 0 <= 24 * 3_600_000 - (day["C"] - day["O"]) < 1_000


def test_average_and_reference_price() -> None:
    exchange = Exchange()
    exchange.run([add_symbol()])
    exchange.cut(1_000)
    assert reference_price_stream(SYMBOL) not in exchange.told
    exchange.run([sell(1, 100, 3), buy(2, 100, 3)])
    at_ms = exchange.now_ms
    exchange.run([sell(3, 200, 1), buy(4, 200, 1)])
    exchange.cut(1_000)
    exchange.cut(301_000)

    averages = exchange.told[average_price_stream(SYMBOL)]
    assert [(a["w"], a["T"]) for a in averages] == [("1.25000000", at_ms), ("2.00000000", at_ms)]
    assert [(r["r"], r["t"]) for r in exchange.told[reference_price_stream(SYMBOL)]] == [
        ("2.00000000", at_ms)
    ]


def test_many_trades_are_told_in_portions() -> None:
    exchange = Exchange()
    count = 3 * AT_ONCE
    exchange.run([add_symbol()])
    for n in range(1, count + 1):
        exchange.run([sell(2 * n, 100, 1), buy(2 * n + 1, 100, 1)])
    exchange.cut(20)
    assert len(exchange.told[trade_stream(SYMBOL)]) == AT_ONCE

    for _ in range(3):
        exchange.cut(20)

    told = [trade["t"] for trade in exchange.told[trade_stream(SYMBOL)]]
    assert told == list(range(1, count + 1))


def test_readers_start_anew_where_frames_told_more_than_the_log_holds() -> None:
    exchange = Exchange()
    exchange.run([add_symbol(), buy(1, 100, 5), buy(2, 99, 5)])
    exchange.fields = Told(9, 9, 4, START_MS).fields()

    exchange.restart()
    exchange.run([buy(3, 98, 5)])
    exchange.cut(1_000)

    (frame,) = exchange.told[depth_stream(SYMBOL, fast=True)]
    assert (frame["U"], frame["u"]) == (3, 3)


def test_a_first_start_tells_nothing_old() -> None:
    exchange = Exchange()
    exchange.run([add_symbol(), sell(1, 100, 5), buy(2, 100, 3)])
    exchange.fields = {}

    exchange.restart()
    exchange.cut(1_000)

    assert trade_stream(SYMBOL) not in exchange.told
    assert depth_stream(SYMBOL, fast=True) not in exchange.told
