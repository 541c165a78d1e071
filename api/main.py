"""The gateway with its real partners: settings, connections, services, application."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Final

import httpx
import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.types import ASGIApp
from temporalio.client import Client

from adapters import kafka, mongo, mysql, redis
from adapters.outbox import OutboxPublisher
from api.answers import Answers
from api.app import VERSION, create_app
from api.audit_trail import AuditTrail
from api.completed_orders import CompletedOrders
from api.component_checks import component_checks
from api.current_markets import CurrentMarkets
from api.dependencies import Dependencies
from api.faucet import Faucet
from api.health import Health
from api.market_statuses import MarketStatuses
from api.markets import LoggedMarkets
from api.optional_redis import OptionalRedis
from api.rate_limits import RateLimits
from api.saga_search import SagaSearch
from api.sagas import TemporalSagas
from api.signature import server_time_ms
from api.stream.figures import StreamFigures
from api.stream.hub import Hub
from api.stream.listen_keys import ListenKeys
from api.stream.market_feed import READ_TIMEOUT_S, MarketFeed
from api.stream.names import names_of
from api.stream.offered import no_user_streams
from api.stream.user_feed import UserFeed
from api.stream.user_feed_balances import UserBalances
from config.markets import load_markets
from config.settings import GatewaySettings, Settings
from contracts.identity import Role
from contracts.ids import OrderIdAllocator
from contracts.topology import IDENTITY_DATABASE, ORDERS_DATABASE, WALLET_DATABASE
from identity.api_keys import ApiKeys
from identity.errors import UsernameTaken
from identity.passwords import Passwords
from identity.queries import IdentityQueries
from identity.repository import IdentityRepository
from identity.service import IdentityService
from identity.tables import OUTBOX
from identity.tokens import AccessTokens
from market_data.queries import MarketDataQueries
from orders.market_band import MarketBandQueries
from orders.market_status import MarketStatusQueries
from orders.queries import OrderQueries
from wallet.queries import WalletQueries

UI_DIR: Final = Path(__file__).resolve().parent.parent / "ui" / "dist"


class Gateway(msgspec.Struct, frozen=True):
    """The application, and what must run beside it."""

    app: ASGIApp
    identity_events: OutboxPublisher
    market_feed: MarketFeed
    user_feed: UserFeed
    market_statuses: MarketStatuses
    markets: CurrentMarkets
    stream_figures: StreamFigures


@asynccontextmanager
async def gateway(
    settings: Settings, client: Client, answers: Answers | None = None
) -> AsyncIterator[Gateway]:
    """Open every connection, and close them all in reverse order.

    `answers` is where a saga worker of this process, on the same `client`, tells who waits.
    """
    async with AsyncExitStack() as opened:
        configured = load_markets(bench=settings.bench_market)
        reader = mysql.require_login(settings.mysql.reader, "reader")
        owner = mysql.require_login(settings.mysql.identity, "identity")
        orders_engine = mysql.create_engine(
            settings.mysql, reader, ORDERS_DATABASE, reads_only=True
        )
        opened.push_async_callback(orders_engine.dispose)
        wallet_engine = mysql.create_engine(
            settings.mysql, reader, WALLET_DATABASE, reads_only=True
        )
        opened.push_async_callback(wallet_engine.dispose)
        identity_engine = mysql.create_engine(settings.mysql, owner, IDENTITY_DATABASE)
        opened.push_async_callback(identity_engine.dispose)
        cache = redis.create_redis(settings.redis)
        opened.push_async_callback(cache.aclose)
        frames = redis.create_redis(settings.redis, READ_TIMEOUT_S, len(configured) + 2)
        opened.push_async_callback(frames.aclose)
        audit = mongo.connect(settings.mongo)
        opened.push_async_callback(audit.close)
        http = await opened.enter_async_context(httpx.AsyncClient())
        producer = await kafka.create_producer(settings.kafka)
        opened.push_async_callback(producer.stop)

        identity, api_keys = _identity(settings.gateway, identity_engine)
        await _make_staff(settings.gateway, identity)
        optional = OptionalRedis(cache)
        limits = RateLimits(optional)
        hub, figures = Hub(), StreamFigures()
        names = names_of(tuple(configured))
        feed = MarketFeed(frames, hub, names, figures, server_time_ms)
        listen_keys = ListenKeys(cache) if settings.gateway.listen_keys else None
        statuses = MarketStatuses(MarketStatusQueries(orders_engine).halted)
        await statuses.look()
        markets = CurrentMarkets(configured, MarketBandQueries(orders_engine).bands)
        await markets.look()
        dependencies = Dependencies(
            market_statuses=statuses,
            settings=settings.gateway,
            instruments=markets,
            order_ids=OrderIdAllocator(settings.gateway.node_id),
            sagas=TemporalSagas(
                client,
                settings.gateway.answer_timeout_s,
                answers,
                at_work=settings.gateway.orders_at_work,
                waiting=settings.gateway.orders_waiting,
            ),
            saga_search=SagaSearch(client),
            audit=AuditTrail(audit, settings.mongo.database),
            orders=OrderQueries(orders_engine),
            wallet=WalletQueries(wallet_engine),
            market_data=MarketDataQueries(cache),
            markets=LoggedMarkets(
                producer, markets, partial(kafka.create_consumer, settings.kafka)
            ),
            identity=identity,
            api_keys=api_keys,
            rate_limits=limits,
            completed_orders=CompletedOrders(optional),
            faucet=Faucet(
                limits,
                optional,
                per_request=settings.gateway.faucet_per_request,
                requests_per_day=settings.gateway.faucet_requests_per_day,
                enabled=settings.gateway.demo_faucet,
            ),
            health=Health(
                component_checks(
                    settings,
                    engine=orders_engine,
                    redis=cache,
                    mongo=audit,
                    temporal=client,
                    http=http,
                ),
                version=VERSION,
                temporal_ui=settings.temporal.ui,
            ),
            ui_dir=UI_DIR,
            hub=hub,
            stream_figures=figures,
            listen_keys=listen_keys,
            user_streams=no_user_streams if listen_keys is None else listen_keys.channel_of,
        )
        consumer = await kafka.create_consumer(settings.kafka)
        opened.push_async_callback(consumer.stop)
        balances = UserBalances(
            hub, dependencies.wallet, dependencies.breakers.wallet, server_time_ms
        )
        user_feed = UserFeed(consumer, hub, balances, server_time_ms)
        await user_feed.start()
        outbox = OutboxPublisher(identity_engine, OUTBOX, producer)
        yield Gateway(create_app(dependencies), outbox, feed, user_feed, statuses, markets, figures)


def _identity(settings: GatewaySettings, engine: AsyncEngine) -> tuple[IdentityService, ApiKeys]:
    store, reads = IdentityRepository(engine), IdentityQueries(engine)
    tokens = AccessTokens(settings.jwt_secret.get_secret_value())
    return (
        IdentityService(store, reads, Passwords(), tokens),
        ApiKeys(store, reads, settings.secrets_key.get_secret_value()),
    )


async def _make_staff(settings: GatewaySettings, identity: IdentityService) -> None:
    """The first users of roles that nobody can register over HTTP."""
    for role, name, secret in (
        (Role.OPS, settings.ops_username, settings.ops_password),
        (Role.COMPLIANCE, settings.compliance_username, settings.compliance_password),
    ):
        if password := secret.get_secret_value():
            with suppress(UsernameTaken):
                await identity.register(name, password, ip="127.0.0.1", role=role)
