"""Postings: which account gives and which receives, for each kind of transfer. Pure data.

Amounts are integers, units of 0.00000001; positive credits the account, negative debits it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from contracts.amounts import from_e8
from contracts.matching import TradeExecuted
from contracts.wallet import (
    HOUSE_USER_ID,
    Account,
    PostingRecorded,
    ReferenceType,
    TransferRecorded,
)
from wallet.errors import BadTrade, UnbalancedTransfer


class Place(NamedTuple):
    """Where money can be: one account of one user in one currency."""

    user_id: int
    currency: str
    account: Account


class Posting(NamedTuple):
    """One line of a transfer. `order_id` names the order whose money this is, if any."""

    place: Place
    amount_e8: int
    order_id: int | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """Postings that happen together or not at all, and why."""

    transfer_id: UUID
    reference_type: ReferenceType
    reference_id: str
    postings: tuple[Posting, ...]
    at_ms: int
    correlation_id: str

    def __post_init__(self) -> None:
        require_zero_sum(self.postings)


def require_zero_sum(postings: Iterable[Posting]) -> None:
    """Check that no money appears or vanishes.

    Raises:
        UnbalancedTransfer: the amounts of some currency do not sum to zero.
    """
    sums: defaultdict[str, int] = defaultdict(int)
    for posting in postings:
        sums[posting.place.currency] += posting.amount_e8
    broken = {currency: total for currency, total in sums.items() if total}
    if broken:
        raise UnbalancedTransfer(f"the postings do not sum to zero: {broken} (units of 1e-8)")


def deposit_postings(user_id: int, currency: str, amount_e8: int) -> tuple[Posting, ...]:
    """From the world outside to the user."""
    return (
        Posting(Place(HOUSE_USER_ID, currency, Account.EXTERNAL), -amount_e8),
        Posting(Place(user_id, currency, Account.AVAILABLE), amount_e8),
    )


def reserve_postings(
    user_id: int, currency: str, amount_e8: int, order_id: int
) -> tuple[Posting, ...]:
    """From what the user may spend to what one order holds."""
    return (
        Posting(Place(user_id, currency, Account.AVAILABLE), -amount_e8, order_id),
        Posting(Place(user_id, currency, Account.RESERVED), amount_e8, order_id),
    )


def release_postings(
    user_id: int, currency: str, amount_e8: int, order_id: int
) -> tuple[Posting, ...]:
    """From what the order holds back to the user."""
    return (
        Posting(Place(user_id, currency, Account.RESERVED), -amount_e8, order_id),
        Posting(Place(user_id, currency, Account.AVAILABLE), amount_e8, order_id),
    )


def trade_postings(trade: TradeExecuted) -> tuple[Posting, ...]:
    """Four to seven lines: quote to the seller, base to the buyer, fees, price improvement."""
    buyer, seller = trade.buyer_user_id, trade.seller_user_id
    buys, sells = trade.buyer_order_id, trade.seller_order_id
    base, quote = trade.base, trade.quote
    lines = (
        Posting(
            Place(buyer, quote, Account.RESERVED), -trade.quote_e8 - trade.buyer_refund_e8, buys
        ),
        Posting(
            Place(seller, quote, Account.AVAILABLE),
            trade.quote_e8 - trade.seller_commission_e8,
            sells,
        ),
        Posting(Place(seller, base, Account.RESERVED), -trade.quantity_e8, sells),
        Posting(
            Place(buyer, base, Account.AVAILABLE),
            trade.quantity_e8 - trade.buyer_commission_e8,
            buys,
        ),
        Posting(Place(HOUSE_USER_ID, quote, Account.FEES), trade.seller_commission_e8, sells),
        Posting(Place(HOUSE_USER_ID, base, Account.FEES), trade.buyer_commission_e8, buys),
        Posting(Place(buyer, quote, Account.AVAILABLE), trade.buyer_refund_e8, buys),
    )
    return tuple(line for line in lines if line.amount_e8)


def require_sane_figures(trade: TradeExecuted) -> None:
    """Refuse figures that would run money backwards, whatever they sum to.

    Raises:
        BadTrade: one of them would.
    """
    if trade.quantity_lots <= 0 or trade.quantity_e8 <= 0 or trade.quote_e8 <= 0:
        raise BadTrade("quantity and quote must be positive")
    if not 0 <= trade.buyer_commission_e8 <= trade.quantity_e8:
        raise BadTrade("the buyer's commission is outside what the buyer receives")
    if not 0 <= trade.seller_commission_e8 <= trade.quote_e8:
        raise BadTrade("the seller's commission is outside what the seller receives")
    if trade.buyer_refund_e8 < 0:
        raise BadTrade("the price improvement is negative")
    if HOUSE_USER_ID in (trade.buyer_user_id, trade.seller_user_id):
        raise BadTrade("the house does not trade")
    if trade.buyer_order_id == trade.seller_order_id or trade.base == trade.quote:
        raise BadTrade("an order cannot trade with itself, nor a currency with itself")


def reservation_ids(trade: TradeExecuted) -> tuple[int, int]:
    """Under which orders' ids the buyer's and the seller's money is held.

    The legs of a list share one reservation; every other order has its own.
    """
    return (
        trade.buyer_reservation_id or trade.buyer_order_id,
        trade.seller_reservation_id or trade.seller_order_id,
    )


def trade_reference(trade: TradeExecuted) -> str:
    """A trade's identity in the ledger: unique for ever, however often it is published."""
    return f"{trade.symbol}:{trade.trade_id}"


def transfer_recorded(transfer: Transfer) -> TransferRecorded:
    """The event that tells the world of a committed transfer."""
    return TransferRecorded(
        message_id=transfer.transfer_id,
        transfer_id=transfer.transfer_id,
        reference_type=transfer.reference_type,
        reference_id=transfer.reference_id,
        postings=tuple(
            PostingRecorded(
                user_id=line.place.user_id,
                currency=line.place.currency,
                account=line.place.account,
                amount=from_e8(line.amount_e8),
            )
            for line in transfer.postings
        ),
        at_ms=transfer.at_ms,
        correlation_id=transfer.correlation_id,
    )
