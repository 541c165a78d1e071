"""ccxt over REST: market data, every step of an order's life, and the account."""

import time

import ccxt
from venue import API, CLIENT, LIMIT_S, MAKER, Account, refusal, report, until

PAIR = "ETH/BTC"


def exchange(account: Account) -> ccxt.binance:
    """ccxt pointed at the venue; the options keep it from asking Binance's other hosts."""
    base = f"{API}/api/v3"
    return ccxt.binance(
        {
            "apiKey": account.key,
            "secret": account.secret,
            "urls": {"api": {"public": base, "private": base}},
            "options": {
                "fetchMarkets": {"types": ["spot"]},
                "fetchCurrencies": False,
                "fetchMargins": False,
            },
        }
    )


def without_options() -> None:
    """The addresses alone do, where those of Binance's other hosts are among them."""
    plain = ccxt.binance(
        {
            "apiKey": CLIENT.key,
            "secret": CLIENT.secret,
            "urls": {
                "api": {
                    "public": f"{API}/api/v3",
                    "private": f"{API}/api/v3",
                    "sapi": f"{API}/sapi/v1",
                    "sapiV2": f"{API}/sapi/v2",
                    "fapiPublic": f"{API}/fapi/v1",
                    "dapiPublic": f"{API}/dapi/v1",
                }
            },
        }
    )
    assert PAIR in plain.load_markets()
    assert plain.fetch_status()["status"] == "ok"
    fee = plain.fetch_trading_fee(PAIR)
    assert (fee["symbol"], fee["maker"], fee["taker"]) == (PAIR, 0.001, 0.001)
    assert plain.fetch_trading_fees().keys() >= {PAIR, "BTC/USDT"}


def market_data(client: ccxt.binance, since: int) -> None:
    """After the trades: what each call says of them."""
    trades = client.fetch_trades(PAIR, since=since)
    assert [(t["price"], t["amount"], t["side"]) for t in trades] == [
        (0.05, 0.5, "buy"),
        (0.05, 0.3, "buy"),
    ]
    for symbol, ticker in (
        (PAIR, client.fetch_ticker(PAIR)),
        (PAIR, client.fetch_tickers([PAIR])[PAIR]),
    ):
        assert (ticker["symbol"], ticker["last"], ticker["ask"]) == (symbol, 0.05, 0.05)
        assert ticker["baseVolume"] >= 0.8
        assert ticker["high"] >= 0.05 >= ticker["low"]
    assert client.fetch_last_prices([PAIR])[PAIR]["price"] == 0.05
    best = client.fetch_bids_asks([PAIR])[PAIR]
    assert (best["ask"], best["askVolume"]) == (0.05, 1.2)
    minute = since - since % 60_000
    candles = client.fetch_ohlcv(PAIR, "1m", since=minute)
    of_candles = client.fetch_trades(PAIR, since=minute)
    assert round(sum(c[5] for c in candles), 8) == round(sum(t["amount"] for t in of_candles), 8)
    assert (candles[-1][4], candles[-1][0] % 60_000) == (0.05, 0)
    assert client.fetch_ohlcv(PAIR, "1s", since=trades[-1]["timestamp"] // 1000 * 1000)
    assert abs(client.fetch_time() - time.time() * 1000) < 5_000


def trade(client: ccxt.binance, maker: ccxt.binance) -> int:
    """Two fills against one ask; returns from when."""
    offered = maker.create_order(PAIR, "limit", "sell", 2, 0.05)
    assert offered["status"] == "open"
    until(lambda: client.fetch_order_book(PAIR)["asks"] == [[0.05, 2.0]], "the ask in the book")
    since = client.fetch_time()
    filled = client.create_order(PAIR, "limit", "buy", 0.5, 0.051, {"timeInForce": "FOK"})
    assert (filled["status"], filled["average"], filled["cost"]) == ("closed", 0.05, 0.025)
    taken = client.create_order(PAIR, "market", "buy", 0.3)
    assert (taken["status"], taken["filled"], taken["fee"]["currency"]) == ("closed", 0.3, "ETH")
    return since


def order_types(client: ccxt.binance) -> None:
    """Orders that rest, change, are refused, and go."""
    resting = client.create_order(PAIR, "limit", "buy", 1, 0.045)
    assert [o["id"] for o in client.fetch_open_orders(PAIR)] == [resting["id"]]
    assert client.fetch_order(resting["id"], PAIR)["status"] == "open"
    moved = client.edit_order(resting["id"], PAIR, "limit", "buy", 2, 0.044)
    assert (moved["price"], moved["amount"]) == (0.044, 2)
    assert client.fetch_order(resting["id"], PAIR)["status"] == "canceled"
    refused(ccxt.OrderImmediatelyFillable, client, "limit", "buy", 1, 0.05, {"postOnly": True})
    refused(ccxt.InsufficientFunds, client, "limit", "buy", 3_000, 0.049)
    refused(ccxt.InvalidOrder, client, "limit", "buy", 1, 90)
    posted = client.create_order(PAIR, "limit", "buy", 1, 0.043, {"postOnly": True})
    stop = client.create_order(PAIR, "limit", "sell", 1, 0.0439, {"stopLossPrice": 0.044})
    target = client.create_order(PAIR, "market", "sell", 1, None, {"takeProfitPrice": 0.06})
    ids = {o["id"] for o in (moved, posted, stop, target)}
    assert {o["id"] for o in client.fetch_open_orders(PAIR)} == ids
    assert client.cancel_order(posted["id"], PAIR)["status"] == "canceled"
    assert {o["id"] for o in client.cancel_all_orders(PAIR)} == ids - {posted["id"]}
    assert client.fetch_open_orders(PAIR) == []
    refusal(lambda: client.cancel_order(posted["id"], PAIR), ccxt.OrderNotFound)


def refused(error: type[Exception], client: ccxt.binance, *order: object) -> None:
    refusal(lambda: client.create_order(PAIR, *order), error)


def main() -> None:
    client, maker = exchange(CLIENT), exchange(MAKER)
    client.load_markets()
    market = client.market(PAIR)
    assert (market["active"], market["precision"]["price"]) == (True, 0.00001)
    since = trade(client, maker)
    order_types(client)
    market_data(client, since)
    without_options()

    def settled() -> bool:
        return client.fetch_balance()["ETH"]["free"] == 1000.7992

    until(settled, f"the bought ETH, less its fee, within {LIMIT_S} s")
    report(
        balances={c: client.fetch_balance()[c] for c in ("ETH", "BTC")},
        trades=[
            [t["id"], t["price"], t["amount"], t["fee"]["cost"]]
            for t in client.fetch_my_trades(PAIR)
        ],
        orders={o["id"]: o["status"] for o in client.fetch_orders(PAIR)},
        book=client.fetch_order_book(PAIR)["asks"],
    )


main()
