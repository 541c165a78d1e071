"""How far away an agent is: the time between its decision and its request."""

import math
from random import Random
from typing import Annotated

import msgspec


class Constant(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
    tag_field="kind",
    tag="constant",
):
    """Always the same."""

    ms: Annotated[float, msgspec.Meta(ge=0, le=60_000)]

    def draw_s(self, rng: Random) -> float:  # noqa: ARG002
        """Seconds."""
        return self.ms / 1000


class LogNormal(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
    tag_field="kind",
    tag="lognormal",
):
    """Mostly about the median, sometimes much more: `sigma` is that of the logarithm."""

    median_ms: Annotated[float, msgspec.Meta(gt=0, le=60_000)]
    sigma: Annotated[float, msgspec.Meta(ge=0, le=3)] = 0.5
    max_ms: Annotated[float, msgspec.Meta(gt=0, le=60_000)] = 5_000

    def draw_s(self, rng: Random) -> float:
        """Seconds, at most `max_ms`."""
        return min(rng.lognormvariate(math.log(self.median_ms), self.sigma), self.max_ms) / 1000


Latency = Constant | LogNormal
