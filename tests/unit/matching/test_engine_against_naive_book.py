"""The engine and an obviously right one, step by step, on commands that hypothesis invents."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from contracts.orders import OrderType, Side, TimeInForce
from tests.support.engine_choices import A, B
from tests.support.engine_commands import submit
from tests.support.engine_machine import EngineAgainstNaive

SHARDS = 8
EXAMPLES = 20_000  # in `make test-long`


def _settings(examples: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=50,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.timeout(600)  # a failure is shrunk before it is shown
def test_the_engine_does_what_the_rules_say() -> None:
    run_state_machine_as_test(EngineAgainstNaive, settings=_settings(500))


def test_a_date_that_passes_while_its_order_waits_its_turn_wants_no_earlier_tick() -> None:
    machine = EngineAgainstNaive()
    stop = {"order_type": OrderType.STOP_LOSS_LIMIT, "stop": 8}
    until = {"tif": TimeInForce.GTD, "expires_at_ms": machine.now + 50}
    for order in (
        submit(1, Side.SELL, 10, 1),
        submit(2, Side.BUY, 10, 1),
        submit(3, Side.SELL, 8, 1, **stop),
        submit(4, Side.SELL, 8, 1, **stop),
        submit(5, Side.SELL, 8, 1, **stop, **until),
        submit(6, Side.BUY, 8, 1),
        submit(7, Side.SELL, 8, 1),  # triggers three, and one command activates two
    ):
        machine.send(order)
    assert [order.order_id for order in machine.engine.markets[A].triggered] == [5]

    machine.send(submit(8, Side.BUY, 1, 1, symbol=B), wait=60)  # time passes in the other market

    assert machine.engine.next_due() == (machine.now, A)
    machine.time_wants_the_same()
    machine.orders_agree()


@pytest.mark.long
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("shard", range(SHARDS))
def test_the_engine_does_what_the_rules_say_at_length(shard: int) -> None:
    """Each shard invents its own; run several at once with `-k 'length and 3'`."""
    run_state_machine_as_test(EngineAgainstNaive, settings=_settings(EXAMPLES // SHARDS))
