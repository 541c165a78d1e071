"""Order rows and fills follow `orders.events`: batches in, one transaction each."""

from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncConnection

from contracts import conversions
from contracts.instruments import Instrument
from contracts.matching import (
    AnyOrderEvent,
    BandSet,
    MatchPrevented,
    OrderBatch,
    OrderFilled,
    OrderRejected,
    OrderStatusReported,
)
from contracts.order_views import PreventedMatchView
from contracts.orders import OrderState
from contracts.topology import ORDERS_EVENTS
from orders import market_band, market_status, states
from orders.event_offsets import advance_offset, lock_offset
from orders.market_band import MarketBand
from orders.states import FillOf


@dataclass
class Projection:
    """What a run of batches does to orders: newest states, fills, and whose sagas to tell."""

    states: dict[int, OrderState] = field(default_factory=dict)
    fills: list[FillOf] = field(default_factory=list)
    prevented: list[PreventedMatchView] = field(default_factory=list)
    counterparty: dict[int, OrderState] = field(default_factory=dict)
    own: dict[int, OrderState] = field(default_factory=dict)
    markets: dict[str, tuple[bool, int]] = field(default_factory=dict)  # halted, as of which offset
    bands: dict[str, MarketBand] = field(default_factory=dict)


def project(batches: list[OrderBatch], markets: dict[str, Instrument]) -> Projection:
    """Fold events to one state per order; only the newest counts, as all are cumulative."""
    result = Projection()
    for batch in batches:
        for entry in batch.entries:
            for event in entry.events:
                if isinstance(event, AnyOrderEvent):
                    _fold(result, event, markets[event.symbol], entry.at_ms)
                elif isinstance(event, MatchPrevented):
                    result.prevented.append(_prevented(event, markets[event.symbol], entry.at_ms))
                elif isinstance(event, BandSet):
                    result.bands[event.symbol] = market_band.band_of(event, entry.offset)
                elif (halted := market_status.halted_by(event)) is not None:
                    result.markets[event.symbol] = (halted, entry.offset)
    return result


def _fold(result: Projection, event: AnyOrderEvent, instrument: Instrument, at_ms: int) -> None:
    state = conversions.order_state(event, instrument, at_ms)
    if isinstance(event, OrderFilled):
        executed = conversions.fill(event, instrument, at_ms)
        result.fills.append((event.symbol, event.order_id, event.user_id, event.side, executed))
    # A refused order's row is written by its saga, which knows what it undid.
    if not isinstance(event, OrderRejected | OrderStatusReported):
        _keep_newest(result.states, state)
    _keep_newest(result.own if event.own else result.counterparty, state)


def _prevented(event: MatchPrevented, instrument: Instrument, at_ms: int) -> PreventedMatchView:
    return PreventedMatchView(
        symbol=event.symbol,
        prevented_match_id=event.prevented_match_id,
        taker_order_id=event.taker_order_id,
        maker_order_id=event.maker_order_id,
        trade_group_id=event.user_id,
        mode=event.mode,
        price=instrument.price(event.price_ticks),
        taker_prevented_quantity=instrument.quantity(event.taker_prevented_lots),
        maker_prevented_quantity=instrument.quantity(event.maker_prevented_lots),
        at_ms=at_ms,
    )


def _keep_newest(states_of: dict[int, OrderState], state: OrderState) -> None:
    known = states_of.get(state.order_id)
    if known is None or known.sequence <= state.sequence:
        states_of[state.order_id] = state


async def apply(
    connection: AsyncConnection,
    projection: Projection,
    partition: int,
    next_offset: int,
) -> bool:
    """Write a projection of one partition's records up to `next_offset`.

    Returns False, having written nothing, where the records were applied before.
    """
    reached = await lock_offset(connection, ORDERS_EVENTS, partition)
    if reached >= next_offset:
        return False
    # A batch that overlaps what was applied is harmless: states are guarded by sequence, fills
    # and prevented matches by their keys.
    await states.apply_states(connection, projection.states.values())
    await states.insert_fills(connection, projection.fills)
    await states.insert_prevented(connection, projection.prevented)
    await market_status.apply_statuses(connection, projection.markets)
    await market_band.apply_bands(connection, projection.bands)
    await advance_offset(connection, ORDERS_EVENTS, partition, next_offset)
    return True
