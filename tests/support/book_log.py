"""The engine's books at given moments, from `orderbook.updates`: what clients' books must equal."""

from collections.abc import Collection, Iterable
from hashlib import sha256

from aiokafka import TopicPartition

from adapters.kafka import create_consumer
from config.settings import KafkaSettings
from contracts.amounts import amount_text, from_e8
from contracts.instruments import Instrument
from contracts.matching import BookBatch
from contracts.message import decode
from contracts.topology import ORDERBOOK_UPDATES


async def fingerprints(
    kafka: KafkaSettings, market: Instrument, wanted: Collection[int]
) -> dict[int, str]:
    """`book_seq` → fingerprint of the whole book after that change, of those that are wanted.

    0 stands for the book before its first change.
    """
    bids: dict[int, int] = {}
    asks: dict[int, int] = {}
    found = {0: fingerprint(bids, asks)}
    place = TopicPartition(ORDERBOOK_UPDATES, market.partition)
    consumer = await create_consumer(kafka)
    try:
        consumer.assign([place])
        end = (await consumer.end_offsets([place]))[place]
        await consumer.seek_to_beginning(place)
        while await consumer.position(place) < end:
            for records in (await consumer.getmany(timeout_ms=200)).values():
                for record in records:
                    batch: BookBatch = decode(record.value, BookBatch)
                    for update in (entry.update for entry in batch.entries):
                        if update.symbol != market.symbol:
                            continue
                        for side, levels in ((bids, update.bids), (asks, update.asks)):
                            for price, quantity in levels:
                                if quantity:
                                    side[price] = quantity
                                else:
                                    side.pop(price, None)
                        if update.book_seq in wanted:
                            found[update.book_seq] = fingerprint(bids, asks)
    finally:
        await consumer.stop()
    return found


def fingerprint(bids: dict[int, int], asks: dict[int, int]) -> str:
    """As the clients' scripts make it: price and quantity at eight decimals, best first."""
    return of_lines(
        f"{amount_text(from_e8(price))} {amount_text(from_e8(side[price]))}"
        for side, falls in ((bids, True), (asks, False))
        for price in sorted(side, reverse=falls)
    )


def of_lines(lines: Iterable[str]) -> str:
    """The fingerprint of a book's levels, one `price quantity` a line."""
    return sha256("\n".join(lines).encode()).hexdigest()[:16]
