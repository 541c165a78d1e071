"""A fingerprint of everything an engine knows, to compare two engines or a restored one. Pure."""

from collections.abc import Iterator
from hashlib import blake2b

from contracts.message import encode
from matching.engine import Engine
from matching.market import Market
from matching.order_book import BookSide


def state_hash(engine: Engine) -> str:
    """32 hex digits over markets, books in priority order, counters, ids and tombstones.

    Two engines that have read the same log agree; it takes about a second for a million ids.
    """
    digest = blake2b(digest_size=16)
    digest.update(encode((engine.next_offset, engine.now_ms)))
    for _, market in sorted(engine.markets.items()):
        for line in _market_lines(market):
            digest.update(encode(line))
    for order_id in sorted(engine.closed):
        digest.update(encode((order_id, *engine.closed[order_id])))
    digest.update(encode(sorted(engine.tombstones)))
    return digest.hexdigest()


def _market_lines(market: Market) -> Iterator[tuple[object, ...]]:
    yield (market.symbol, market.base, market.quote, market.tick_e8, market.lot_e8)
    yield (market.trade_id, market.book_seq, market.halted)
    yield from _orders(market.book.bids)
    yield from _orders(market.book.asks)


def _orders(side: BookSide) -> Iterator[tuple[object, ...]]:
    for order in side.in_priority():
        yield (
            order.order_id,
            order.user_id,
            order.side,
            order.price,
            order.quantity,
            order.remaining,
            order.filled,
            order.filled_quote_e8,
            order.commission_e8,
            order.maker_fee_ppm,
            order.taker_fee_ppm,
            order.sequence,
            order.status,
        )
