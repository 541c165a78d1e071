"""`python -m tests.support.worker_that_stops`: an orders worker that stops before its first submit.

Its order's money is set aside, the submit is decided, and nothing of it has left the process:
there it stands (SIGSTOP) until somebody lets it go on, and then it submits at once.
"""

import os
import signal

from adapters import lifecycle
from contracts.matching import SubmitOrder
from contracts.topology import ORDERS_INCOMING
from matching.client import MatchingClient
from workers import orders, sagas

_submit = MatchingClient.submit


async def _stop_then_submit(self: MatchingClient, command: SubmitOrder, timeout_s: float) -> object:
    MatchingClient.submit = _submit  # type: ignore[method-assign]
    # Known before the stop: afterwards nothing stands between going on and the message's way out.
    await self._producer.partitions_for(ORDERS_INCOMING)
    os.kill(os.getpid(), signal.SIGSTOP)
    return await _submit(self, command, timeout_s)


if __name__ == "__main__":
    # A poll that is open when the process stops takes a task with it, for two seconds each.
    sagas.POLLERS = 2  # type: ignore[misc]
    MatchingClient.submit = _stop_then_submit  # type: ignore[assignment,method-assign]
    lifecycle.run(orders.main())
