"""The ledger on the real server, empty, with a log that is at its end."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.mysql import create_engine, in_transaction
from config.settings import Settings
from contracts.topology import PARTITIONS, WALLET_DATABASE
from tests.support.empty_database import empty_database
from tests.support.wallet_bank import Bank, bank
from wallet import log_position
from wallet.tables import metadata


@pytest.fixture
async def wallet_engine(mysql_settings: Settings) -> AsyncIterator[AsyncEngine]:
    """The wallet's own login on an empty ledger."""
    await empty_database(mysql_settings.mysql, WALLET_DATABASE, metadata)
    assert mysql_settings.mysql.wallet is not None
    engine = create_engine(mysql_settings.mysql, mysql_settings.mysql.wallet, WALLET_DATABASE)
    await in_transaction(engine, lambda c: log_position.create_positions(c, range(PARTITIONS)))
    yield engine
    await engine.dispose()


@pytest.fixture
def first(wallet_engine: AsyncEngine) -> Bank:
    """One wallet worker."""
    return bank(wallet_engine)


@pytest.fixture
def second(wallet_engine: AsyncEngine) -> Bank:
    """Another on the same database: its memory knows nothing of the first."""
    return bank(wallet_engine)
