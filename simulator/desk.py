"""Where an agent's decisions become orders: at its rate, after its latency, errors dealt with."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from decimal import Decimal

import structlog

from simulator.account import Account
from simulator.agent import Action, Place
from simulator.api import ApiRefused
from simulator.chance import agent_rng
from simulator.market_watch import MarketWatch
from simulator.mix import AgentEntry, Mix, make_agent
from simulator.pace import TokenBucket
from simulator.pauses import Pauses
from simulator.refusals import Reaction
from simulator.view import Balance, View

log = structlog.get_logger()


class Desk:
    """One agent at work. Its latency has a chance of its own: it changes no decision.

    `acted` is set on its first decision. `sleep` waits on the clock that `clock_s` reads.
    """

    def __init__(
        self,
        entry: AgentEntry,
        mix: Mix,
        account: Account,
        watches: Mapping[str, MarketWatch],
        clock_s: Callable[[], float],
        *,
        acted: asyncio.Event | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._entry = entry
        self._mix = mix
        self._account = account
        self._watches = watches
        self._clock_s = clock_s
        self._sleep = sleep
        self._halts = Pauses()
        self._agent = make_agent(entry.terms)
        self._rng = agent_rng(mix.seed, entry.name)
        self._latency_rng = agent_rng(mix.seed, f"{entry.name}:latency")
        self._bucket = TokenBucket(entry.rate, entry.burst, clock_s)
        self._refreshed_s = clock_s()
        self._acted = acted or asyncio.Event()
        self._trade_id = watches[entry.symbol].last_trade_id

    async def run(self) -> None:
        """Decide and act until cancelled. What is open then stays open: the next run takes it
        over, and a book that stands is worth more than an empty one."""
        began_s, pauses = self._clock_s(), Pauses()
        while True:
            try:
                await self._keep_current()
                actions = self._agent.decide(self._view(), self._clock_s() - began_s, self._rng)
                await self._act(actions)
                self._acted.set()
                pauses.forget()
                await self._sleep(self._agent.wait_s(self._rng))
            except ApiRefused as refused:
                self._account.stale = True
                log.info("simulator.paused", agent=self._entry.name, error=str(refused))
                closed = refused.reaction is Reaction.CLOSED
                await self._sleep((self._halts if closed else pauses).after(refused))

    async def _keep_current(self) -> None:
        """Read the account anew where a trade may have changed it, and now and then."""
        traded = self._watches[self._entry.symbol].last_trade_id > self._trade_id
        old = self._clock_s() - self._refreshed_s > self._mix.account_s
        if self._account.stale or old or (traded and self._account.orders):
            await self._account.refresh()
            self._refreshed_s = self._clock_s()

    def _view(self) -> View:
        """What the agent may know now. Each trade is shown once."""
        watch, balances = self._watches[self._entry.symbol], self._account.balances
        market, trades = watch.market, watch.trades_since(self._trade_id)
        self._trade_id = max(self._trade_id, watch.last_trade_id)
        return View(
            market=market,
            start_price=self._mix.start_prices[market.symbol],
            bids=watch.bids,
            asks=watch.asks,
            trades=trades,
            last_price=watch.last_price,
            orders=tuple(self._account.orders.values()),
            base=balances.get(market.base, Balance()),
            quote=balances.get(market.quote, Balance()),
            filled=self._account.filled,
            reference=self._reference(),
        )

    def _reference(self) -> Decimal | None:
        """The price that two other markets imply, once both have traded."""
        if self._entry.reference is None:
            return None
        over, under = (self._watches[symbol].last_price for symbol in self._entry.reference)
        return None if over is None or under is None else over / under

    async def _act(self, actions: Sequence[Action]) -> None:
        """Send them one after another. One that is refused changes nothing, and the next
        decision will see why. Raises ApiRefused where the exchange asks for a pause, or the
        market is halted: what is not sent then is decided anew."""
        if actions and self._entry.latency is not None:
            await self._sleep(self._entry.latency.draw_s(self._latency_rng))
        for action in actions:
            await self._sleep(self._bucket.take())
            try:
                if isinstance(action, Place):
                    await self._account.place(action)
                    self._halts.forget()
                else:
                    await self._account.cancel(action.client_order_id)
            except ApiRefused as refused:
                if refused.reaction is not Reaction.DROP:
                    raise
                self._account.stale = True
                log.info("simulator.refused", agent=self._entry.name, error=str(refused))
