"""The rules on executions and sequences: R6 and R8. Pure."""

from collections.abc import Iterable, Iterator
from typing import Final

from contracts.amounts import to_e8
from contracts.matching import TradeExecuted
from orders.soundness import FillFacts
from reconciliation.facts import Facts
from reconciliation.needs import Markets
from reconciliation.rules import Rule
from wallet.postings import trade_postings
from wallet.soundness import TradeLine


def trades_are_settled_once(facts: Facts, _: Markets) -> list[tuple[str, str]]:
    """R6: every trade of the log is in the ledger, once, with the same figures; none other is."""
    log, ledger = facts.log.trades, facts.ledger.settled
    broken = [(f"trade {reference}", "not in the log") for reference in ledger.keys() - log.keys()]
    for reference, trade in log.items():
        lines = ledger.get(reference)
        if lines is None:
            broken.append((f"trade {reference}", "not settled"))
        elif len(lines) != len(expected := _lines(trade)):
            broken.append((f"trade {reference}", f"{len(lines)} postings, not {len(expected)}"))
        elif lines != expected:
            broken.append((f"trade {reference}", "settled with other figures"))
    return broken + [(f"parked {text.partition(': ')[0]}", text) for text in _parked(facts)]


def _lines(trade: TradeExecuted) -> list[TradeLine]:
    return [
        TradeLine(p.place.user_id, p.place.currency, p.place.account.value, p.amount_e8)
        for p in trade_postings(trade)
    ]


def _parked(facts: Facts) -> list[str]:
    return facts.ledger.parked_trades


def trades_have_two_fills(facts: Facts, _: Markets) -> list[tuple[str, str]]:
    """R6: the rows in `order_fill` are both sides of every trade, with the same figures."""
    expected = {key: figures for t in facts.log.trades.values() for key, figures in _sides(t)}
    found = {(f"{f.symbol}:{f.trade_id}", f.order_id): _figures(f) for f in facts.orders.fills}
    broken = []
    for key in expected.keys() | found.keys():
        if expected.get(key) != found.get(key):
            what = "no row" if key not in found else "no trade"
            if key in expected and key in found:
                what = f"row {found[key]}, trade {expected[key]}"
            broken.append((f"fill of {key[0]} for order {key[1]}", what))
    return sorted(broken)


Figures = tuple[int, bool, int, int, int, int]


def _sides(trade: TradeExecuted) -> Iterator[tuple[tuple[str, int], Figures]]:
    reference = f"{trade.symbol}:{trade.trade_id}"
    shared = (trade.price_e8, trade.quantity_e8, trade.quote_e8)
    buyer = (trade.buyer_user_id, True, *shared, trade.buyer_commission_e8)
    seller = (trade.seller_user_id, False, *shared, trade.seller_commission_e8)
    yield (reference, trade.buyer_order_id), buyer
    yield (reference, trade.seller_order_id), seller


def _figures(fill: FillFacts) -> Figures:
    return (
        fill.user_id,
        fill.is_buyer,
        to_e8(fill.price),
        to_e8(fill.quantity),
        to_e8(fill.quote_quantity),
        to_e8(fill.commission),
    )


def sequences_have_no_gap(facts: Facts, _: Markets) -> list[tuple[str, str]]:
    """R8: trade ids and book numbers of a market, and events of an order, count one by one."""
    log = facts.log
    broken = [(f"{s} trade ids", gap) for s, ids in log.trade_ids.items() for gap in _gaps(ids)]
    broken += [(f"{s} book_seq", gap) for s, ids in log.book_seqs.items() for gap in _gaps(ids)]
    broken += [(text.partition(":")[0], text) for text in log.sequence_gaps]
    return broken + [(text.partition(":")[0], text) for text in log.diverged]


def _gaps(numbers: Iterable[int]) -> Iterator[str]:
    before = 0
    for number in numbers:
        if number != before + 1:
            yield f"{number} follows {before}"
        before = number


TRADE_RULES: Final = (
    Rule("R6", "every trade is settled once, as executed", trades_are_settled_once),
    Rule("R6 sides", "every trade is a fill of both its orders", trades_have_two_fills),
    Rule("R8", "sequences have no gap", sequences_have_no_gap),
)
