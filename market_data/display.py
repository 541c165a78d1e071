"""All markets as the log tells them, and what Redis is to show of them.

Pure: the projector feeds it from Kafka and hands what it tells to the store.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from contracts.matching import BookBatch, TradeBatch
from contracts.streams import PULSE
from contracts.topology import ALL_MARKETS
from market_data.cadence import Cadence
from market_data.checkpoint import MarketState
from market_data.frame_log import Entry, EntryId, FrameLog
from market_data.market import Market, MarketUpdate
from market_data.ticker_payloads import pulse
from market_data.told import Told

PULSE_MS: Final = 500


class Display:
    """The markets by symbol. Those that the log names beside the given ones are shown too.

    `told` is how far each market's frames have told before this process; `states` is where the
    log is gone on from: all of that must have been told, or nothing is known to have been.
    """

    def __init__(
        self,
        symbols: Collection[str],
        told: Mapping[str, Told] | None = None,
        states: Mapping[str, MarketState] | None = None,
    ) -> None:
        self._told = told or {}
        self._states = dict(states or {})
        self._live = False
        self._log = FrameLog()  # of several markets
        self._pulse = Cadence(PULSE_MS)
        self._markets: dict[str, Market] = {}
        for symbol in (*symbols, *self._told, *self._states):
            self._market(symbol)

    def _market(self, symbol: str) -> Market:
        market = self._markets.get(symbol)
        if market is None:
            told = Told() if self._live else self._told.get(symbol)
            state = self._states.pop(symbol, None)
            market = self._markets[symbol] = Market(symbol, told, state)
        return market

    def states(self) -> dict[str, MarketState]:
        """What the log has added up to, by symbol."""
        return {symbol: market.state() for symbol, market in self._markets.items()}

    @property
    def symbols(self) -> Collection[str]:
        return self._markets.keys()

    def take_updates(self, batch: BookBatch) -> None:
        """Raises DepthGap where an update is missing; what was seen before is passed over."""
        for entry in batch.entries:
            self._market(entry.update.symbol).take_update(entry.update, entry.offset)

    def take_trades(self, batch: TradeBatch) -> None:
        """An entry's trades are of one market: one command caused them."""
        for entry in batch.entries:
            self._market(entry.trades[0].symbol).take_trades(entry)

    def go_live(self, now_ms: int) -> None:
        """The log has been replayed: from here on frames are cut."""
        self._live = True
        for market in self._markets.values():
            market.go_live(now_ms)

    def cut(self, now_ms: int) -> None:
        """Make the frames that are due, those that tell of several markets, and the pulse."""
        several: dict[str, list[str]] = {}
        for market in self._markets.values():
            for name, payload in market.cut(now_ms):
                if of_all := market.told_of_all.get(name):
                    several.setdefault(of_all, []).append(payload)
        frames = [(name, f"[{','.join(payloads)}]") for name, payloads in several.items()]
        if self._pulse.due(now_ms):
            frames.append((PULSE, pulse(now_ms)))
        self._log.add(frames, now_ms)

    def updates(self, *, every: bool) -> list[MarketUpdate]:
        """What Redis lacks; of `every` market, also where that is nothing, to check them all."""
        return [m.update() for m in self._markets.values() if every or not m.current]

    def unwritten(self) -> tuple[Entry, ...]:
        """Of the frames that tell of several markets, those that Redis lacks."""
        return self._log.unwritten()

    def mark_written(self, updates: Sequence[MarketUpdate], entries: Sequence[Entry]) -> None:
        """Redis has these now."""
        for update in updates:
            self._markets[update.symbol].mark_written(update)
        if entries:
            self._log.mark_written(entries[-1].entry_id)

    def mark_lost(self, last_entries: Mapping[str, EntryId]) -> None:
        """What Redis has of these markets is gone or doubtful; their frames' last ids are known.

        The next updates hold the whole books, and every entry after those ids again.
        """
        for symbol, last in last_entries.items():
            if symbol == ALL_MARKETS:
                self._log.found(last)
            else:
                self._markets[symbol].mark_lost()
                self._markets[symbol].log.found(last)
