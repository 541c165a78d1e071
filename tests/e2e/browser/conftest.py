"""A page of the platform's own screen for each test."""

from collections.abc import AsyncIterator

import pytest

from stack.platform import Platform
from tests.support.browser import Browser, browser


@pytest.fixture
async def page(platform: Platform) -> AsyncIterator[Browser]:
    """A browser with nobody logged in."""
    async with browser(platform.api_url) as opened:
        yield opened
