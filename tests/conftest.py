"""Fixtures of all tests. Those here start nothing until a test asks for it."""

import os
import tempfile
from collections.abc import AsyncIterator, Generator
from pathlib import Path

import pytest

from stack.platform import Platform
from tests.support.failure_report import grave_lines
from tests.support.servers import TestServers

FOR_TESTS = {
    # The traders of all tests come from one address; it is allowed what ten of them would be.
    "TRADEFLOW_GATEWAY__WEIGHT_PER_MINUTE": "60000",
    "TRADEFLOW_GATEWAY__RAW_REQUESTS_PER_5M": "600000",
    "TRADEFLOW_BENCH_MARKET": "true",
}


@pytest.fixture(autouse=True, scope="session")
def _plain_environment() -> None:
    """A developer's own TRADEFLOW_* variables must not lead a test to another platform."""
    for name in list(os.environ):
        if name.startswith("TRADEFLOW_") and name != "TRADEFLOW_LIB_DIR":
            del os.environ[name]


@pytest.fixture(scope="session")
async def servers() -> AsyncIterator[TestServers]:
    """`await servers.start("redis", "kafka")` gives settings that reach them."""
    found = TestServers()
    await found.open()
    yield found
    await found.close()


@pytest.fixture(scope="session")
async def platform() -> AsyncIterator[Platform]:
    """The whole exchange: servers, processes, demo users. `.api_url`, `.settings()`."""
    with tempfile.TemporaryDirectory(prefix="tf-", ignore_cleanup_errors=True) as directory:
        async with Platform(Path(directory, "platform"), overrides=FOR_TESTS) as running:
            yield running


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed test of the platform shows what the platform's processes warned of meanwhile."""
    report = yield
    used = getattr(item, "funcargs", {}).get("platform")
    if report.failed and isinstance(used, Platform):
        lines = grave_lines(used.data_dir / "logs", call.start)
        report.sections.append(("what the platform warned of", lines or "nothing"))
    return report
