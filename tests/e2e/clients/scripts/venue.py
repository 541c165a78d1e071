"""What the clients' scripts share. They run in environments that know nothing of this project."""

import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable
from typing import NamedTuple

API, WS = os.environ["API"], os.environ["WS"]
BASE, QUOTE = "ETH", "BTC"
SYMBOL = f"{BASE}{QUOTE}"
LIMIT_S = 30.0
POLL_S = 0.05


class Account(NamedTuple):
    """A key that may trade."""

    key: str
    secret: str


CLIENT = Account(os.environ["KEY"], os.environ["SECRET"])
MAKER = Account(os.environ["MAKER_KEY"], os.environ["MAKER_SECRET"])


def report(**facts: object) -> None:
    """What the test compares with ledger and book: the last line of the output."""
    print(json.dumps(facts, default=str))


def refusal(call: Callable[[], object], error: type[Exception]) -> Exception:
    """The error of that kind that the call must raise."""
    try:
        call()
    except error as refused:
        return refused
    raise AssertionError(f"no {error.__name__}")


def until(condition: Callable[[], object], what: str, every_s: float = POLL_S) -> None:
    """Ask again and again until it holds."""
    deadline = time.monotonic() + LIMIT_S
    while not condition():
        assert time.monotonic() < deadline, f"not within {LIMIT_S} s: {what}"
        time.sleep(every_s)


async def until_async(
    condition: Callable[[], Awaitable[object]], what: str, every_s: float = POLL_S
) -> None:
    """The same for a condition that must be awaited."""
    deadline = time.monotonic() + LIMIT_S
    while not await condition():
        assert time.monotonic() < deadline, f"not within {LIMIT_S} s: {what}"
        await asyncio.sleep(every_s)
