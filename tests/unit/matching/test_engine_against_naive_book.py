"""The engine and an obviously right one, step by step, on commands that hypothesis invents."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

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


@pytest.mark.long
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("shard", range(SHARDS))
def test_the_engine_does_what_the_rules_say_at_length(shard: int) -> None:
    """Each shard invents its own; run several at once with `-k 'length and 3'`."""
    run_state_machine_as_test(EngineAgainstNaive, settings=_settings(EXAMPLES // SHARDS))
