"""What a command must look like before it may touch the ledger, and what makes it the same one."""

from hashlib import blake2b

import msgspec

from contracts.message import encode
from contracts.wallet import ReduceReservation, ReleaseFunds, WalletCommand
from wallet.errors import InvalidCommand
from wallet.tables import CORRELATION_LENGTH

MAX_ID = 2**63 - 1


def request_hash(command: WalletCommand) -> str:
    """32 hex digits over all that the command asks for.

    The correlation id is left out: it names the request that asked, and a client that repeats
    a deposit asks for the same thing in another request.
    """
    return blake2b(
        encode(msgspec.structs.replace(command, correlation_id="")), digest_size=16
    ).hexdigest()


def require_valid(command: WalletCommand, currencies: frozenset[str]) -> None:
    """Refuse what can never succeed.

    Raises:
        InvalidCommand: a user or order id out of range, an unknown currency, an amount that is
            not positive.
    """
    if not 0 < command.user_id <= MAX_ID:
        raise InvalidCommand(f"user_id {command.user_id} is not a user's")
    if len(command.correlation_id) > CORRELATION_LENGTH:
        raise InvalidCommand(f"correlation_id is longer than {CORRELATION_LENGTH}")
    order_id = getattr(command, "order_id", 1)
    if not 0 < order_id <= MAX_ID:
        raise InvalidCommand(f"order_id {order_id} is out of range")
    if isinstance(command, ReleaseFunds):
        if not 0 <= command.filled_lots <= MAX_ID:
            raise InvalidCommand(f"filled_lots {command.filled_lots} is out of range")
        return
    if not isinstance(command, ReduceReservation) and command.currency not in currencies:
        raise InvalidCommand(f"unknown currency {command.currency[:16]!r}")
    if command.amount <= 0:
        raise InvalidCommand("the amount must be positive")
