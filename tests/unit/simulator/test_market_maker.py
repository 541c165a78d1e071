"""The market maker: where it quotes, what it moves, how what it holds changes that."""

from decimal import Decimal
from random import Random

import pytest

from simulator.agent import Action, Cancel, Place
from simulator.chance import agent_rng
from simulator.fair_price import Walk
from simulator.market_maker import MarketMaker, MarketMakerTerms
from simulator.view import Balance, Level, OwnOrder, View
from tests.unit.simulator.views import BTCUSDT, resting, trade, two_sided, view

STILL = Walk(volatility=Decimal(0), reversion=Decimal(0), impact=Decimal(0))
RNG = agent_rng(1, "still")  # of walks that do not move
LIVELY = Walk(volatility=Decimal("0.0005"), reversion=Decimal("0.01"), impact=Decimal("0.1"))


def terms(walk: Walk = STILL, **changes: object) -> MarketMakerTerms:
    given: dict[str, object] = {
        "levels": 5,
        "half_spread": Decimal("0.0002"),
        "spacing": Decimal("0.0001"),
        "size": Decimal("0.1"),
        "growth": Decimal("0.5"),
        "skew": Decimal("0.001"),
        "target": Decimal(10),
        "tolerance": Decimal(2),
        "walk": walk,
        "actions": 100,
    }
    return MarketMakerTerms(**{**given, **changes})


def quotes(actions: list[Action], side: str) -> list[Decimal]:
    return [a.price for a in actions if isinstance(a, Place) and a.side == side and a.price]


def decide(seen: View, **changes: object) -> list[Action]:
    return list(MarketMaker(terms(**changes)).decide(seen, 0.0, RNG))


def test_an_empty_market_gets_a_ladder_on_both_sides_of_the_start_price() -> None:
    actions = decide(view())
    assert quotes(actions, "BUY") == [Decimal(60_000) - 12 - 6 * n for n in range(5)]
    assert quotes(actions, "SELL") == [Decimal(60_000) + 12 + 6 * n for n in range(5)]
    assert all(isinstance(a, Place) and a.kind == "LIMIT_MAKER" for a in actions)


def test_the_innermost_levels_come_first_and_outer_ones_are_larger() -> None:
    actions = [a for a in decide(view()) if isinstance(a, Place)]
    distances = [abs((a.price or 0) - 60_000) for a in actions]
    assert distances == sorted(distances)
    assert [a.quantity for a in actions if a.side == "BUY"] == [
        Decimal("0.1") * (1 + Decimal("0.5") * n) for n in range(5)
    ]


def test_it_starts_from_the_last_price_where_there_is_one() -> None:
    actions = decide(view(last_price="50000"))
    assert max(quotes(actions, "BUY")) < 50_000 < min(quotes(actions, "SELL"))


def test_more_of_the_base_asset_lowers_both_sides_and_less_raises_them() -> None:
    balanced, rich, poor = (decide(view(base=held)) for held in ("10", "11", "9"))
    for side in ("BUY", "SELL"):
        assert max(quotes(rich, side)) < max(quotes(balanced, side)) < max(quotes(poor, side))


def test_what_it_holds_counts_with_what_its_orders_hold() -> None:
    locked = two_sided(base=Balance(free=Decimal(2), locked=Decimal(8)))
    assert quotes(decide(locked), "BUY") == quotes(decide(two_sided()), "BUY")


def test_orders_that_stand_where_they_should_are_left_alone() -> None:
    placed = [a for a in decide(view()) if isinstance(a, Place) and a.price]
    own = [OwnOrder(str(n), a.side, a.price, a.quantity) for n, a in enumerate(placed) if a.price]
    book = view(bid="59988", ask="60012", last_price="60001", orders=own)
    maker = MarketMaker(terms())
    maker.decide(view(), 0.0, RNG)
    assert list(maker.decide(book, 1.0, RNG)) == []


def test_only_what_is_too_near_or_too_far_is_taken_back() -> None:
    own = [
        resting("near", "BUY", "59998"),
        resting("fine", "BUY", "59988"),
        resting("a-little-far", "SELL", "60060"),
        resting("far", "SELL", "60300"),
        resting("other-side", "SELL", "59900"),
    ]
    actions = decide(view(orders=own))
    cancelled = {a.client_order_id for a in actions if isinstance(a, Cancel)}
    assert cancelled == {"near", "far", "other-side"}
    kinds = [type(a) for a in actions]
    assert kinds == sorted(kinds, key=(Cancel, Place).index)


def test_a_level_is_filled_up_once_little_of_it_is_left() -> None:
    much = decide(view(orders=[resting("a", "BUY", "59988", "0.04")]))
    little = decide(view(orders=[resting("a", "BUY", "59988", "0.02")]))
    assert Decimal(59_988) not in quotes(much, "BUY")
    [refill] = [a for a in little if isinstance(a, Place) and a.price == 59_988]
    assert refill.quantity == Decimal("0.08")


