"""A break counts when it stands; what is in flight may take its time."""

from decimal import Decimal

import pytest

from config.markets import load_markets
from reconciliation import reconcile as module
from reconciliation.facts import Facts
from reconciliation.reconcile import QUIET, reconcile
from tests.support.facts import sound, with_ledger

MARKETS = load_markets()
MOVING = with_ledger(sound(), unpublished=1)
BTC_GONE = with_ledger(sound(), currency_sums={"BTC": Decimal(-1)})
USDT_GONE = with_ledger(sound(), currency_sums={"USDT": Decimal(-1)})


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE_S", 0)


class Looks:
    """Shows these facts one after the other, the last for ever."""

    def __init__(self, *facts: Facts) -> None:
        self._facts = list(facts)

    async def __call__(self) -> Facts:
        return self._facts.pop(0) if len(self._facts) > 1 else self._facts[0]


async def test_sound_exchange_is_told_after_one_look() -> None:
    found = await reconcile(Looks(sound()), MARKETS)
    assert found.sound
    assert (found.looks, found.orders, found.trades) == (1, 2, 1)


async def test_break_that_passes_is_none() -> None:
    found = await reconcile(Looks(BTC_GONE, sound()), MARKETS)
    assert found.sound
    assert found.looks == 2


async def test_other_break_in_each_look_is_flow() -> None:
    assert (await reconcile(Looks(BTC_GONE, USDT_GONE), MARKETS)).sound


async def test_break_that_stands_to_the_end_is_reported() -> None:
    found = await reconcile(Looks(BTC_GONE), MARKETS, patience_s=0.05)
    assert [(b.rule, b.subject) for b in found.breaks] == [("R1", "BTC")]
    assert not found.sound
    assert found.of("R1")
    assert not found.of("R2")


async def test_live_exchange_is_sound_though_money_is_in_flight() -> None:
    found = await reconcile(Looks(MOVING), MARKETS)
    assert found.sound
    assert found.in_flight == ("1 events wait in the outbox of wallet",)


async def test_quiet_exchange_is_waited_for() -> None:
    found = await reconcile(Looks(MOVING, MOVING, sound()), MARKETS, until_quiet=True)
    assert found.sound
    assert found.looks == 3


async def test_exchange_that_never_comes_to_rest_is_a_break_where_rest_is_wanted() -> None:
    found = await reconcile(Looks(MOVING), MARKETS, patience_s=0.05, until_quiet=True)
    assert [b.rule for b in found.breaks] == [QUIET]


async def test_last_look_counts_where_rest_is_wanted() -> None:
    looks = Looks(sound(), BTC_GONE)
    assert (await reconcile(looks, MARKETS, patience_s=0.05, until_quiet=True)).sound
    assert not (await reconcile(looks, MARKETS, patience_s=0.05, until_quiet=True)).sound
