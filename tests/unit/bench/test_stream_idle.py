"""When a client that never reads was dropped, as `/healthz` tells it."""

import time

import httpx
import pytest

from bench import stream_idle
from bench.stream_idle import AbortedClients


@pytest.fixture
def aborted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What the gateway says, one answer after another; the last for ever."""
    answers = [4]

    def answer(_: httpx.Request) -> httpx.Response:
        number = answers.pop(0) if len(answers) > 1 else answers[0]
        return httpx.Response(200, json={"sockets": {"aborted": number}})

    make = httpx.AsyncClient
    transport = httpx.MockTransport(answer)
    monkeypatch.setattr(httpx, "AsyncClient", lambda **_: make(transport=transport))
    monkeypatch.setattr(stream_idle, "LOOK_EVERY_S", 0.001)
    return answers


async def test_a_client_more_was_dropped(aborted: list[int]) -> None:
    aborted[:] = [4, 4, 4, 5]
    began = time.monotonic()
    async with AbortedClients("http://gateway").watched() as watch:
        assert 0 < await watch.dropped_after(began) < 5


async def test_nobody_was_dropped(aborted: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_idle, "LIMIT_S", 0.05)
    async with AbortedClients("http://gateway").watched() as watch:
        assert await watch.dropped_after(0) == float("inf")
    assert aborted == [4]
