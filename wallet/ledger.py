"""The ledger's rules: from commands and trades to postings, checked before anything changes.

A `Ledger` is the working set of one transaction: the balances and reservations that the
repository has locked. Each method either does the whole thing or raises and leaves no trace.
Integers throughout, units of 0.00000001. No I/O, no clock.
"""

from collections.abc import Mapping

from contracts.amounts import from_e8, to_e8
from contracts.matching import TradeExecuted
from contracts.topology import transfer_id
from contracts.wallet import (
    Account,
    DepositFunds,
    FundsDeposited,
    FundsReleased,
    FundsReserved,
    ReduceReservation,
    ReferenceType,
    ReleaseFunds,
    ReservationReduced,
    ReserveFunds,
)
from wallet.accounts import Accounts
from wallet.errors import (
    AlreadyReleased,
    AlreadyReserved,
    BadTrade,
    InvalidCommand,
)
from wallet.postings import (
    Place,
    Transfer,
    deposit_postings,
    release_postings,
    require_sane_figures,
    reservation_ids,
    reserve_postings,
    trade_postings,
    trade_reference,
)
from wallet.reservations import Reservation, marker


class Ledger(Accounts):
    """Balances and reservations of one transaction, and what has been done to them."""

    def __init__(
        self, balances: Mapping[Place, int], reservations: Mapping[int, Reservation]
    ) -> None:
        super().__init__(balances)
        self._known_orders = frozenset(reservations)
        self._reservations = dict(reservations)
        self._touched_orders: set[int] = set()

    def reservation(self, order_id: int) -> Reservation | None:
        return self._reservations.get(order_id)

    @property
    def new_reservations(self) -> list[Reservation]:
        """Rows that must not exist yet: a collision means that another transaction was first."""
        return [self._reservations[i] for i in sorted(self._touched_orders - self._known_orders)]

    @property
    def changed_reservations(self) -> list[Reservation]:
        """Rows that were read locked and now read otherwise."""
        return [self._reservations[i] for i in sorted(self._touched_orders & self._known_orders)]

    def deposit(self, command: DepositFunds, at_ms: int) -> FundsDeposited:
        """Bring money in.

        Raises:
            InvalidCommand: the amount is not positive.
            BalanceOverflow: the balance would leave DECIMAL(20, 8).
        """
        amount_e8 = _positive(to_e8(command.amount))
        transfer = Transfer(
            transfer_id(ReferenceType.DEPOSIT, str(command.command_id)),
            ReferenceType.DEPOSIT,
            str(command.command_id),
            deposit_postings(command.user_id, command.currency, amount_e8),
            at_ms,
            command.correlation_id,
        )
        self.post(transfer)
        available = self.balance_e8(Place(command.user_id, command.currency, Account.AVAILABLE))
        return FundsDeposited(
            command_id=command.command_id,
            user_id=command.user_id,
            currency=command.currency,
            amount=command.amount,
            transfer_id=transfer.transfer_id,
            available=from_e8(available),
        )

    def reserve(self, command: ReserveFunds, at_ms: int) -> FundsReserved:
        """Set money aside for one order.

        Raises:
            InvalidCommand: the amount is not positive.
            AlreadyReleased: the order's release came first.
            AlreadyReserved: the order holds money under another command.
            InsufficientFunds: the user has less than that available.
        """
        amount_e8 = _positive(to_e8(command.amount))
        present = self._reservations.get(command.order_id)
        if present is not None and present.released:
            raise AlreadyReleased(f"order {command.order_id} was released before it reserved")
        if present is not None:
            raise AlreadyReserved(f"order {command.order_id} has a reservation")
        self.post(
            Transfer(
                transfer_id(ReferenceType.RESERVE, str(command.order_id)),
                ReferenceType.RESERVE,
                str(command.order_id),
                reserve_postings(command.user_id, command.currency, amount_e8, command.order_id),
                at_ms,
                command.correlation_id,
            )
        )
        self._keep(
            Reservation(
                command.order_id,
                command.user_id,
                command.currency,
                amount_e8,
                correlation_id=command.correlation_id,
            )
        )
        return FundsReserved(
            command_id=command.command_id,
            order_id=command.order_id,
            currency=command.currency,
            amount=command.amount,
        )

    def release(self, command: ReleaseFunds, at_ms: int) -> FundsReleased:
        """Give back what the order holds, now or when settlement has come to its last fill.

        Raises:
            InvalidCommand: negative quantity, another user's order, or a contradiction with
                what is settled or stored.
        """
        if command.filled_lots < 0:
            raise InvalidCommand("filled_lots is negative")
        present = self._reservations.get(command.order_id)
        if present is None:
            asked = self._keep(marker(command))
        else:
            asked = present.ask_release(command)
            if asked != present:
                self._keep(asked)
        given_e8 = self._release_if_due(asked, at_ms)
        return FundsReleased(
            command_id=command.command_id,
            order_id=command.order_id,
            amount=from_e8(given_e8),
            pending=not self._reservations[command.order_id].released,
        )

    def reduce(self, command: ReduceReservation, at_ms: int) -> ReservationReduced:
        """Give back a part of what an open order holds; nothing where it was released already.

        Raises:
            InvalidCommand: no such order, another user's, an amount that is not positive or
                more than the order still holds.
        """
        amount_e8 = _positive(to_e8(command.amount))
        present = self._reservations.get(command.order_id)
        if present is None:
            raise InvalidCommand(f"order {command.order_id} has no reservation")
        if present.user_id != command.user_id:
            raise InvalidCommand(f"order {command.order_id} is not of user {command.user_id}")
        if command.keep is not None:
            amount_e8 = min(amount_e8, present.reserved_e8 - to_e8(command.keep))
        if present.released or amount_e8 <= 0:
            return _reduced(command, 0)
        reduced = present.reduce(amount_e8)
        self.post(
            Transfer(
                transfer_id(ReferenceType.REDUCE, str(command.command_id)),
                ReferenceType.REDUCE,
                f"{command.order_id}:{command.amend_id}",
                release_postings(present.user_id, present.currency, amount_e8, command.order_id),
                at_ms,
                command.correlation_id,
            )
        )
        self._keep(reduced)
        return _reduced(command, amount_e8)

    def settle(self, trade: TradeExecuted, at_ms: int) -> None:
        """Move the money of one trade, and perform a release that waited for it.

        Raises:
            BadTrade: the trade does not fit its orders' reservations.
            UnbalancedTransfer, InsufficientFunds, BalanceOverflow: it does not fit the ledger.
        """
        require_sane_figures(trade)
        buys, sells = reservation_ids(trade)
        buyer = self._reservation_of(buys, trade.buyer_user_id, trade.quote).use(
            trade.quote_e8 + trade.buyer_refund_e8, trade.quantity_lots, trade.buyer_filled_lots
        )
        seller = self._reservation_of(sells, trade.seller_user_id, trade.base).use(
            trade.quantity_e8, trade.quantity_lots, trade.seller_filled_lots
        )
        reference = trade_reference(trade)
        taker = seller if trade.buyer_is_maker else buyer
        self.post(
            Transfer(
                transfer_id(ReferenceType.TRADE, reference),
                ReferenceType.TRADE,
                reference,
                trade_postings(trade),
                at_ms,
                taker.correlation_id,
            )
        )
        for reservation in (buyer, seller):
            self._release_if_due(self._keep(reservation), at_ms)

    def _reservation_of(self, order_id: int, user_id: int, currency: str) -> Reservation:
        found = self._reservations.get(order_id)
        if found is None or (found.user_id, found.currency) != (user_id, currency):
            raise BadTrade(f"order {order_id} of user {user_id} holds no {currency}")
        return found

    def _release_if_due(self, reservation: Reservation, at_ms: int) -> int:
        if not reservation.release_due:
            return 0
        given_e8 = reservation.remaining_e8
        if given_e8:
            order_id = reservation.order_id
            self.post(
                Transfer(
                    transfer_id(ReferenceType.RELEASE, str(order_id)),
                    ReferenceType.RELEASE,
                    str(order_id),
                    release_postings(reservation.user_id, reservation.currency, given_e8, order_id),
                    at_ms,
                    reservation.correlation_id,
                )
            )
        self._keep(reservation.release())
        return given_e8

    def _keep(self, reservation: Reservation) -> Reservation:
        self._reservations[reservation.order_id] = reservation
        self._touched_orders.add(reservation.order_id)
        return reservation


def _positive(amount_e8: int) -> int:
    if amount_e8 <= 0:
        raise InvalidCommand("the amount must be positive")
    return amount_e8


def _reduced(command: ReduceReservation, amount_e8: int) -> ReservationReduced:
    return ReservationReduced(
        command_id=command.command_id, order_id=command.order_id, amount=from_e8(amount_e8)
    )
