"""A gateway on fakes, and a client that signs as real clients do."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher
from cryptography.fernet import Fernet

from api.app import create_app
from api.completed_orders import CompletedOrders
from api.current_markets import CurrentMarkets
from api.dependencies import Dependencies
from api.faucet import Faucet
from api.health import Health
from api.optional_redis import OptionalRedis
from api.rate_limits import RateLimits
from config.markets import load_markets
from config.settings import GatewaySettings
from contracts.identity import Role
from contracts.ids import OrderIdAllocator
from contracts.instruments import Instrument
from identity.api_keys import ApiKeys, NewApiKey
from identity.passwords import Passwords
from identity.service import IdentityService
from identity.tokens import AccessTokens
from tests.unit.api.fake_audit import FakeAudit
from tests.unit.api.fake_orders import FakeOrders
from tests.unit.api.fake_sagas import FakeSagas
from tests.unit.api.fakes import FakeMarketData, FakeMarkets, FakeWallet
from tests.unit.api.signing import Trader
from tests.unit.identity.fake_store import FakeStore

PASSWORD = "correct horse battery"
NOW_MS = 1_800_000_000_000


class House:
    """Everything that a test may look at or change."""

    def __init__(self, ui_dir: Path, markets: Mapping[str, Instrument] | None = None) -> None:
        (ui_dir / "index.html").write_text("<!doctype html><title>TradeFlow</title>")
        self.sagas = FakeSagas()
        self.audit = FakeAudit()
        self.orders = FakeOrders()
        self.market_data = FakeMarketData()
        self.markets = FakeMarkets()
        self.current_markets = CurrentMarkets(markets or load_markets())
        self.store = FakeStore()
        self.now_ms = NOW_MS
        passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        self.identity = IdentityService(self.store, self.store, passwords, AccessTokens("s" * 32))
        self.api_keys = ApiKeys(self.store, self.store, Fernet.generate_key().decode())
        self.settings = GatewaySettings(orders_per_10s=20, weight_per_minute=3_000)
        limits = RateLimits(OptionalRedis(None), lambda: self.now_ms / 1_000)
        self.dependencies = Dependencies(
            settings=self.settings,
            instruments=self.current_markets,
            order_ids=OrderIdAllocator(0),
            sagas=self.sagas,
            saga_search=self.sagas,
            audit=self.audit,
            orders=self.orders,
            wallet=FakeWallet(),
            market_data=self.market_data,
            markets=self.markets,
            identity=self.identity,
            api_keys=self.api_keys,
            rate_limits=limits,
            completed_orders=CompletedOrders(OptionalRedis(None)),
            faucet=Faucet(
                limits,
                OptionalRedis(None),
                per_request={"USDT": "1000"},
                requests_per_day=2,
                enabled=True,
            ),
            health=Health({}, version="0.1.0", temporal_ui="http://127.0.0.1:8233"),
            clock_ms=lambda: self.now_ms,
            ui_dir=ui_dir,
        )
        self.app = create_app(self.dependencies)

    async def key_of(self, name: str, *, can_trade: bool = True) -> tuple[int, NewApiKey]:
        user = await self.store.user_by_name(name)
        user_id = (
            user.user_id if user else await self.identity.register(name, PASSWORD, ip="192.0.2.1")
        )
        return user_id, await self.api_keys.create(user_id, "t", can_trade=can_trade, ip="x")

    async def bearer(self, name: str, role: Role = Role.TRADER) -> dict[str, str]:
        if await self.store.user_by_name(name) is None:
            await self.identity.register(name, PASSWORD, ip="192.0.2.1", role=role)
        pair = await self.identity.login(name, PASSWORD, ip="192.0.2.1")
        return {"Authorization": f"Bearer {pair.access_token}"}


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture
async def client(house: House) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=house.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as made:
        yield made


@pytest.fixture
async def ada(house: House, client: httpx.AsyncClient) -> Trader:
    user_id, key = await house.key_of("ada")
    return Trader(client, user_id, key.api_key, key.secret, lambda: house.now_ms)
