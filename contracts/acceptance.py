"""What the accepting path of an order is given, and how far it came."""

from contracts.matching import SubmitOrder
from contracts.message import Message
from contracts.orders import PlacementAnswer, PlaceOrder, SagaStep
from contracts.registration import Submission
from contracts.wallet import ReserveFunds


class AcceptOrder(Message, frozen=True, kw_only=True):
    """An order with the two commands that its acceptance needs."""

    order: PlaceOrder
    reserve: ReserveFunds
    submit: SubmitOrder


class Acceptance(Message, frozen=True, kw_only=True):
    """How far an order came: `answer` where the request had been answered before, `refused`
    where there were no funds, else what the engine said.

    `steps` carry the time at which each was taken.
    """

    answer: PlacementAnswer | None = None
    refused: str | None = None
    submission: Submission | None = None
    steps: tuple[SagaStep, ...] = ()
