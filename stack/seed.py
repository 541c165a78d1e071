"""The demo users, made through the public API once the exchange answers."""

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from stack.platform import Platform


class DemoUser(msgspec.Struct, frozen=True):
    """A login that `make up` prints and status.json lists."""

    name: str
    password: str
    role: str
    api_key: str
    api_secret: str


async def seed(platform: "Platform") -> list[DemoUser]:  # noqa: ARG001 - filled in with the API
    """Make the demo users, or find those of an earlier start."""
    return []
