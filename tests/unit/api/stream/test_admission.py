"""Places on a gateway: taken before a handshake waits for anything, and given back."""

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from api.app import create_app
from api.rate_limits import LimitReached, Window
from config.settings import StreamSettings
from tests.support.waits import until
from tests.unit.api.conftest import House
from tests.unit.api.stream.handshake import Handshake


class SlowLimits:
    """Lets nobody through, and refuses nobody, until the test says so."""

    def __init__(self) -> None:
        self.asked = 0
        self.answers = asyncio.Event()
        self.full = False

    async def take(self, windows: Sequence[Window]) -> list[int]:
        self.asked += 1
        await self.answers.wait()
        if self.full:
            raise LimitReached(windows[0], 300, 3)
        return [1]


@pytest.fixture
def limits() -> SlowLimits:
    return SlowLimits()


@pytest.fixture
def app(house: House, limits: SlowLimits) -> Any:
    settings = house.settings.model_copy(update={"streams": StreamSettings(connections=1)})
    return create_app(
        msgspec.structs.replace(house.dependencies, settings=settings, rate_limits=limits)
    )


async def test_of_two_handshakes_at_once_the_last_place_goes_to_one(
    app: Any, limits: SlowLimits
) -> None:
    first, second = Handshake(app, "/ws"), Handshake(app, "/ws")

    assert not await second.opened()
    assert second.status == 503
    limits.answers.set()
    assert await first.opened()
    assert limits.asked == 1
    for one in (first, second):
        await one.release()


@pytest.mark.parametrize("refused", [False, True])
async def test_a_place_is_free_again_after_a_connection_or_a_refusal(
    app: Any, limits: SlowLimits, house: House, refused: bool
) -> None:
    limits.answers.set()
    limits.full = refused
    first = Handshake(app, "/ws")
    assert await first.opened() is not refused
    await first.release()
    limits.full = False

    async def free() -> bool:
        return house.dependencies.stream_figures.admitted == 0

    await until(free, "the place is given back")
    again = Handshake(app, "/ws")
    assert await again.opened()
    await again.release()
