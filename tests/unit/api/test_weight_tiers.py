"""What a question about several markets weighs, by how many it names; more than are listed here."""

from collections.abc import Callable

import pytest

from api.market_selection import Selection
from api.routes.price_rules import rules_weight
from api.routes.tickers import day_weight, price_weight, window_weight

Weigh = Callable[[Selection], int]
TIERS: list[tuple[Weigh, dict[int, int]]] = [
    (day_weight, {1: 2, 2: 2, 20: 2, 21: 40, 100: 40, 101: 80, 500: 80}),
    (price_weight, {2: 4, 20: 4, 500: 4}),
    (window_weight, {1: 4, 2: 8, 49: 196, 50: 200, 51: 200, 500: 200}),
    (rules_weight, {1: 2, 2: 4, 19: 38, 20: 40, 21: 40, 500: 40}),
]
OF_ALL = [(day_weight, 80), (price_weight, 4), (rules_weight, 40)]


@pytest.mark.parametrize(
    ("weigh", "named", "weight"),
    [(weigh, named, weight) for weigh, tiers in TIERS for named, weight in tiers.items()],
)
def test_by_the_number_of_symbols(weigh: Weigh, named: int, weight: int) -> None:
    symbols = [f"S{n}" for n in range(named)]
    assert weigh(Selection(symbols=symbols, single=False, named=named)) == weight


@pytest.mark.parametrize(("weigh", "weight"), OF_ALL)
def test_of_all_markets_however_few_there_are(weigh: Weigh, weight: int) -> None:
    for symbols in ([], ["BTCUSDT"], [f"S{n}" for n in range(500)]):
        assert weigh(Selection(symbols=symbols, single=False, named=0)) == weight


@pytest.mark.parametrize(
    ("weigh", "weight"), [(day_weight, 2), (price_weight, 2), (window_weight, 4), (rules_weight, 2)]
)
def test_of_one_market(weigh: Weigh, weight: int) -> None:
    assert weigh(Selection(symbols=["BTCUSDT"], single=True, named=1)) == weight


def test_markets_that_have_another_status_weigh_too() -> None:
    """What is named counts, not what is answered."""
    assert window_weight(Selection(symbols=[], single=False, named=3)) == 12
    assert day_weight(Selection(symbols=["S1"], single=False, named=21)) == 40
