"""What is still on its way: money in flight is not a break, but nothing is proved before it lands.

An empty answer means that all that was asked has been decided, settled, projected and published.
"""

from collections.abc import Collection, Iterator, Mapping

from contracts.instruments import Instrument, money_partitions
from contracts.orders import OrderStatus
from contracts.topology import ORDERS_EVENTS, ORDERS_INCOMING, PARTITIONS, TRADES_EXECUTED
from reconciliation.facts import Facts


def in_flight(facts: Facts, markets: Mapping[str, Instrument]) -> list[str]:
    """One line for each thing that is not finished. `markets`: all that the log may speak of."""
    return [*_lags(facts, money_partitions(markets)), *_unfinished(facts)]


def _lags(facts: Facts, of_money: Collection[int]) -> Iterator[str]:
    readers = (
        (ORDERS_INCOMING, "the book", facts.book.next_offsets, range(PARTITIONS)),
        (ORDERS_INCOMING, "the engine's output", facts.log.decided, range(PARTITIONS)),
        (TRADES_EXECUTED, "settlement", facts.ledger.positions, of_money),
        (ORDERS_EVENTS, "relay", facts.orders.positions, of_money),
    )
    for topic, reader, positions, followed in readers:
        for partition, end in facts.log.ends.get(topic, {}).items():
            if partition not in followed:
                continue
            behind = end - positions.get(partition, 0)
            if behind > 0:
                yield f"{reader} is {behind} behind the end of {topic}/{partition}"


def _unfinished(facts: Facts) -> Iterator[str]:
    for domain, waiting in (
        ("wallet", facts.ledger.unpublished),
        ("orders", facts.orders.unpublished),
    ):
        if waiting:
            yield f"{waiting} events wait in the outbox of {domain}"
    for held in facts.ledger.reservations:
        if held.pending_release is not None:
            yield f"the release of order {held.order_id} waits for settlement"
    for order_id, workflow_id in facts.running_sagas.items():
        if order_id not in facts.orders.orders:
            yield f"{workflow_id} has no row yet"
    rows = facts.orders.orders.values()
    unended = {row.reservation_id for row in rows if not row.status.terminal}
    for row in rows:
        if row.status is OrderStatus.PENDING_VALIDATION:
            yield f"order {row.order_id} is not decided"
        # The legs of a list share a reservation and a saga, which ends with the last of them.
        elif row.status.terminal and not row.finalized and row.reservation_id not in unended:
            yield f"order {row.order_id} is not finalized"
