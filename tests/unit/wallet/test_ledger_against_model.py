"""The ledger and a naive one see the same commands and trades in any order, and must agree."""

from collections import defaultdict

import hypothesis.strategies as st
import msgspec
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from contracts.amounts import from_e8, to_e8
from contracts.wallet import Account
from tests.support.naive_ledger import NaiveLedger
from tests.support.wallet import (
    AT_MS,
    LOT_E8,
    UNIT_E8,
    deposit,
    reduce,
    release,
    reserve,
    trade,
)
from wallet.errors import (
    AlreadyReleased,
    AlreadyReserved,
    BadTrade,
    InsufficientFunds,
    InvalidCommand,
)
from wallet.ledger import Ledger
from wallet.postings import Place

USERS = st.integers(1, 3)
CURRENCIES = st.sampled_from(["BTC", "USDT"])
ORDERS = st.integers(1, 12)
LOTS = st.integers(1, 6)
TICKS = st.integers(9_000, 11_000)
AMOUNTS = st.sampled_from([1, 5_000, 99_999, 1_000_000, 3_000_000])
RICH_E8 = 3_000_000


class LedgerMatchesModel(RuleBasedStateMachine):
    """Each step goes through a fresh `Ledger` over the state so far, as each transaction does."""

    def __init__(self) -> None:
        super().__init__()
        self.model = NaiveLedger()
        self.balances: dict[Place, int] = {}
        self.house: defaultdict[Place, int] = defaultdict(int)
        self.reservations = {}
        self.ledger = Ledger({}, {})
        self.next_trade = 1

    def _begin(self) -> Ledger:
        self.ledger = Ledger(self.balances, self.reservations)
        return self.ledger

    def _commit(self) -> None:
        done = self.ledger
        for transfer in done.transfers:
            sums: defaultdict[str, int] = defaultdict(int)
            for line in transfer.postings:
                sums[line.place.currency] += line.amount_e8
            assert not any(sums.values())
        self.balances |= done.changed_balances
        for place, delta in done.house_deltas.items():
            self.house[place] += delta
        for kept in done.new_reservations + done.changed_reservations:
            self.reservations[kept.order_id] = kept

    @initialize(open_orders=st.integers(0, 8))
    def opens(self, open_orders: int) -> None:
        """Some orders hold money from the start: chance alone would match few of them."""
        for order in range(1, open_orders + 1):
            user = order % 3 + 1
            for currency in ("BTC", "USDT"):
                self.deposits(user=user, currency=currency, amount=RICH_E8)
            self.reserves(order=order, user=user, odd=False, amount=RICH_E8)

    @rule(user=USERS, currency=CURRENCIES, amount=AMOUNTS)
    def deposits(self, user: int, currency: str, amount: int) -> None:
        self._begin().deposit(deposit(user, currency, str(from_e8(amount))), AT_MS)
        self.model.deposit(user, currency, amount)
        self._commit()

    @rule(order=ORDERS, user=USERS, odd=st.booleans(), amount=AMOUNTS)
    def reserves(self, order: int, user: int, odd: bool, amount: int) -> None:
        # Mostly the first orders buy and the last ones sell, else few trades would fit.
        currency = "BTC" if (order > 4) != odd else "USDT"
        command = reserve(order, user, str(from_e8(amount)), currency=currency)
        try:
            self._begin().reserve(command, AT_MS)
            got = "reserved"
        except AlreadyReleased:
            got = "too late"
        except AlreadyReserved:
            got = "twice"
        except InsufficientFunds:
            got = "poor"
        assert got == self.model.reserve(order, user, currency, amount)
        self._commit()

    @rule(order=ORDERS, own=st.booleans(), ahead=st.integers(-1, 12))
    def releases(self, order: int, own: bool, ahead: int) -> None:
        known = self.model.orders.get(order)
        user = known.user if known and own else 1
        filled = max(0, (known.filled if known else 0) + ahead)
        try:
            reply = self._begin().release(release(order, user, filled), AT_MS)
            got = "pending" if reply.pending else "done"
        except InvalidCommand:
            got = "invalid"
        assert got == self.model.release(order, user, filled)
        self._commit()

    @rule(order=ORDERS, own=st.booleans(), amount=AMOUNTS, all_of_it=st.booleans())
    def reduces(self, *, order: int, own: bool, amount: int, all_of_it: bool) -> None:
        known = self.model.orders.get(order)
        user = known.user if known and own else 1
        if known and all_of_it:
            amount = max(1, known.reserved - known.used)
        command = reduce(order, user, str(from_e8(amount)))
        try:
            got: int | str = to_e8(self._begin().reduce(command, AT_MS).amount)
        except InvalidCommand:
            got = "invalid"
        assert got == self.model.reduce(order, user, amount)
        self._commit()

    @rule(
        buy=st.integers(1, 5),
        sell=st.integers(4, 8),
        lots=LOTS,
        ticks=TICKS,
        better=st.integers(0, 50),
        fee_ppm=st.sampled_from([0, 1_000, 500_000]),
        again=st.booleans(),
        legs=st.booleans(),
    )
    def trades(
        self,
        *,
        buy: int,
        sell: int,
        lots: int,
        ticks: int,
        better: int,
        fee_ppm: int,
        again: bool,
        legs: bool,
    ) -> None:
        """`legs`: both orders are legs of lists, whose money is under their first legs' ids."""
        buyer, seller = self.model.orders.get(buy), self.model.orders.get(sell)
        made = trade(
            self.next_trade,
            buyer=(buy + 100 * legs, buyer.user if buyer else 1),
            seller=(sell + 200 * legs, seller.user if seller else 1),
            held_by=(buy, sell) if legs else (0, 0),
            lots=lots,
            price_ticks=ticks,
            buyer_limit_ticks=ticks + better,
            buyer_filled=(buyer.filled if buyer else 0) + lots,
            seller_filled=(seller.filled if seller else 0) + lots,
            fee_ppm=fee_ppm,
        )
        self.next_trade += 1
        expected = (
            "bad"
            if buy == sell
            else self.model.settle(
                buy,
                sell,
                lots,
                quote=made.quote_e8,
                refund=better * lots * UNIT_E8,
                fees=(made.buyer_commission_e8, made.seller_commission_e8),
                base_amount=lots * LOT_E8,
            )
        )
        self._begin()
        assert self._settle(made) == expected
        self._commit()
        if again:
            self._begin()
            assert self._settle(made) == "bad", "its fills are counted already"
            self._commit()

    @rule(buy=ORDERS, sell=ORDERS, skipped=st.integers(1, 5))
    def a_fill_is_missing(self, buy: int, sell: int, skipped: int) -> None:
        buyer, seller = self.model.orders.get(buy), self.model.orders.get(sell)
        made = trade(
            self.next_trade,
            buyer=(buy, buyer.user if buyer else 1),
            seller=(sell, seller.user if seller else 1),
            lots=1,
            price_ticks=1,
            buyer_filled=(buyer.filled if buyer else 0) + 1 + skipped,
            seller_filled=(seller.filled if seller else 0) + 1,
        )
        self._begin()
        assert self._settle(made) == "bad"
        self._commit()

    def _settle(self, made: msgspec.Struct) -> str:
        try:
            self.ledger.settle(made, AT_MS)
        except BadTrade:
            return "bad"
        return "settled"

    @invariant()
    def balances_agree(self) -> None:
        for place, amount in self.balances.items():
            assert amount >= 0
            assert amount == self.model.sum(place.user_id, place.currency, place.account)
        for place, amount in self.house.items():
            assert amount == self.model.sum(0, place.currency, place.account)

    @invariant()
    def money_is_conserved(self) -> None:
        totals: defaultdict[str, int] = defaultdict(int)
        for place, amount in (self.balances | self.house).items():
            totals[place.currency] += amount
        assert not any(totals.values())

    @invariant()
    def reserved_balances_are_what_open_orders_hold(self) -> None:
        held: defaultdict[tuple[int, str], int] = defaultdict(int)
        for kept in self.reservations.values():
            held[kept.user_id, kept.currency] += kept.remaining_e8
        for place, amount in self.balances.items():
            if place.account is Account.RESERVED:
                assert amount == held[place.user_id, place.currency]


LedgerMatchesModel.TestCase.settings = settings(
    max_examples=500,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestLedgerMatchesModel = LedgerMatchesModel.TestCase
