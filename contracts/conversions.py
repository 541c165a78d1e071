"""From the engine's integers to the amounts that people, rows and sagas use."""

from contracts.amounts import from_e8
from contracts.instruments import Instrument
from contracts.matching import (
    AnyOrderEvent,
    OrderAccepted,
    OrderCancelled,
    OrderFilled,
    OrderRejected,
    OrderStatusReported,
)
from contracts.orders import Fill, OrderState, Side


def order_state(event: AnyOrderEvent, instrument: Instrument, at_ms: int) -> OrderState:
    """The order as the event leaves it. `at_ms` is the log time of the event's entry."""
    refusal = event.refusal if isinstance(event, OrderRejected | OrderStatusReported) else None
    reason = event.reason if isinstance(event, OrderCancelled | OrderStatusReported) else None
    working = event.working if isinstance(event, OrderAccepted | OrderStatusReported) else True
    return OrderState(
        order_id=event.order_id,
        sequence=event.sequence,
        status=event.status,
        filled_quantity=instrument.quantity(event.filled_lots),
        filled_quote=from_e8(event.filled_quote_e8),
        commission=from_e8(event.commission_e8),
        filled_lots=event.filled_lots,
        at_ms=at_ms,
        own=event.own,
        refusal=refusal,
        quantity=instrument.quantity(event.quantity_lots),
        expiry=reason,
        working=working,
    )


def fill(event: OrderFilled, instrument: Instrument, at_ms: int) -> Fill:
    """The execution that the event reports, from its order's side."""
    return Fill(
        trade_id=event.trade_id,
        price=instrument.price(event.price_ticks),
        quantity=instrument.quantity(event.last_lots),
        quote_quantity=from_e8(event.last_quote_e8),
        commission=from_e8(event.last_commission_e8),
        commission_asset=instrument.base if event.side is Side.BUY else instrument.quote,
        is_maker=event.is_maker,
        executed_at_ms=at_ms,
    )
