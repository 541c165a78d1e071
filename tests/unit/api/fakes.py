"""The gateway's other partners, in memory: wallet, market data, markets."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from api.errors import Overloaded
from contracts.amounts import ZERO, Amount

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
    has_book: bool = True
    slow: bool = False
    broken: bool = False

    async def depth(self, symbol: str, limit: int) -> Book:
        self.limits.append(limit)
        if self.slow:
            await asyncio.sleep(60)
        if not self.has_book:
            raise Overloaded
        return Book(160, self.bids, self.asks)

    async def last_price(self, symbol: str) -> Amount | None:
        if self.broken:
            raise ConnectionError("redis is away")
        return self.last


@dataclass
class FakeMarkets:
    done: list[tuple[str, str]] = field(default_factory=list)

    async def halt(self, symbol: str, reason: str) -> None:
        self.done.append(("halt", symbol))

    async def resume(self, symbol: str) -> None:
        self.done.append(("resume", symbol))
