"""Runs every rule, and tells what is broken from what is on its way.

The parts of a look are of slightly different moments, so on a live exchange one look finds
orders that are open here and not yet there. A break counts only when it stands in every look
until patience ends: what is in flight lands, what is broken stays.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from reconciliation.facts import Facts, settling
from reconciliation.in_flight import in_flight
from reconciliation.needs import Markets
from reconciliation.rules import LEDGER_RULES, ORDER_RULES, Break
from reconciliation.trade_rules import TRADE_RULES

RULES: Final = tuple(
    sorted((*LEDGER_RULES, *ORDER_RULES, *TRADE_RULES), key=lambda rule: rule.name)
)
QUIET: Final = "quiet"
PAUSE_S: Final = 0.3

Look = Callable[[], Awaitable[Facts]]


@dataclass(frozen=True)
class Reconciliation:
    """The breaks that stood to the end, and how much was looked at."""

    breaks: tuple[Break, ...]
    in_flight: tuple[str, ...]
    looks: int
    orders: int
    trades: int

    @property
    def sound(self) -> bool:
        return not self.breaks

    def of(self, rule: str) -> list[Break]:
        """The breaks of one rule."""
        return [one for one in self.breaks if one.rule == rule]


def check(facts: Facts, markets: Markets) -> list[Break]:
    """What one look finds: broken, or on its way."""
    facts = settling(facts, frozenset(m.symbol for m in markets.values() if not m.settles))
    return [found for rule in RULES for found in rule.check(facts, markets)]


async def reconcile(
    look: Look, markets: Markets, *, patience_s: float = 20.0, until_quiet: bool = False
) -> Reconciliation:
    """Look until no break stands, or until patience ends.

    With `until_quiet`, which needs an exchange that nobody trades on, it also waits until
    nothing is in flight, and what then still is in flight is a break.
    """
    deadline = time.monotonic() + patience_s
    standing: list[Break] | None = None
    looks = 0
    while True:
        facts = await look()
        looks += 1
        found = check(facts, markets)
        moving = in_flight(facts, markets)
        still = {(one.rule, one.subject) for one in found}
        if standing is None:
            standing = found
        standing = [one for one in standing if (one.rule, one.subject) in still]
        quiet = not found and not moving
        if quiet or (not standing and not until_quiet):
            break
        if time.monotonic() > deadline:
            if until_quiet:
                standing = found + [Break(QUIET, text, "did not come to rest") for text in moving]
            break
        await asyncio.sleep(PAUSE_S)
    return Reconciliation(
        breaks=tuple(standing),
        in_flight=tuple(moving),
        looks=looks,
        orders=len(facts.orders.orders),
        trades=len(facts.log.trades),
    )
