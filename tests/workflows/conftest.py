"""One time-skipping server for all saga tests, fresh partners and a queue for each."""

from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.support.temporal import Sagas, time_skipping


@pytest.fixture(scope="session")
async def environment() -> AsyncIterator[WorkflowEnvironment]:
    async with time_skipping() as running:
        yield running


@pytest.fixture
async def sagas(environment: WorkflowEnvironment) -> AsyncIterator[Sagas]:
    running = Sagas(environment)
    async with running.worker():
        yield running
