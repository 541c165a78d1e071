"""The rules, R1 to R9: each looks at the facts and lists what breaks it. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from contracts.orders import OrderStatus
from matching.open_orders import OpenOrder
from orders.soundness import OrderFacts
from reconciliation.facts import Facts
from reconciliation.needs import Markets, still_needed


@dataclass(frozen=True, slots=True)
class Break:
    """A rule that does not hold for one subject: an order, a trade, a currency, a balance."""

    rule: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Yields (subject, detail) for each break."""

    name: str
    title: str
    find: Callable[[Facts, Markets], list[tuple[str, str]]]

    def check(self, facts: Facts, markets: Markets) -> list[Break]:
        """What breaks this rule."""
        return [Break(self.name, subject, detail) for subject, detail in self.find(facts, markets)]


def postings_sum_to_zero(facts: Facts, _: Markets) -> list[tuple[str, str]]:
    """R1: no money appears or vanishes, in total or in any transfer."""
    ledger = facts.ledger
    sums = [(c, f"all postings sum to {s}") for c, s in ledger.currency_sums.items() if s]
    return sums + [(f"transfer {t.split()[0]}", t) for t in ledger.unbalanced_transfers]


def balances_are_their_postings(facts: Facts, _: Markets) -> list[tuple[str, str]]:
    """R2: the view of a balance is what the ledger says."""
    return [(text.partition(":")[0], text) for text in facts.ledger.drifted_balances]


def no_negative_balance(facts: Facts, _: Markets) -> list[tuple[str, str]]:
    """R3: nobody but the world outside owes anything."""
    return [(text.partition(":")[0], text) for text in facts.ledger.negative_balances]


def reservations_are_what_orders_need(facts: Facts, markets: Markets) -> list[tuple[str, str]]:
    """R4: what is held for an open order, or for a list, is what it may still cost."""
    broken = [(text.partition(":")[0], text) for text in facts.ledger.drifted_reservations]
    sharing = _by_reservation(facts)
    for held in facts.ledger.reservations:
        orders = sharing.get(held.order_id, [])
        if any(_open(order) for order in orders):
            need = still_needed(orders, markets)
            if held.remaining != need:
                told = f"holds {held.remaining}, needs {need:f}"
                broken.append((f"order {held.order_id}", told))
    return broken


def open_everywhere_or_nowhere(facts: Facts, _: Markets) -> list[tuple[str, str]]:
    """R5: the orders with money set aside, the open rows and the engine's are the same orders.

    The legs of a list share their money: it counts for each leg that is open elsewhere.
    """
    rows = {o.order_id for o in facts.orders.orders.values() if _open(o)}
    live = {o.order_id: o.reservation_id or o.order_id for o in _live(facts)}
    payers: dict[int, set[int]] = {}
    for order_id, payer in live.items():
        payers.setdefault(payer, set()).add(order_id)
    for order_id in rows:
        payers.setdefault(facts.orders.orders[order_id].reservation_id, set()).add(order_id)
    places = {
        # A reservation that trades have used up holds nothing: its order is filled.
        "the ledger": {
            order_id
            for held in facts.ledger.reservations
            if held.remaining > 0
            for order_id in payers.get(held.order_id, {held.order_id})
        },
        "order rows": rows,
        "the books": set(live),
    }
    everywhere = set.intersection(*places.values())
    broken = [
        (
            f"order {order_id}",
            f"open in {', '.join(name for name, ids in places.items() if order_id in ids)} only",
        )
        for order_id in sorted(set.union(*places.values()) - everywhere)
    ]
    return broken + _disagreeing(facts)


def _disagreeing(facts: Facts) -> list[tuple[str, str]]:
    """Live orders whose filled quantity in the engine is not the ledger's."""
    held = {r.order_id: r.filled_lots for r in facts.ledger.reservations}
    broken = []
    for order in _live(facts):
        paid = held.get(order.reservation_id or order.order_id, order.filled_lots)
        if paid != order.filled_lots:
            told = f"{order.filled_lots} lots filled in the book, {paid} paid"
            broken.append((f"order {order.order_id}", told))
    return broken


def _live(facts: Facts) -> list[OpenOrder]:
    return [order for orders in facts.book.orders.values() for order in orders]


