"""All markets as the log tells them, and what Redis is to show of them.

Pure: the projector feeds it from Kafka and hands what it tells to the store.
"""

from collections.abc import Collection, Mapping, Sequence

from contracts.matching import BookBatch, TradeBatch
from contracts.topology import ALL_MARKETS
from market_data.frame_log import EntryId
from market_data.market import Market, MarketUpdate
from market_data.told import Told


class Display:
    """The markets by symbol. Those that the log names beside the given ones are shown too.

    `told` is how far each market's frames have told before this process.
    """

    def __init__(self, symbols: Collection[str], told: Mapping[str, Told] | None = None) -> None:
        self._told = told or {}
        self._live = False
        self._markets: dict[str, Market] = {}
        for symbol in (*symbols, *self._told):
            self._market(symbol)

    def _market(self, symbol: str) -> Market:
        market = self._markets.get(symbol)
        if market is None:
            told = Told() if self._live else self._told.get(symbol)
            market = self._markets[symbol] = Market(symbol, told)
        return market

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

    def go_live(self) -> None:
        """The log has been replayed: from here on frames are cut."""
        self._live = True
        for market in self._markets.values():
            market.go_live()

    def cut(self, now_ms: int) -> None:
        """Make the frames that are due."""
        for market in self._markets.values():
            market.cut(now_ms)

    def updates(self, *, every: bool) -> list[MarketUpdate]:
        """What Redis lacks; of `every` market, also where that is nothing, to check them all."""
        return [m.update() for m in self._markets.values() if every or not m.current]

    def mark_written(self, updates: Sequence[MarketUpdate]) -> None:
        """Redis has these now."""
        for update in updates:
            self._markets[update.symbol].mark_written(update)

    def mark_lost(self, last_entries: Mapping[str, EntryId]) -> None:
        """What Redis has of these markets is gone or doubtful; their frames' last ids are known.

        The next updates hold the whole books, and every entry after those ids again.
        """
        for symbol, last in last_entries.items():
            if symbol != ALL_MARKETS:
                self._markets[symbol].mark_lost()
                self._markets[symbol].log.found(last)
