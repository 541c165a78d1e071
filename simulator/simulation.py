"""A mix at work: users, markets and one desk for each agent, from start to cancellation."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

import httpx
import structlog

from simulator.account import Account
from simulator.api import Api, ApiRefused
from simulator.desk import Desk
from simulator.leftovers import cancel_leftovers
from simulator.market import Market, UnusableMarket, read_market
from simulator.market_maker import MarketMakerTerms
from simulator.market_watch import MarketWatch
from simulator.mix import AgentEntry, Mix
from simulator.pauses import Pauses
from simulator.polled_feed import PolledFeed
from simulator.streamed_feed import StreamedFeed
from simulator.users import Users

FILL_EVERY_S: Final = 3_600.0
MAKERS_FIRST_S: Final = 60.0
RULES_EVERY_S: Final = 30.0  # operators may set a band while agents trade
SILENT_S: Final = 30.0  # without a look at the markets: not well

P = ParamSpec("P")
T = TypeVar("T")
log = structlog.get_logger()


class Simulation:
    """Runs one mix against the exchange that `http` reaches. `users_path` keeps the agents' keys
    between runs; `streams` (ws://…/stream) is where markets are listened to, without it they
    are looked at by REST."""

    def __init__(
        self, mix: Mix, http: httpx.AsyncClient, users_path: Path, streams: str | None = None
    ) -> None:
        self._mix = mix
        self._streams = streams
        self._api = Api(http, asyncio.Semaphore(mix.requests_at_once))
        self._users = Users(http, users_path)
        self._acted = {entry.name: asyncio.Event() for entry in mix.agents}
        self._at_work = len(mix.agents)
        self._clock_s = asyncio.get_running_loop().time
        self._seen_at_s: Callable[[], float | None] = lambda: None

    async def run(self) -> None:
        """Trade until cancelled; orders that rest are left standing. An exchange that is not
        there is waited for.

        Raises:
            ApiRefused: the exchange takes no agent's key.
            UnusableMarket: a market of the mix is not listed, or lacks a filter.
        """
        markets = await patiently(self._markets)
        watches = {symbol: MarketWatch(market) for symbol, market in markets.items()}
        polled = PolledFeed(self._api, tuple(watches.values()), self._mix.poll_s, self._clock_s)
        await patiently(polled.look)
        self._seen_at_s = lambda: polled.seen_at_s
        feed = self._feed(polled, tuple(watches.values()))
        await self._cancel_leftovers_of_others()
        async with asyncio.TaskGroup() as group:
            group.create_task(feed.run())
            group.create_task(self._keep_rules(watches))
            for entry in self._mix.agents:
                group.create_task(self._work(entry, watches))

    async def check(self) -> None:
        """Raises RuntimeError while the markets are not being seen."""
        seen_s = self._seen_at_s()
        if seen_s is None or self._clock_s() - seen_s > SILENT_S:
            raise RuntimeError("the exchange does not answer")

    def _feed(
        self, polled: PolledFeed, watches: Sequence[MarketWatch]
    ) -> PolledFeed | StreamedFeed:
        if self._streams is None:
            return polled
        return StreamedFeed(self._streams, watches, polled)

    async def _work(self, entry: AgentEntry, watches: dict[str, MarketWatch]) -> None:
        """One agent as long as its key holds, and once more with a new one. What is wrong with
        its key is no reason for the others to stop."""
        refused = await self._trade(entry, watches)
        log.warning("simulator.key_renewed", agent=entry.name, error=str(refused))
        await patiently(self._users.renew, entry.name)
        refused = await self._trade(entry, watches)
        log.error("simulator.agent_ended", agent=entry.name, error=str(refused))
        self._at_work -= 1
        if not self._at_work:
            raise refused

    async def _trade(self, entry: AgentEntry, watches: dict[str, MarketWatch]) -> ApiRefused:
        """Trade until the agent's key is refused."""
        refusals: list[ApiRefused] = []
        try:
            await self._trade_on(entry, watches)
        except* ApiRefused as refused:
            refusals += [one for one in refused.exceptions if isinstance(one, ApiRefused)]
        return refusals[0]

    async def _trade_on(self, entry: AgentEntry, watches: dict[str, MarketWatch]) -> None:
        user = await patiently(self._users.open, entry.name)
        await patiently(self._users.fill, user, entry.funds)
        kept = entry.symbol if isinstance(entry.terms, MarketMakerTerms) else None
        await patiently(cancel_leftovers, self._api, user.credentials, kept)
        market = watches[entry.symbol].market
        account = Account(self._api, user.credentials, market, entry.name)
        acted = self._acted[entry.name]
        desk = Desk(entry, self._mix, account, watches, self._clock_s, acted=acted)
        if not isinstance(entry.terms, MarketMakerTerms):
            await self._makers_first()
        async with asyncio.TaskGroup() as group:
            group.create_task(desk.run())
            group.create_task(self._keep_filled(entry))

    async def _makers_first(self) -> None:
        """Takers wait until there is something to take, but not for ever."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(MAKERS_FIRST_S):
                for entry in self._mix.agents:
                    if isinstance(entry.terms, MarketMakerTerms):
                        await self._acted[entry.name].wait()

    async def _keep_filled(self, entry: AgentEntry) -> None:
        while True:
            await asyncio.sleep(FILL_EVERY_S)
            user = await patiently(self._users.open, entry.name)
            await patiently(self._users.fill, user, entry.funds)

    async def _keep_rules(self, watches: dict[str, MarketWatch]) -> None:
        while True:
            await asyncio.sleep(RULES_EVERY_S)
            for symbol, market in (await patiently(self._markets)).items():
                watches[symbol].market = market

    async def _cancel_leftovers_of_others(self) -> None:
        """Agents of another mix that this directory has seen no longer trade."""
        here = {entry.name for entry in self._mix.agents}
        for user in list(self._users.known.values()):
            if user.agent not in here and user.api_key:
                try:
                    await patiently(cancel_leftovers, self._api, user.credentials, None)
                except ApiRefused as refused:
                    log.warning("simulator.leftovers_left", agent=user.agent, error=str(refused))

    async def _markets(self) -> dict[str, Market]:
        listed = (await self._api.public("exchangeInfo"))["symbols"]
        known = {row["symbol"]: row for row in listed}
        if missing := [symbol for symbol in self._mix.symbols if symbol not in known]:
            raise UnusableMarket(f"not listed: {', '.join(missing)}")
        return {symbol: read_market(known[symbol]) for symbol in self._mix.symbols}


async def patiently(work: Callable[P, Awaitable[T]], *arguments: P.args, **named: P.kwargs) -> T:
    """Do it again, with growing pauses, until the exchange lets it through."""
    pauses = Pauses()
    while True:
        try:
            return await work(*arguments, **named)
        except ApiRefused as refused:
            log.info("simulator.waiting", error=str(refused))
            await asyncio.sleep(pauses.after(refused))
