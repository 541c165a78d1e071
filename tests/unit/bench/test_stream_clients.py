"""What the clients of the stream benchmark say of what they got."""

import asyncio
from typing import cast

import pytest

from bench.stream_clients import Client, Counts, streams_in
from bench.stream_load import PATHS


@pytest.mark.parametrize(
    ("path", "streams"),
    [
        ("/ws/ethbtc@depth@100ms", 1),
        ("/ws/ethbtc@trade/ethbtc@depth", 2),
        ("/stream?streams=ethbtc@trade/ethbtc@bookTicker/ethbtc@depth@100ms", 3),
    ],
)
def test_how_many_streams_an_address_asks_for(path: str, streams: int) -> None:
    assert streams_in(path) == streams


def test_four_clients_follow_seven_streams() -> None:
    assert sum(map(streams_in, PATHS)) == 7


class Transport:
    def write(self, _: bytes) -> None:
        """Nobody is there."""


async def test_a_client_counts_its_frames_by_stream_and_begins_anew() -> None:
    counts = [Counts()]
    client = Client(counts, "/ws/a@trade/b@trade", watches=False)
    client.connection_made(cast(asyncio.Transport, Transport()))
    client.data_received(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
    client.data_received(b'{"E":1}{"E":2}{"E":3}')

    assert (counts[0].frames, client.of_a_stream(), client.of_a_stream()) == (3, 1.5, 0)
