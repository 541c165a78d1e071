"""How others ask the wallet: send a command, await its reply, never guess."""

from typing import Final, Protocol
from uuid import UUID

from adapters.rabbitmq import CommandNotSent, NoReply
from contracts.message import decode, encode
from contracts.topology import WALLET_DEPOSIT, WALLET_REDUCE, WALLET_RELEASE, WALLET_RESERVE
from contracts.wallet import (
    DepositFunds,
    ReduceReservation,
    ReleaseFunds,
    ReserveFunds,
    WalletCommand,
    WalletReply,
)
from wallet.errors import WalletSilent

REPLY_TIMEOUT_S: Final = 3.0
"""Longer than the wallet may wait for settlement (1 s) and its transaction together."""

_ROUTING_KEYS: Final[dict[type[WalletCommand], str]] = {
    ReserveFunds: WALLET_RESERVE,
    ReleaseFunds: WALLET_RELEASE,
    ReduceReservation: WALLET_REDUCE,
    DepositFunds: WALLET_DEPOSIT,
}


class Caller(Protocol):
    """What carries a command there and its reply back."""

    async def call(
        self, routing_key: str, body: bytes, command_id: UUID, timeout_s: float
    ) -> bytes: ...


class WalletClient:
    """Asks the wallet worker over RabbitMQ."""

    def __init__(self, commands: Caller, *, timeout_s: float = REPLY_TIMEOUT_S) -> None:
        self._commands = commands
        self._timeout_s = timeout_s

    async def ask(self, command: WalletCommand) -> WalletReply:
        """The wallet's reply.

        Raises:
            WalletSilent: no reply in time, or the command may not have been sent. The outcome
                is unknown: ask again with the same command.
            MalformedMessage: the reply is not one.
        """
        try:
            body = await self._commands.call(
                _ROUTING_KEYS[type(command)], encode(command), command.command_id, self._timeout_s
            )
        except (NoReply, CommandNotSent) as error:
            raise WalletSilent(str(error)) from error
        reply: WalletReply = decode(body, WalletReply)
        return reply