def test_trades_pull_its_belief_along() -> None:
    maker = MarketMaker(
        terms(Walk(volatility=Decimal(0), reversion=Decimal(0), impact=Decimal("0.5")))
    )
    maker.decide(view(), 0.0, RNG)
    actions = list(maker.decide(view(trades=[trade(1, "60100")], last_price="60100"), 1.0, RNG))
    assert min(quotes(actions, "SELL")) > 60_050 > max(quotes(actions, "BUY"))


def test_a_reference_is_what_it_returns_to() -> None:
    maker = MarketMaker(terms(Walk(volatility=Decimal(0), reversion=Decimal(1), impact=Decimal(0))))
    maker.decide(view(), 0.0, RNG)
    actions = list(maker.decide(view(reference="61000"), 1.0, RNG))
    assert min(quotes(actions, "SELL")) > 61_000 > max(quotes(actions, "BUY")) > 60_900


def test_it_never_quotes_through_somebody_elses_order() -> None:
    high_bid = decide(view(bid="60100", ask="60200"))
    assert min(quotes(high_bid, "SELL")) > 60_100
    low_ask = decide(view(bid="59700", ask="59800"))
    assert max(quotes(low_ask, "BUY")) < 59_800


def test_one_decision_does_no_more_than_it_may_and_no_more_than_it_can_pay() -> None:
    assert len(decide(view(), actions=3)) == 3
    poor = decide(view(quote="10000", base="10"))
    assert len(quotes(poor, "BUY")) == 1
    assert decide(view(quote="0", base="0")) == []


def test_nothing_is_quoted_outside_the_price_band() -> None:
    band = view(last_price="50000", reference="60000")
    moved = MarketMaker(terms(Walk(volatility=Decimal(0), reversion=Decimal(1), impact=Decimal(0))))
    assert quotes(list(moved.decide(view(last_price="60000"), 0.0, RNG)), "BUY")
    actions = list(moved.decide(band, 1.0, RNG))
    assert quotes(actions, "BUY") == []  # 1.1 × 50,000 is the most that the band lets in
    assert quotes(actions, "SELL")


@pytest.mark.parametrize("seed", range(5))
def test_the_same_seed_and_views_give_the_same_decisions(seed: int) -> None:
    first, second = (_play(agent_rng(seed, "maker"), 60) for _ in range(2))
    assert first == second
    assert first != _play(agent_rng(seed + 100, "maker"), 60)


@pytest.mark.parametrize("seed", range(10))
def test_over_a_whole_walk_its_quotes_never_cross_and_obey_the_filters(seed: int) -> None:
    own: dict[str, OwnOrder] = {}
    for step, actions in enumerate(_play(agent_rng(seed, "maker"), 200, own)):
        for action in actions:
            if isinstance(action, Cancel):
                continue
            assert action.price is not None
            assert action.price % BTCUSDT.tick == 0, step
            assert action.quantity % BTCUSDT.lot == 0
            assert action.price * action.quantity >= BTCUSDT.min_notional
    bids = [order.price for order in own.values() if order.side == "BUY"]
    asks = [order.price for order in own.values() if order.side == "SELL"]
    assert max(bids) < min(asks)
    assert 5 <= len(bids) <= 10
    assert 5 <= len(asks) <= 10


def _play(rng: Random, steps: int, own: dict[str, OwnOrder] | None = None) -> list[list[Action]]:
    """A maker alone in its market: what it places rests, what it takes back is gone."""
    own = {} if own is None else own
    maker, played = MarketMaker(terms(LIVELY)), []
    for step in range(steps):
        bids = sorted((o.price for o in own.values() if o.side == "BUY"), reverse=True)
        asks = sorted(o.price for o in own.values() if o.side == "SELL")
        seen = two_sided(
            bids=[Level(p, Decimal(1)) for p in bids],
            asks=[Level(p, Decimal(1)) for p in asks],
            orders=tuple(own.values()),
            last_price=None,
        )
        actions = list(maker.decide(seen, float(step), rng))
        for number, action in enumerate(actions):
            if isinstance(action, Cancel):
                del own[action.client_order_id]
            else:
                assert action.price is not None
                crossed = [o for o in own.values() if o.side != action.side and _crosses(action, o)]
                assert crossed == []
                name = f"{step}-{number}"
                own[name] = OwnOrder(name, action.side, action.price, action.quantity)
        played.append(actions)
    return played


def _crosses(new: Place, other: OwnOrder) -> bool:
    assert new.price is not None
    return new.price >= other.price if new.side == "BUY" else new.price <= other.price
