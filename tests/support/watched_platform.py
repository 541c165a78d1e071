"""Fixtures of the tests that use the whole platform: eyes on all of it, and a way in."""

from collections.abc import AsyncIterator

import httpx
import pytest

from cli.reconcile import open_sources
from reconciliation.sources import Sources
from stack.platform import Platform
from tests.support.trader import REQUEST_TIMEOUT_S


@pytest.fixture(scope="session")
async def sources(platform: Platform) -> AsyncIterator[Sources]:
    """What reconciliation reads, with the reader's login."""
    async with open_sources(platform.settings()) as found:
        yield found


@pytest.fixture
async def http(platform: Platform) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the gateway."""
    async with httpx.AsyncClient(base_url=platform.api_url, timeout=REQUEST_TIMEOUT_S) as client:
        yield client
