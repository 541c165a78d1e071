"""All that the routes need, in one place: built by `main.py`, or from fakes by a test."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

import msgspec
from starlette.requests import HTTPConnection, Request

from api.breaker import CircuitBreaker
from api.completed_orders import CompletedOrders
from api.current_markets import CurrentMarkets
from api.faucet import Faucet
from api.health import Health
from api.in_flight import OrdersInFlight
from api.market_data_ports import MarketDataQueries
from api.market_statuses import MarketStatuses
from api.operations_ports import AuditTrail, Markets, SagaSearch
from api.ports import OrderQueries, Sagas, WalletQueries
from api.rate_limits import RateLimits
from api.signature import server_time_ms
from api.stream.figures import StreamFigures
from api.stream.hub import Hub
from api.stream.listen_keys import ListenKeys
from api.stream.offered import UserStreams, no_user_streams
from config.settings import GatewaySettings
from contracts.ids import OrderIdAllocator
from identity.api_keys import ApiKeys
from identity.service import IdentityService


class Breakers(msgspec.Struct, frozen=True, kw_only=True):
    """One breaker for each partner that is read."""

    orders: CircuitBreaker
    wallet: CircuitBreaker
    market_data: CircuitBreaker
    audit: CircuitBreaker

    @classmethod
    def create(cls) -> "Breakers":
        """All closed."""
        return cls(
            orders=CircuitBreaker("orders"),
            wallet=CircuitBreaker("wallet"),
            market_data=CircuitBreaker("market-data"),
            audit=CircuitBreaker("audit"),
        )


class Dependencies(msgspec.Struct, frozen=True, kw_only=True):
    """The gateway's partners and its own small memories."""

    settings: GatewaySettings
    instruments: CurrentMarkets
    order_ids: OrderIdAllocator
    sagas: Sagas
    saga_search: SagaSearch
    audit: AuditTrail
    orders: OrderQueries
    wallet: WalletQueries
    market_data: MarketDataQueries
    markets: Markets
    identity: IdentityService
    api_keys: ApiKeys
    rate_limits: RateLimits
    completed_orders: CompletedOrders
    faucet: Faucet
    health: Health
    in_flight: OrdersInFlight = msgspec.field(default_factory=OrdersInFlight)
    market_statuses: MarketStatuses = msgspec.field(default_factory=MarketStatuses)
    hub: Hub = msgspec.field(default_factory=Hub)
    user_streams: UserStreams = no_user_streams
    listen_keys: ListenKeys | None = None  # None: not offered
    stream_figures: StreamFigures = msgspec.field(default_factory=StreamFigures)
    breakers: Breakers = msgspec.field(default_factory=Breakers.create)
    clock_ms: Callable[[], int] = server_time_ms
    ui_dir: Path | None = None


def dependencies_of(request: HTTPConnection) -> Dependencies:
    """The dependencies that `create_app` was given. A WebSocket has them too."""
    return cast(Dependencies, request.app.state.dependencies)


def correlation_id_of(request: Request) -> str:
    """The id that ties this request to everything it causes."""
    return cast(str, request.scope["tradeflow.correlation_id"])


def ip_of(request: HTTPConnection) -> str:
    """The peer's address. Forwarding headers are not believed: anybody can send them."""
    return request.client.host if request.client else "unknown"
