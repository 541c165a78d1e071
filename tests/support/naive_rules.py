"""Which orders the rules refuse, said once more and independently of the engine."""

from tests.support.naive_book import Fields, NaiveMarket, NaiveOrder

MOST_E8 = 10**18


def refusal(terms: Fields, market: NaiveMarket, resting: list[NaiveOrder], now: int) -> str | None:
    """Why the order may not enter; `resting` are all orders on the book."""
    if not sensible(terms, market):
        return "INVALID_ORDER"
    if market.halted:
        return "MARKET_CLOSED"
    if terms["time_in_force"] == "GTD" and terms["expires_at_ms"] <= now:
        return "TOO_LATE"
    order = NaiveOrder(terms, 0, terms["quantity_lots"])
    reference = terms["stop_ticks"] or market.last_price
    if market.band is not None and reference and not order.takes_any_price:
        side = "bid" if order.buys else "ask"
        low = reference * market.band[f"{side}_down_ppm"]
        high = reference * market.band[f"{side}_up_ppm"]
        if not low <= order.price * 1_000_000 <= high:
            return "PRICE_OUT_OF_BAND"
    if terms["stop_ticks"] and market.last_price and order.reached(market.last_price):
        return "WOULD_TRIGGER"
    if terms["order_type"] == "LIMIT_MAKER" and any(
        other.buys != order.buys and order.accepts(other.price) for other in resting
    ):
        return "WOULD_TAKE"
    return None


def sensible(terms: Fields, market: NaiveMarket) -> bool:
    kind, when = terms["order_type"], terms["time_in_force"]
    price, lots, value = terms["price_ticks"], terms["quantity_lots"], terms["quote_e8"]
    tick_e8, lot_e8 = market.facts["tick_e8"], market.facts["lot_e8"]
    conditional = kind.startswith(("STOP_LOSS", "TAKE_PROFIT"))
    limited = kind in ("LIMIT", "STOP_LOSS_LIMIT", "TAKE_PROFIT_LIMIT")
    whens = {"GTC", "IOC", "FOK", "GTD"} if limited else {"GTC", "IOC"}
    if kind == "LIMIT_MAKER":
        whens = {"GTC"}
    if when not in whens:
        return False
    if not 0 < price * tick_e8 <= MOST_E8 or terms["stop_ticks"] * tick_e8 > MOST_E8:
        return False
    if (terms["stop_ticks"] > 0) != conditional or terms["stop_ticks"] < 0:
        return False
    if (terms["expires_at_ms"] > 0) != (when == "GTD") or terms["expires_at_ms"] < 0:
        return False
    if terms["iceberg_lots"]:
        hides = when == "GTC" and kind in ("LIMIT", "LIMIT_MAKER")
        if not hides or not 0 < terms["iceberg_lots"] <= lots:
            return False
    if any(not 0 <= terms[rate] <= 1_000_000 for rate in ("maker_fee_ppm", "taker_fee_ppm")):
        return False
    if terms["reservation_id"] < 0:
        return False
    buys, budget = terms["side"] == "BUY", terms["budget_e8"]
    if value:
        worth = 0 < value <= MOST_E8
        return kind == "MARKET" and lots == 0 and worth and budget >= (value if buys else lot_e8)
    spent = price * lots * market.unit_e8
    sold = lots * lot_e8
    return lots > 0 and max(spent, sold) <= MOST_E8 and budget >= (spent if buys else sold)


def legs_fit(command: Fields) -> bool:
    one, other = command["legs"]
    if not one["order_type"].startswith("STOP_LOSS"):
        one, other = other, one
    if not one["order_type"].startswith("STOP_LOSS"):
        return False
    if not other["order_type"].startswith(("TAKE_PROFIT", "LIMIT_MAKER")):
        return False
    same = ("symbol", "side", "user_id", "quantity_lots")
    if any(one[name] != other[name] for name in same) or one["symbol"] != command["symbol"]:
        return False
    if command["list_id"] < 1 or one["order_id"] == other["order_id"]:
        return False
    target = other["price_ticks"] if other["order_type"] == "LIMIT_MAKER" else other["stop_ticks"]
    below = one["stop_ticks"] < target
    above = one["stop_ticks"] > target
    return below if one["side"] == "SELL" else above
