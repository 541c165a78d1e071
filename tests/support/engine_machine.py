"""The commands that hypothesis may send to the engine and the naive one."""

from typing import Any
from uuid import UUID

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import rule
from msgspec.structs import replace

from contracts.matching import ClaimPartition, SubmitOrder
from contracts.orders import OrderType, SelfTradePrevention, Side, TimeInForce
from tests.support.engine_choices import (
    BACK,
    DISTANCES,
    FLAWS,
    LIMIT_TERMS,
    LOTS,
    MAKERS,
    MODES,
    PRICES,
    SIDES,
    STOP_TERMS,
    SYMBOLS,
    TAKER_TERMS,
    USERS,
    WAITS,
    A,
    B,
)
from tests.support.engine_commands import (
    LOT_E8,
    amend,
    cancel,
    cancel_all,
    halt,
    restore_band,
    resume,
    set_band,
    submit,
    submit_list,
    tick,
)
from tests.support.engine_comparison import EngineComparison


class EngineAgainstNaive(EngineComparison):
    def fresh_id(self) -> int:
        self.ids += 1
        return self.ids

    def terms(self, user: int, stp: SelfTradePrevention, symbol: str) -> dict[str, Any]:
        return {"user_id": user, "stp": stp, "symbol": symbol, "accepted_at_ms": self.now}

    @rule(
        side=SIDES,
        price=PRICES,
        lots=LOTS,
        terms=LIMIT_TERMS,
        user=USERS,
        stp=MODES,
        extra=st.integers(0, 12),
        symbol=SYMBOLS,
    )
    def submits(
        self,
        *,
        side: Side,
        price: int,
        lots: int,
        terms: tuple[OrderType, TimeInForce],
        user: int,
        stp: SelfTradePrevention,
        extra: int,
        symbol: str,
    ) -> None:
        kind, when = terms
        iceberg = (
            1 + extra % 3
            if when is TimeInForce.GTC and kind is not OrderType.MARKET and extra < 5
            else 0
        )
        expires = self.now + extra * 4 if when is TimeInForce.GTD else 0
        order = submit(
            self.fresh_id(),
            side,
            price,
            lots,
            order_type=kind,
            tif=when,
            iceberg=min(iceberg, lots),
            expires_at_ms=expires,
            **self.terms(user, stp, symbol),
        )
        self.send(order, extra % 2)

    @rule(side=SIDES, price=PRICES, makers=MAKERS)
    def makers_come(self, side: Side, price: int, makers: list[tuple[int, int, int]]) -> None:
        """Several small orders at and behind one price, for takers to meet."""
        away = -1 if side is Side.BUY else 1
        for step, lots, user in makers:
            terms = self.terms(user, SelfTradePrevention.EXPIRE_TAKER, A)
            at = max(1, price + away * (step % 3))
            iceberg = 1 if step > 2 else 0
            order = submit(self.fresh_id(), side, at, lots, iceberg=iceberg, **terms)
            self.send(order)

    @rule(side=SIDES, lots=st.integers(5, 40), terms=TAKER_TERMS, user=USERS, stp=MODES)
    def takes_much(
        self,
        side: Side,
        lots: int,
        terms: tuple[OrderType, TimeInForce],
        user: int,
        stp: SelfTradePrevention,
    ) -> None:
        kind, when = terms
        price = 3 + lots % 9
        more = self.terms(user, stp, A)
        self.send(submit(self.fresh_id(), side, price, lots, order_type=kind, tif=when, **more))

    @rule(side=SIDES, bound=PRICES, value=st.integers(1, 400), user=USERS, stp=MODES)
    def spends_a_value(
        self, side: Side, bound: int, value: int, user: int, stp: SelfTradePrevention
    ) -> None:
        order = submit(
            self.fresh_id(),
            side,
            bound,
            0,
            order_type=OrderType.MARKET,
            quote_e8=value,
            budget_e8=value if side is Side.BUY else (1 + value % 20) * LOT_E8,
            **self.terms(user, stp, A),
        )
        self.send(order)

    def beside_last(self, side: Side, kind: OrderType, distance: int) -> int:
        """A price so far from the last one, where such an order waits for it."""
        rises = (side is Side.BUY) == kind.name.startswith("STOP_LOSS")
        last = self.engine.markets[A].last_price or 6
        return max(1, last + (distance if rises else -distance))

    @rule(
        side=SIDES,
        slack=st.integers(-2, 3),
        distance=DISTANCES,
        lots=LOTS,
        terms=STOP_TERMS,
        user=USERS,
        stp=MODES,
    )
    def waits_for_a_price(
        self,
        *,
        side: Side,
        slack: int,
        distance: int,
        lots: int,
        terms: tuple[OrderType, TimeInForce],
        user: int,
        stp: SelfTradePrevention,
    ) -> None:
        kind, when = terms
        stop = self.beside_last(side, kind, distance)
        order = submit(
            self.fresh_id(),
            side,
            max(1, stop + (slack if side is Side.BUY else -slack)),
            lots,
            order_type=kind,
            tif=when,
            stop=stop,
            expires_at_ms=self.now + 10 * lots if when is TimeInForce.GTD else 0,
            **self.terms(user, stp, A),
        )
        self.send(order)

    @rule(
        side=SIDES,
        goal=DISTANCES,
        distance=DISTANCES,
        lots=LOTS,
        user=USERS,
        odd=st.integers(0, 39),
    )
    def lists(
        self, *, side: Side, goal: int, distance: int, lots: int, user: int, odd: int
    ) -> None:
        kinds = (OrderType.TAKE_PROFIT, OrderType.TAKE_PROFIT_LIMIT, *[OrderType.LIMIT_MAKER] * 2)
        kind, stop_kind = kinds[odd % 4], (OrderType.STOP_LOSS, OrderType.STOP_LOSS_LIMIT)[odd % 2]
        price = self.beside_last(side, OrderType.TAKE_PROFIT, goal)
        stop = self.beside_last(side, stop_kind, distance)
        first = self.fresh_id()
        terms = self.terms(user, SelfTradePrevention.NONE, A)
        other_stop = 0 if kind is OrderType.LIMIT_MAKER else price
        legs = [
            submit(first, side, price, lots, order_type=kind, stop=other_stop, **terms),
            submit(
                first if odd == 39 else self.fresh_id(),
                side,
                stop,
                lots,
                order_type=stop_kind,
                stop=stop,
                reservation_id=first,
                **terms,
            ),
        ]
        if odd == 38:
            legs[1] = msgspec.structs.replace(legs[1], user_id=9)
        if odd % 3 == 0:
            legs.reverse()
        self.send(submit_list(0 if odd == 37 else first, legs[0], legs[1]))

    @rule(side=SIDES, price=PRICES, lots=LOTS, terms=LIMIT_TERMS, flaw=FLAWS)
    def submits_with_a_flaw(
        self,
        side: Side,
        price: int,
        lots: int,
        terms: tuple[OrderType, TimeInForce],
        flaw: dict[str, Any],
    ) -> None:
        expires = self.now + 50 if terms[1] is TimeInForce.GTD else 0
        order: SubmitOrder = submit(
            self.fresh_id(),
            side,
            price,
            lots,
            order_type=terms[0],
            tif=terms[1],
            expires_at_ms=expires,
            **self.terms(1, SelfTradePrevention.NONE, A),
        )
        self.send(msgspec.structs.replace(order, **flaw))

    @rule(back=BACK, wait=WAITS)
    def cancels(self, back: int, wait: int) -> None:
        name = f"c{back}" if back % 2 else ""
        order_id, symbol = max(1, self.ids - back), B if back == 0 else A
        self.send(cancel(order_id, symbol=symbol, client_cancel_id=name), wait)

    @rule(back=BACK, lots=st.integers(0, 8))
    def amends(self, back: int, lots: int) -> None:
        self.send(amend(max(1, self.ids - back), lots))

    @rule(user=USERS, symbol=SYMBOLS)
    def cancels_all(self, user: int, symbol: str) -> None:
        self.send(cancel_all(user, symbol=symbol))

    @rule(back=st.integers(1, 30), wait=WAITS)
    def repeats_a_command(self, back: int, wait: int) -> None:
        self.send(self.log[-min(back, len(self.log))][0], wait)

    @rule(wait=WAITS, symbol=st.sampled_from((A, B, "*")))
    def lets_time_pass(self, wait: int, symbol: str) -> None:
        self.send(tick(symbol), wait)

    @rule(
        reference=st.integers(-1, 12),
        width=st.sampled_from((-1, 300_000, 1_000_000, 9_000_000, 9_000_000)),
        kind=st.integers(0, 11),
    )
    def administers(self, reference: int, width: int, kind: int) -> None:
        up, down = 1_000_000 + width, max(0, 1_000_000 - width)
        symbol = "NOPE" if width < 0 else A
        claim = ClaimPartition(command_id=UUID(int=9), symbol="*", engine_id=str(reference))
        band = set_band(reference, bid_up=up, bid_down=down, ask_up=2 * up, ask_down=down // 2)
        own = replace(band, by_operator=True, by_user_id=7)
        restored, halted = (replace(c(symbol), by_user_id=7) for c in (restore_band, halt))
        resumed = replace(resume(symbol), by_user_id=8)
        commands = (band, band, own, restored, halted, *[resumed] * 5, resume(symbol), claim)
        self.send(commands[kind])
