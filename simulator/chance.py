"""Where chance comes from: one seed for each agent, made from the mix's seed and its name."""

from decimal import Decimal
from random import Random
from typing import Final

MILLION: Final = 1_000_000


def agent_rng(seed: int, name: str) -> Random:
    """An agent's own sequence; another agent added to the mix does not change it."""
    return Random(f"{seed}:{name}")  # noqa: S311  # nosec B311 - trades, not secrets


def normal(rng: Random, deviation: Decimal) -> Decimal:
    """A normal deviate around zero, to a millionth of its deviation."""
    return deviation * round(rng.gauss(0, 1) * MILLION) / MILLION


def exponential(rng: Random, mean: Decimal, most: Decimal) -> Decimal:
    """An exponential deviate of that mean, cut at `most`."""
    return min(mean * round(rng.expovariate(1) * MILLION) / MILLION, most)