def _by_reservation(facts: Facts) -> dict[int, list[OrderFacts]]:
    found: dict[int, list[OrderFacts]] = {}
    for order in facts.orders.orders.values():
        found.setdefault(order.reservation_id, []).append(order)
    return found


def rows_say_what_the_engine_said(facts: Facts, markets: Markets) -> list[tuple[str, str]]:
    """R5: status, quantity and filled quantity of a row are the engine's last word on it."""
    broken = []
    for order_id, word in facts.log.last_words.items():
        row = facts.orders.orders.get(order_id)
        if row is None:
            broken.append((f"order {order_id}", "the engine knows it, no row does"))
        elif word.status is not OrderStatus.REJECTED:
            market = markets[word.symbol]
            filled, quantity = (
                market.quantity(word.filled_lots),
                market.quantity(word.quantity_lots),
            )
            if row.quote_quantity is not None:
                quantity = filled  # an order by value is as large as what it has filled
            ours = (row.status, row.filled_quantity, row.quantity)
            if ours != (word.status, filled, quantity):
                told = f"row {_told(*ours)}, engine {_told(word.status, filled, quantity)}"
                broken.append((f"order {order_id}", told))
    return broken


def _told(status: OrderStatus, filled: Decimal, quantity: Decimal) -> str:
    return f"{status} {filled:f} of {quantity:f}"


@dataclass(frozen=True, slots=True)
class _Sums:
    quantity: Decimal
    quote: Decimal


def fills_sum_to_their_orders(facts: Facts, _: Markets) -> list[tuple[str, str]]:
    """R6: the fills of an order make its filled quantity, which is never above its quantity."""
    sums: dict[int, _Sums] = {}
    for fill in facts.orders.fills:
        so_far = sums.get(fill.order_id, _Sums(Decimal(0), Decimal(0)))
        sums[fill.order_id] = _Sums(
            so_far.quantity + fill.quantity, so_far.quote + fill.quote_quantity
        )
    broken = []
    for order in facts.orders.orders.values():
        made = sums.pop(order.order_id, _Sums(Decimal(0), Decimal(0)))
        row = _Sums(order.filled_quantity, order.filled_quote)
        if made != row or row.quantity > order.quantity:
            told = f"fills {made.quantity:f}, row {row.quantity:f} of {order.quantity:f}"
            broken.append((f"order {order.order_id}", told))
    return broken + [(f"order {order_id}", "has fills and no row") for order_id in sums]


def client_ids_are_used_once(facts: Facts, _: Markets) -> list[tuple[str, str]]:
    """R7: one client order id has at most one order that may still trade."""
    return [(text, "open more than once") for text in facts.orders.contested_client_ids]


def sagas_follow_open_orders(facts: Facts, _: Markets) -> list[tuple[str, str]]:
    """R9: an open order has a running saga, a finished order has none; a list has one saga."""
    is_open = {o.reservation_id for o in facts.orders.orders.values() if _open(o)}
    running = set(facts.running_sagas)
    closed = {o.reservation_id for o in facts.orders.orders.values()} - is_open
    return [(f"order {i}", "open, and no saga runs") for i in sorted(is_open - running)] + [
        (f"order {i}", "finished, and its saga still runs") for i in sorted(closed & running)
    ]


def _open(order: OrderFacts) -> bool:
    return not order.status.terminal


ORDER_RULES: Final = (
    Rule("R4", "an open order holds what it still needs", reservations_are_what_orders_need),
    Rule("R5", "open in ledger, rows and books alike", open_everywhere_or_nowhere),
    Rule("R5 rows", "rows say what the engine said", rows_say_what_the_engine_said),
    Rule("R6 fills", "fills sum to their orders", fills_sum_to_their_orders),
    Rule("R7", "a client order id is open once", client_ids_are_used_once),
    Rule("R9", "open orders have a saga, others none", sagas_follow_open_orders),
)
LEDGER_RULES: Final = (
    Rule("R1", "postings sum to zero", postings_sum_to_zero),
    Rule("R2", "balances are the sum of their postings", balances_are_their_postings),
    Rule("R3", "no balance below zero", no_negative_balance),
)
