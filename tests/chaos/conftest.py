"""The whole platform, eyes on all of it, and four traders with money for each test."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from stack.platform import Platform
from tests.chaos.flow import SYMBOL
from tests.support.trader import Trader, register
from tests.support.watched_platform import http, sources

__all__ = ["http", "sources"]

TRADERS = 4


@pytest.fixture
async def traders(http: httpx.AsyncClient) -> AsyncIterator[list[Trader]]:
    """Four users who can afford every order; afterwards none of theirs is open."""
    made = [await register(http, USDT="100000", BTC="100") for _ in range(TRADERS)]
    yield made
    await asyncio.gather(*(trader.cancel_all(SYMBOL) for trader in made))


@pytest.fixture
async def sagas_in_workers_alone(platform: Platform) -> AsyncIterator[None]:
    """The gateway runs no sagas: an order is under way in an orders worker or nowhere."""
    gateway = platform.workers["gateway"]
    alone = {"TRADEFLOW_GATEWAY__RUNS_SAGAS": "false"}
    platform.workers["gateway"] = replace(gateway, extra=gateway.extra | alone)
    await platform.restart("gateway")
    yield
    platform.workers["gateway"] = gateway
    await platform.restart("gateway")
