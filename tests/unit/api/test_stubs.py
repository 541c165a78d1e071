"""What ccxt asks of Binance's other hosts."""

import httpx

FEE_PATH = "/sapi/v1/asset/tradeFee"


def fee(symbol: str) -> dict[str, str]:
    return {"symbol": symbol, "makerCommission": "0.00100000", "takerCommission": "0.00100000"}


async def test_fee_rates_of_one_market_or_of_all(client: httpx.AsyncClient) -> None:
    """Clients send a key, a time and a signature here; nobody looks at them."""
    for symbol in ("ETHBTC", "BTCUSDT"):
        signed = {"symbol": symbol, "timestamp": "1", "recvWindow": "10000", "signature": "f" * 64}
        assert (await client.get(FEE_PATH, params=signed)).json() == [fee(symbol)]
    every = (await client.get(FEE_PATH)).json()
    assert every == [fee(symbol) for symbol in ("BTCUSDT", "ETHUSDT", "ETHBTC")]


async def test_fee_rates_of_a_market_that_is_not_there(client: httpx.AsyncClient) -> None:
    for symbol, code in (("DOGEUSDT", -1121), ("ethbtc", -1100), ("", -1105)):
        answer = await client.get(FEE_PATH, params={"symbol": symbol})
        assert (answer.status_code, answer.json()["code"]) == (400, code)
