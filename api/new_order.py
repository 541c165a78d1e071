"""A new order that satisfies its market's filters, and the command that the saga takes."""

import secrets
import string
from enum import StrEnum
from hashlib import blake2b
from typing import Final

import msgspec

from contracts.amounts import Amount
from contracts.instruments import Instrument
from contracts.message import encode
from contracts.order_views import OpenCounts
from contracts.orders import (
    SAGA_VERSION,
    OrderType,
    PlaceOrder,
    SelfTradePrevention,
    Side,
    TimeInForce,
)

CLIENT_ID_LENGTH: Final = 22
_CLIENT_ID_ALPHABET: Final = string.ascii_letters + string.digits


class ResponseType(StrEnum):
    """How much the answer to a new order says."""

    ACK = "ACK"
    RESULT = "RESULT"
    FULL = "FULL"


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """The worst price that an order may trade at, and what the wallet reserves for it: quote
    currency for a buy, base for a sell."""

    price_ticks: int
    amount: Amount


class NewOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What the client asks for. `price` and `price_ticks` are zero where the order takes any
    price; `quantity` and `quantity_lots` are zero for a market order by value."""

    instrument: Instrument
    side: Side
    order_type: OrderType
    time_in_force: TimeInForce
    price: Amount
    price_ticks: int
    quantity: Amount
    quantity_lots: int
    client_order_id: str
    response_type: ResponseType
    self_trade_prevention: SelfTradePrevention = SelfTradePrevention.NONE
    quote_quantity: Amount | None = None
    stop_price: Amount | None = None
    stop_ticks: int = 0
    iceberg_quantity: Amount | None = None
    iceberg_lots: int = 0
    expires_at_ms: int = 0
    list_id: int = 0
    list_client_order_id: str = ""

    @property
    def body_hash(self) -> str:
        """Equal for two requests that ask for the same order, however they write it.

        What an order does not use is left out, so that a new kind of order leaves the hashes
        of the others as they are.
        """
        facts: tuple[object, ...] = (
            self.instrument.symbol,
            self.side,
            self.order_type,
            self.time_in_force,
            self.price,
            self.quantity,
        )
        used = {
            "value": self.quote_quantity,
            "stop": self.stop_price,
            "iceberg": self.iceberg_quantity,
            "expires": self.expires_at_ms or None,
            "prevention": self.self_trade_prevention
            if self.self_trade_prevention is not SelfTradePrevention.NONE
            else None,
        }
        extras = {name: fact for name, fact in used.items() if fact is not None}
        return body_hash((*facts, extras) if extras else facts)

    @property
    def counts(self) -> OpenCounts:
        """What this order adds to the user's open orders."""
        return OpenCounts(
            orders=1,
            conditional=int(self.order_type.conditional),
            iceberg=int(self.iceberg_lots > 0),
        )

    def command(
        self,
        budget: Budget,
        *,
        order_id: int,
        user_id: int,
        accepted_at_ms: int,
        correlation_id: str,
    ) -> PlaceOrder:
        """The order as the saga takes it."""
        market = self.instrument
        return PlaceOrder(
            order_id=order_id,
            user_id=user_id,
            client_order_id=self.client_order_id,
            symbol=market.symbol,
            base=market.base,
            quote=market.quote,
            side=self.side,
            order_type=self.order_type,
            time_in_force=self.time_in_force,
            price=self.price,
            quantity=self.quantity,
            price_ticks=budget.price_ticks,
            quantity_lots=self.quantity_lots,
            reserve_currency=self.reserve_currency,
            reserve_amount=budget.amount,
            maker_fee_ppm=market.maker_fee_ppm,
            taker_fee_ppm=market.taker_fee_ppm,
            partition=market.partition,
            body_hash=self.body_hash,
            accepted_at_ms=accepted_at_ms,
            correlation_id=correlation_id,
            saga_version=SAGA_VERSION,
            self_trade_prevention=self.self_trade_prevention,
            quote_quantity=self.quote_quantity,
            stop_price=self.stop_price,
            stop_ticks=self.stop_ticks,
            iceberg_quantity=self.iceberg_quantity,
            iceberg_lots=self.iceberg_lots,
            expires_at_ms=self.expires_at_ms,
            list_id=self.list_id,
            list_client_order_id=self.list_client_order_id,
        )

    @property
    def reserve_currency(self) -> str:
        """What the order pays with."""
        return self.instrument.quote if self.side is Side.BUY else self.instrument.base


def body_hash(facts: object) -> str:
    """32 hex digits over any value made of messages, amounts and plain containers."""
    return blake2b(encode(facts), digest_size=16).hexdigest()


def new_client_order_id() -> str:
    """An id for a client that sent none."""
    return "".join(secrets.choice(_CLIENT_ID_ALPHABET) for _ in range(CLIENT_ID_LENGTH))
