"""A mix of agents, as configured: who trades what, how, how often, from how far away."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec

from simulator.agent import Agent
from simulator.large_order import LargeOrder, LargeOrderTerms
from simulator.latency import Latency
from simulator.market_maker import MarketMaker, MarketMakerTerms
from simulator.momentum_trader import MomentumTrader, MomentumTraderTerms
from simulator.noise_trader import NoiseTrader, NoiseTraderTerms

Terms = MarketMakerTerms | NoiseTraderTerms | MomentumTraderTerms | LargeOrderTerms
NAME: Final = r"^[a-z][a-z0-9-]{2,15}$"  # part of a user name and of client order ids


class InvalidMix(ValueError):
    """The file names an agent twice, a market without a start price, or what is no agent."""


class AgentEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One agent. It is a user of its own, with `funds` (asset → amount) from the faucet.

    `rate`: its orders and cancels a second at the most, `burst` of them at once.
    `reference`: two markets whose prices' quotient is what its own market should be worth.
    """

    name: Annotated[str, msgspec.Meta(pattern=NAME)]
    symbol: str
    funds: dict[str, Decimal]
    terms: Terms
    rate: Annotated[float, msgspec.Meta(gt=0, le=50)]
    burst: Annotated[int, msgspec.Meta(ge=1, le=100)] = 1
    latency: Latency | None = None
    reference: tuple[str, str] | None = None


class Mix(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`start_prices`: symbol → the price of a market that has never traded."""

    seed: int
    start_prices: dict[str, Decimal]
    agents: list[AgentEntry]
    poll_s: Annotated[float, msgspec.Meta(ge=0.1, le=60)] = (
        1.0  # by REST, while the streams are away
    )
    account_s: Annotated[float, msgspec.Meta(ge=1, le=600)] = 10.0  # at one's own orders
    requests_at_once: Annotated[int, msgspec.Meta(ge=1, le=64)] = 4

    @property
    def symbols(self) -> list[str]:
        """Every market that an agent trades in or looks at, in the file's order."""
        named = [symbol for a in self.agents for symbol in (a.symbol, *(a.reference or ()))]
        return list(dict.fromkeys(named))


def load_mix(path: Path) -> Mix:
    """Read a mix.

    Raises:
        InvalidMix: the file is not there, cannot be read, or contradicts itself.
    """
    try:
        mix = msgspec.convert(tomllib.loads(path.read_text()), Mix)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise InvalidMix(f"{path}: {error}") from error
    names = [agent.name for agent in mix.agents]
    if not names or len(set(names)) != len(names):
        raise InvalidMix(f"{path}: agents need names, each its own: {names}")
    for symbol in mix.symbols:
        if symbol not in mix.start_prices:
            raise InvalidMix(f"{path}: {symbol} has no start price")
    return mix


def make_agent(terms: Terms) -> Agent:
    """The agent that these terms describe, with nothing decided yet."""
    kinds: dict[type[Any], type[Any]] = {
        MarketMakerTerms: MarketMaker,
        NoiseTraderTerms: NoiseTrader,
        MomentumTraderTerms: MomentumTrader,
        LargeOrderTerms: LargeOrder,
    }
    made: Agent = kinds[type(terms)](terms)
    return made
