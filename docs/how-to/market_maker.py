"""A market maker in one file: two orders around the middle of the book, moved when it moves.

    API_KEY=… API_SECRET=… python market_maker.py --pair BTC/USDT

Ctrl-C takes the orders back and ends it.
"""

import argparse
import os
import signal
import time
from decimal import Decimal

import ccxt

HALF_SPREAD = Decimal("0.001")  # of the price: 0.1 %
TOLERANCE = Decimal("0.0003")  # an order stays while it is that near to where it should be
SKEW = Decimal("0.001")  # of the price, with all or none of the money in the base asset


def main() -> None:
    arguments = _arguments()
    exchange = connect(arguments.api)
    for ending in (signal.SIGINT, signal.SIGTERM):  # a shell's `&` has SIGINT ignored
        signal.signal(ending, signal.default_int_handler)
    try:
        for _ in range(arguments.rounds) if arguments.rounds else iter(int, 1):
            try:
                quote(exchange, arguments.pair, arguments.size)
            except (ccxt.DDoSProtection, ccxt.RateLimitExceeded):
                time.sleep(10)
            except ccxt.NetworkError as error:
                # What was sent may have arrived. The next round reads the open orders anew, and
                # so does not depend on knowing.
                print("no answer:", error)
            time.sleep(arguments.seconds)
    except KeyboardInterrupt:
        print("stopping")
    finally:
        if exchange.fetch_open_orders(arguments.pair):
            exchange.cancel_all_orders(arguments.pair)


def connect(api: str) -> ccxt.binance:
    """ccxt's own client for Binance, with another address."""
    address = f"{api}/api/v3"
    return ccxt.binance(
        {
            "apiKey": os.environ["API_KEY"],
            "secret": os.environ["API_SECRET"],
            "urls": {"api": {"public": address, "private": address}},
            "options": {
                "fetchMarkets": {"types": ["spot"]},
                "fetchCurrencies": False,
                "fetchMargins": False,
            },
        }
    )


def quote(exchange: ccxt.binance, pair: str, size: Decimal) -> None:
    """One round: look, decide, and change only what is out of place."""
    middle = fair_price(exchange, pair)
    if middle is None:
        print("the book has only one side: waiting")
        return
    wanted = {"buy": middle * (1 - HALF_SPREAD), "sell": middle * (1 + HALF_SPREAD)}
    for order in exchange.fetch_open_orders(pair):
        price = wanted.get(order["side"])
        if price is not None and abs(Decimal(str(order["price"])) / price - 1) <= TOLERANCE:
            del wanted[order["side"]]  # well placed: it keeps its place in the queue
        else:
            cancel(exchange, order["id"], pair)
    for side, price in wanted.items():
        place(exchange, pair, side, price, size / price)


def fair_price(exchange: ccxt.binance, pair: str) -> Decimal | None:
    """The middle of the book, lower when we hold much of the base asset, higher when little."""
    book = exchange.fetch_order_book(pair, limit=5)
    if not book["bids"] or not book["asks"]:
        return None
    middle = (Decimal(str(book["bids"][0][0])) + Decimal(str(book["asks"][0][0]))) / 2
    base, quote_asset = pair.split("/")
    total = exchange.fetch_balance()["total"]
    held = Decimal(str(total.get(base, 0))) * middle
    worth = held + Decimal(str(total.get(quote_asset, 0)))
    share = held / worth if worth else Decimal("0.5")
    return middle * (1 + SKEW * (1 - 2 * share))


def place(exchange: ccxt.binance, pair: str, side: str, price: Decimal, quantity: Decimal) -> None:
    """A post-only order: it rests in the book, or is refused."""
    text = exchange.price_to_precision(pair, float(price))
    amount = exchange.amount_to_precision(pair, float(quantity))
    try:
        order = exchange.create_order(
            pair, "limit", side, float(amount), float(text), {"postOnly": True}
        )
        print(side, amount, "at", text, order["status"])
    except (ccxt.InsufficientFunds, ccxt.OrderImmediatelyFillable) as error:
        print(side, "refused:", error)


def cancel(exchange: ccxt.binance, order_id: str, pair: str) -> None:
    """Take an order back; one that was filled meanwhile is no error."""
    try:
        exchange.cancel_order(order_id, pair)
    except ccxt.OrderNotFound:
        print("filled:", order_id)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--api", default="http://127.0.0.1:8000")
    parser.add_argument("--pair", default="BTC/USDT")
    parser.add_argument("--size", type=Decimal, default=Decimal(100), help="of an order, in quote")
    parser.add_argument("--seconds", type=float, default=2, help="between two rounds")
    parser.add_argument("--rounds", type=int, default=0, help="0: until Ctrl-C")
    return parser.parse_args()


if __name__ == "__main__":
    main()
