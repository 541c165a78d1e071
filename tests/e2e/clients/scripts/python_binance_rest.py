"""python-binance over REST: market data, orders, the account; every figure a text of 8 decimals."""

from collections.abc import Callable
from decimal import Decimal

from binance import Client
from binance.exceptions import BinanceAPIException
from venue import API, CLIENT, MAKER, SYMBOL, Account, refusal, report, until


class VenueClient(Client):
    """The client pointed at the venue; `ping=False` keeps it from asking Binance first."""

    API_URL = f"{API}/api"
    MARGIN_API_URL = f"{API}/sapi"

    def __init__(self, account: Account) -> None:
        super().__init__(account.key, account.secret, ping=False)


def trade(client: Client, maker: Client) -> None:
    maker.order_limit_sell(symbol=SYMBOL, quantity="2", price="0.05")

    def offered() -> bool:
        return client.get_order_book(symbol=SYMBOL)["asks"] == [["0.05000000", "2.00000000"]]

    until(offered, "the ask in the book")
    bought = client.order_limit_buy(symbol=SYMBOL, quantity="0.5", price="0.051")
    assert (bought["status"], bought["cummulativeQuoteQty"]) == ("FILLED", "0.02500000")
    (fill,) = bought["fills"]
    assert (fill["price"], fill["commission"], fill["commissionAsset"]) == (
        "0.05000000",
        "0.00050000",
        "ETH",
    )
    taken = client.order_market_buy(symbol=SYMBOL, quoteOrderQty="0.015")
    assert (taken["status"], taken["executedQty"]) == ("FILLED", "0.30000000")


def order_types(client: Client) -> None:
    resting = client.order_limit_buy(symbol=SYMBOL, quantity="1", price="0.045")
    by_id = {"symbol": SYMBOL, "orderId": resting["orderId"]}
    assert client.get_order(**by_id)["status"] == "NEW"
    assert [o["orderId"] for o in client.get_open_orders(symbol=SYMBOL)] == [resting["orderId"]]
    cancelled = client.cancel_order(**by_id)
    assert (cancelled["status"], cancelled["origClientOrderId"]) == (
        "CANCELED",
        resting["clientOrderId"],
    )
    client.create_test_order(
        symbol=SYMBOL, side="BUY", type="LIMIT", timeInForce="GTC", quantity="1", price="0.045"
    )
    pair = client.create_oco_order(
        symbol=SYMBOL,
        side="SELL",
        quantity="1",
        aboveType="LIMIT_MAKER",
        abovePrice="0.06",
        belowType="STOP_LOSS_LIMIT",
        belowPrice="0.044",
        belowStopPrice="0.0445",
        belowTimeInForce="GTC",
    )
    assert len(pair["orders"]) == 2
    client.cancel_order(symbol=SYMBOL, orderId=pair["orders"][0]["orderId"])
    assert client.get_open_orders(symbol=SYMBOL) == []
    refused(-2011, lambda: client.cancel_order(**by_id))
    refused(-2013, lambda: client.get_order(symbol=SYMBOL, orderId=1))
    refused(-2010, lambda: client.order_limit_buy(symbol=SYMBOL, quantity="3000", price="0.049"))
    refused(-1121, lambda: client.get_order_book(symbol="NOPE"))


def refused(code: int, call: Callable[[], object]) -> None:
    error = refusal(call, BinanceAPIException)
    assert error.code == code, error


def market_data(client: Client) -> None:
    trades = client.get_recent_trades(symbol=SYMBOL, limit=2)
    assert [(t["price"], t["qty"], t["isBuyerMaker"]) for t in trades] == [
        ("0.05000000", "0.50000000", False),
        ("0.05000000", "0.30000000", False),
    ]
    assert client.get_historical_trades(symbol=SYMBOL, fromId=trades[0]["id"], limit=2) == trades
    (joined,) = client.get_aggregate_trades(symbol=SYMBOL, limit=1)
    assert (joined["q"], joined["l"], joined["m"]) == ("0.30000000", trades[1]["id"], False)
    candles = client.get_klines(symbol=SYMBOL, interval="1m", limit=2)
    assert candles[-1][4] == "0.05000000"
    volume = sum(Decimal(candle[5]) for candle in candles)
    assert volume >= Decimal("0.8")
    history = client.get_historical_klines(SYMBOL, "1h", "2 hours ago UTC")
    assert sum(Decimal(candle[5]) for candle in history) >= volume
    day = client.get_ticker(symbol=SYMBOL)
    assert (day["lastPrice"], day["lastQty"], day["lastId"]) == (
        "0.05000000",
        "0.30000000",
        trades[1]["id"],
    )
    assert client.get_symbol_ticker(symbol=SYMBOL)["price"] == "0.05000000"
    best = client.get_orderbook_ticker(symbol=SYMBOL)
    assert (best["askPrice"], best["askQty"]) == ("0.05000000", "1.20000000")
    assert Decimal(client.get_avg_price(symbol=SYMBOL)["price"]) > 0
    assert {t["symbol"] for t in client.get_all_tickers()} >= {SYMBOL}
    assert client.get_symbol_info(SYMBOL)["status"] == "TRADING"


def main() -> None:
    client, maker = VenueClient(CLIENT), VenueClient(MAKER)
    assert client.ping() == {}
    trade(client, maker)
    order_types(client)
    market_data(client)

    def settled() -> bool:
        return client.get_asset_balance(asset="ETH")["free"] == "1000.79920000"

    until(settled, "the bought ETH, less its fee")
    account = client.get_account()
    report(
        balances={
            b["asset"]: {"free": b["free"], "used": b["locked"]}
            for b in account["balances"]
            if b["asset"] in {"ETH", "BTC"}
        },
        trades=[
            [t["id"], t["price"], t["qty"], t["commission"]]
            for t in client.get_my_trades(symbol=SYMBOL)
        ],
        orders={o["orderId"]: o["status"] for o in client.get_all_orders(symbol=SYMBOL)},
        book=client.get_order_book(symbol=SYMBOL)["asks"],
    )


main()
