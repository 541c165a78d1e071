"""The gateway's other partners, in memory: wallet, market data, markets."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from contracts.amounts import ZERO, Amount
from contracts.matching import PriceBand
from contracts.streams import Interval
from market_data.book_queries import BestPrices
from market_data.errors import DepthUnavailable, HistoryUnavailable
from market_data.records import AggregateTrade, AveragePrice, Candle, RollingFigures, Trade

TRANSFER = UUID("5f6a0c7e-6a55-5d0f-8a6c-0d4f1d1d2c3b")


@dataclass(frozen=True)
class Balance:
    currency: str
    available: Amount
    reserved: Amount


@dataclass(frozen=True)
class Line:
    posting_id: int
    transfer_id: UUID
    currency: str
    account: str
    amount: Amount
    reference_type: str
    reference_id: str
    at_ms: int


class FakeWallet:
    async def balances(self, user_id: int) -> Sequence[Balance]:
        return [Balance("BTC", Amount("1.5"), Amount("0.00000001")), Balance("ETH", ZERO, ZERO)]

    async def statement(
        self,
        user_id: int,
        *,
        currency: str | None = None,
        before_posting_id: int | None = None,
        limit: int = 100,
    ) -> Sequence[Line]:
        return [
            Line(3, TRANSFER, "BTC", "AVAILABLE", Amount("1.5"), "DEPOSIT", "first", 1_800_000_000)
        ]


@dataclass(frozen=True)
class Book:
    last_update_id: int
    bids: Sequence[tuple[Amount, Amount]]
    asks: Sequence[tuple[Amount, Amount]]


TRADE = Trade(
    symbol="BTCUSDT",
    trade_id=28457,
    price_e8=6_000_000_000_000,
    quantity_e8=25_000_000,
    quote_e8=1_500_000_000_000,
    at_ms=1_799_999_990_000,
    buyer_is_maker=True,
)
AGGREGATE = AggregateTrade(
    symbol="BTCUSDT",
    aggregate_id=26129,
    price_e8=6_000_000_000_000,
    quantity_e8=25_000_000,
    first_id=28456,
    last_id=28457,
    at_ms=1_799_999_990_000,
    buyer_is_maker=True,
)
CANDLE = Candle(
    open_ms=1_799_999_940_000,
    close_ms=1_799_999_999_999,
    open_e8=6_000_000_000_000,
    high_e8=6_100_000_000_000,
    low_e8=5_900_000_000_000,
    close_e8=5_950_000_000_000,
    volume_e8=150_000_000,
    quote_e8=9_000_000_000_000,
    trades=3,
    taker_volume_e8=100_000_000,
    taker_quote_e8=6_000_000_000_000,
    first_id=28455,
    last_id=28457,
)


def figures(symbol: str) -> RollingFigures:
    return RollingFigures(
        symbol=symbol,
        open_ms=1_799_913_600_000,
        close_ms=1_800_000_000_000,
        open_e8=6_000_000_000_000,
        high_e8=6_100_000_000_000,
        low_e8=5_900_000_000_000,
        last_e8=5_950_000_000_000,
        last_quantity_e8=25_000_000,
        previous_close_e8=6_010_000_000_000,
        volume_e8=150_000_000,
        quote_e8=9_000_000_000_000,
        first_id=28455,
        last_id=28457,
        trades=3,
        bid_e8=6_000_000_000_000,
        bid_quantity_e8=50_000_000,
        ask_e8=6_000_100_000_000,
        ask_quantity_e8=100_000_000,
    )


@dataclass
class FakeMarketData:
    limits: list[int] = field(default_factory=list)
    last: Amount | None = field(default_factory=lambda: Amount("60000"))
    bids: list[tuple[Amount, Amount]] = field(
        default_factory=lambda: [(Amount("60000"), Amount("0.5"))]
    )
    asks: list[tuple[Amount, Amount]] = field(
        default_factory=lambda: [(Amount("60001"), Amount("1"))]
    )
    slow: bool = False
    broken: bool = False
    rebuilding: bool = False
    traded: list[Trade] = field(default_factory=lambda: [TRADE])
    asked: list[object] = field(default_factory=list)

    async def depth(self, symbol: str, limit: int) -> Book:
        self.limits.append(limit)
        if self.slow:
            await asyncio.sleep(60)
        self._shown()
        return Book(160, self.bids, self.asks)

    async def best_prices(self, symbols: Sequence[str]) -> list[BestPrices]:
        self._shown()
        (bid, bid_quantity), (ask, ask_quantity) = self.bids[0], self.asks[0]
        return [BestPrices(s, bid, bid_quantity, ask, ask_quantity) for s in symbols]

    async def last_price(self, symbol: str) -> Amount | None:
        if self.broken:
            raise ConnectionError("redis is away")
        self._shown()
        return self.last

    async def last_prices(self, symbols: Sequence[str]) -> list[Amount | None]:
        return [await self.last_price(symbol) for symbol in symbols]

    async def rolling_figures(self, symbols: Sequence[str]) -> list[RollingFigures]:
        self._whole()
        return [figures(symbol) for symbol in symbols]

    async def candles(
        self,
        symbol: str,
        interval: Interval,
        *,
        start_ms: int | None = None,
        end_ms: int | None = None,
        limit: int = 500,
        offset_ms: int = 0,
    ) -> list[Candle]:
        self._whole()
        self.asked.append((interval, start_ms, end_ms, limit, offset_ms))
        return [CANDLE][:limit]

    async def window(self, symbol: str, start_ms: int) -> Candle | None:
        self._whole()
        self.asked.append(start_ms)
        return CANDLE if self.traded else None

    async def average_price(self, symbol: str) -> AveragePrice | None:
        self._whole()
        if not self.traded:
            return None
        return AveragePrice(price_e8=6_000_000_000_000, last_trade_ms=self.traded[-1].at_ms)

    async def trades(self, symbol: str, *, from_id: int | None, limit: int) -> list[Trade]:
        self._whole()
        self.asked.append((from_id, limit))
        return self.traded[-limit:]

    async def aggregate_trades(
        self,
        symbol: str,
        *,
        from_id: int | None = None,
        start_ms: int | None = None,
        end_ms: int | None = None,
        limit: int = 500,
    ) -> list[AggregateTrade]:
        self._whole()
        self.asked.append((from_id, start_ms, end_ms, limit))
        return [AGGREGATE]

    def _shown(self) -> None:
        if self.rebuilding:
            raise DepthUnavailable("BTCUSDT")

    def _whole(self) -> None:
        if self.rebuilding:
            raise HistoryUnavailable("BTCUSDT")


@dataclass
class FakeMarkets:
    done: list[tuple[str, str]] = field(default_factory=list)
    bands: list[tuple[str, PriceBand]] = field(default_factory=list)
    askers: list[int] = field(default_factory=list)

    async def halt(self, symbol: str, reason: str, by_user_id: int) -> None:
        self.done.append(("halt", symbol))
        self.askers.append(by_user_id)

    async def resume(self, symbol: str, by_user_id: int) -> None:
        self.done.append(("resume", symbol))
        self.askers.append(by_user_id)

    async def set_band(self, symbol: str, band: PriceBand, by_user_id: int) -> None:
        self.bands.append((symbol, band))
        self.askers.append(by_user_id)

    async def restore_band(self, symbol: str, by_user_id: int) -> None:
        self.done.append(("restore_band", symbol))
        self.askers.append(by_user_id)
