"""The messages of the deposit saga."""

from enum import StrEnum
from uuid import UUID

from contracts.amounts import Amount
from contracts.message import Message


class FundingStatus(StrEnum):
    COMPLETED = "COMPLETED"
    CONFLICT = "CONFLICT"  # the idempotency key was used with another body
    INVALID = "INVALID"


class Deposit(Message, frozen=True, kw_only=True):
    """A wish to bring money in; `idempotency_key` is the client's."""

    user_id: int
    currency: str
    amount: Amount
    idempotency_key: str
    correlation_id: str


class DepositOutcome(Message, frozen=True, kw_only=True):
    status: FundingStatus
    currency: str
    amount: Amount
    transfer_id: UUID | None
    available: Amount | None
    detail: str = ""
