"""What the order management system says of a new order, and what the engine said of it."""

from contracts.message import Message
from contracts.orders import Fill, ListAnswer, OrderState, PlacementAnswer, Refusal, Side


class Registration(Message, frozen=True, kw_only=True):
    """The row is there. `answer` is set where the request had been answered before, or its
    client order id belongs to another request; the saga then has nothing to do."""

    order_id: int
    answer: PlacementAnswer | None = None


class ListRegistration(Message, frozen=True, kw_only=True):
    """The rows of an order list and of both its legs are there, or `answer` says why the saga
    has nothing to do."""

    list_id: int
    answer: ListAnswer | None = None


class Submission(Message, frozen=True, kw_only=True):
    """The engine's answer to a submit. Without a state the engine was silent: unknown.

    `indeterminate` means that it answered, but no longer knows: the submit is too old.
    """

    state: OrderState | None
    fills: tuple[Fill, ...] = ()
    indeterminate: bool = False


class ListSubmission(Message, frozen=True, kw_only=True):
    """The engine's answer to an order list, leg by leg. Without legs it was silent: unknown."""

    legs: tuple[Submission, ...]
    indeterminate: bool = False


class Amendment(Message, frozen=True, kw_only=True):
    """The engine's answer to an amendment: how the order stands, or why nothing changed."""

    state: OrderState | None = None
    refusal: Refusal | None = None


class Report(Message, frozen=True, kw_only=True):
    """An engine's answer, to be applied to the order row before the client hears it."""

    symbol: str
    user_id: int
    side: Side
    state: OrderState
    fills: tuple[Fill, ...] = ()
