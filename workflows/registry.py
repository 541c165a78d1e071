"""Every saga: what a worker runs, and what a replay must know."""

from typing import Final

from workflows.cancel_all import CancelAllWorkflow
from workflows.deposit import DepositWorkflow
from workflows.place_order import PlaceOrderWorkflow
from workflows.place_order_list import PlaceOrderListWorkflow

SAGAS: Final[list[type]] = [
    PlaceOrderWorkflow,
    PlaceOrderListWorkflow,
    CancelAllWorkflow,
    DepositWorkflow,
]
