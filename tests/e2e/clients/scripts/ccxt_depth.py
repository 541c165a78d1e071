"""ccxt.pro keeps a local book; its socket breaks half-way. Reports the book after each change."""

import asyncio

import ccxt.pro
from local_book import BENCH_SYMBOL, SECONDS, Clock, fingerprint
from venue import API, WS, report

PAIR = BENCH_SYMBOL.replace("USDT", "/USDT")


def exchange() -> ccxt.pro.binance:
    """ccxt.pro pointed at the venue. It knows spot streams by `/stream` in their address."""
    base, streams = f"{API}/api/v3", f"{WS}/stream/ws"
    return ccxt.pro.binance(
        {
            "urls": {
                "api": {"public": base, "private": base, "ws": {"spot": streams}},
            },
            "options": {"fetchMarkets": {"types": ["spot"]}, "fetchCurrencies": False},
        }
    )


def break_connection(client: ccxt.pro.binance) -> None:
    """As a network does it: no closing handshake."""
    for socket in client.clients.values():
        socket.connection._writer.transport.abort()


async def main() -> None:
    client, clock = exchange(), Clock()
    books: dict[int, str] = {}
    interruptions, checksum_errors = 0, 0
    try:
        await client.load_markets()
        while clock.runs:
            if clock.breaks_now():
                break_connection(client)
            try:
                async with asyncio.timeout(SECONDS):
                    book = await client.watch_order_book(PAIR)
            except ccxt.ChecksumError:
                checksum_errors += 1
            except ccxt.NetworkError:
                interruptions += 1
            else:
                books[book["nonce"]] = fingerprint(
                    (level[:2] for level in book["bids"]), (level[:2] for level in book["asks"])
                )
    finally:
        await client.close()
    report(books={"100 ms": books}, interruptions=interruptions, checksum_errors=checksum_errors)


asyncio.run(main())
