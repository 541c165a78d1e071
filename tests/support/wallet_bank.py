"""A wallet worker's inside, without brokers: what the integration tests drive."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from config.markets import currencies, load_markets
from contracts.instruments import Instrument
from tests.support.wallet import SettledLog
from wallet.directory import WalletDirectory
from wallet.prefilter import Prefilter
from wallet.queries import WalletQueries
from wallet.service import SettlementProgress, WalletService
from wallet.settler import TradeSettler


@dataclass
class Bank:
    """A wallet worker's inside, without brokers."""

    engine: AsyncEngine
    service: WalletService
    settler: TradeSettler
    queries: WalletQueries
    log: SettledLog


def bank(
    engine: AsyncEngine,
    progress: SettlementProgress | None = None,
    markets: dict[str, Instrument] | None = None,
) -> Bank:
    directory, log, markets = WalletDirectory(), SettledLog(), markets or load_markets()
    return Bank(
        engine,
        WalletService(
            engine,
            directory,
            progress or log,
            Prefilter(None),
            currencies=currencies(markets),
        ),
        TradeSettler(engine, directory, markets),
        WalletQueries(engine),
        log,
    )
