"""What the wallet is asked, what it answers, and what it tells the world.

Commands travel over RabbitMQ with the message id as correlation; the reply to a command is
stored with its effect, so a redelivered command gets the same reply.
"""

from enum import StrEnum
from uuid import UUID

from contracts.amounts import Amount
from contracts.message import Message


class Account(StrEnum):
    """Where money can be. FEES and EXTERNAL belong to the house (user 0)."""

    AVAILABLE = "AVAILABLE"
    RESERVED = "RESERVED"
    FEES = "FEES"
    EXTERNAL = "EXTERNAL"  # the world outside; the only account that may be negative


HOUSE_USER_ID = 0


class ReferenceType(StrEnum):
    """Why a transfer was made: the blueprint's `reference_type`."""

    DEPOSIT = "DEPOSIT"
    RESERVE = "RESERVE"
    RELEASE = "RELEASE"
    TRADE = "TRADE"
    REDUCE = "REDUCE"


class ReserveFunds(Message, frozen=True, kw_only=True):
    """`wallet.reserve`: set aside `amount` for one order."""

    command_id: UUID
    order_id: int
    user_id: int
    currency: str
    amount: Amount
    correlation_id: str


class FundsReserved(Message, frozen=True, kw_only=True):
    command_id: UUID
    order_id: int
    currency: str
    amount: Amount


class FundsRefused(Message, frozen=True, kw_only=True):
    """Nothing was reserved, and nothing will be under this command id."""

    command_id: UUID
    order_id: int
    currency: str
    reason: str  # INSUFFICIENT_FUNDS, or ALREADY_RELEASED for a reserve that comes too late


class ReleaseFunds(Message, frozen=True, kw_only=True):
    """`wallet.release`: give back what the order no longer needs.

    Performed once the wallet has settled `filled_lots` of the order: fills come over Kafka,
    releases over RabbitMQ, and no order holds between the two.
    """

    command_id: UUID
    order_id: int
    user_id: int
    filled_lots: int
    correlation_id: str


class FundsReleased(Message, frozen=True, kw_only=True):
    """The release is done, or stored to be done by the settlement that reaches `filled_lots`.

    `amount` is what was given back now; zero with `pending` where settlement still lags, and
    zero without it where nothing was left or the order never reserved.
    """

    command_id: UUID
    order_id: int
    amount: Amount
    pending: bool


class ReduceReservation(Message, frozen=True, kw_only=True):
    """`wallet.reduce`: give back a part of what an open order holds, after it was amended.

    At most `amount`, and never so much that less than `keep` were reserved in all: a saga that
    has forgotten an earlier amendment asks for too much. `amend_id` tells one amendment of the
    order from the next.
    """

    command_id: UUID
    order_id: int
    user_id: int
    amount: Amount
    keep: Amount | None = None
    amend_id: UUID
    correlation_id: str


class ReservationReduced(Message, frozen=True, kw_only=True):
    """`amount` went back; zero where the order had been released by then."""

    command_id: UUID
    order_id: int
    amount: Amount


class DepositFunds(Message, frozen=True, kw_only=True):
    """`wallet.deposit`: money enters from outside, once per user and idempotency key."""

    command_id: UUID
    user_id: int
    currency: str
    amount: Amount
    idempotency_key: str
    correlation_id: str


class FundsDeposited(Message, frozen=True, kw_only=True):
    command_id: UUID
    user_id: int
    currency: str
    amount: Amount
    transfer_id: UUID
    available: Amount


class CommandConflict(Message, frozen=True, kw_only=True):
    """The command id was used before with another body; nothing was done."""

    command_id: UUID
    detail: str


class CommandInvalid(Message, frozen=True, kw_only=True):
    """The command can never succeed (unknown currency, amount not positive); nothing was done."""

    command_id: UUID
    detail: str


WalletCommand = ReserveFunds | ReleaseFunds | ReduceReservation | DepositFunds
WalletReply = (
    FundsReserved
    | FundsRefused
    | FundsReleased
    | ReservationReduced
    | FundsDeposited
    | CommandConflict
    | CommandInvalid
)


class PostingRecorded(Message, frozen=True, kw_only=True):
    """One line of a transfer: positive for credit, negative for debit."""

    user_id: int
    currency: str
    account: Account
    amount: Amount


class TransferRecorded(Message, frozen=True, kw_only=True):
    """On `wallet.events`: a committed transfer whose postings sum to zero per currency."""

    message_id: UUID
    transfer_id: UUID
    reference_type: ReferenceType
    reference_id: str
    postings: tuple[PostingRecorded, ...]
    at_ms: int
    correlation_id: str
