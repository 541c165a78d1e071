"""A reservation: an order's budget, what trades have used of it, and when the rest goes back."""

from dataclasses import dataclass, replace

from contracts.wallet import ReleaseFunds
from wallet.errors import BadTrade, InvalidCommand, ReleaseBehindSettlement


@dataclass(frozen=True, slots=True)
class Reservation:
    """Money in units of 0.00000001, quantities in lots.

    `pending_release` is the cumulative fill that a stored release waits for. A reservation
    without currency is the marker that a release left before any reserve came.
    """

    order_id: int
    user_id: int
    currency: str
    reserved_e8: int
    used_e8: int = 0
    filled_lots: int = 0
    pending_release: int | None = None
    released: bool = False
    correlation_id: str = ""

    @property
    def remaining_e8(self) -> int:
        """What the order still holds."""
        return 0 if self.released else self.reserved_e8 - self.used_e8

    @property
    def release_due(self) -> bool:
        """A release was stored, and settlement has come to the fill that it named."""
        return not self.released and self.pending_release == self.filled_lots

    def use(self, amount_e8: int, lots: int, filled_lots: int) -> "Reservation":
        """Spend on one fill of `lots`, after which the order has filled `filled_lots` in all.

        Raises:
            BadTrade: closed, over budget, a fill is missing, or beyond the stored release.
        """
        if self.released:
            raise BadTrade(f"order {self.order_id}: filled after its funds were released")
        if filled_lots != self.filled_lots + lots:
            raise BadTrade(
                f"order {self.order_id}: fills of {self.filled_lots} + {lots} lots "
                f"are not the {filled_lots} that the engine counts"
            )
        if self.used_e8 + amount_e8 > self.reserved_e8:
            raise BadTrade(
                f"order {self.order_id}: {amount_e8} more than the {self.remaining_e8} "
                "that it still holds (units of 1e-8)"
            )
        if self.pending_release is not None and filled_lots > self.pending_release:
            raise BadTrade(f"order {self.order_id}: filled beyond its final quantity")
        used_e8 = self.used_e8 + amount_e8
        spent = used_e8 == self.reserved_e8  # nothing is left to go back: closed by its last fill
        return replace(
            self,
            used_e8=used_e8,
            filled_lots=filled_lots,
            released=spent,
            pending_release=None if spent else self.pending_release,
        )

    def ask_release(self, command: ReleaseFunds) -> "Reservation":
        """Note that the rest goes back once `command.filled_lots` have been settled.

        Raises:
            InvalidCommand: of another user, or names another quantity than a stored release.
            ReleaseBehindSettlement: more has been settled than the release knows of.
        """
        if command.user_id != self.user_id:
            raise InvalidCommand(f"order {self.order_id} is not of user {command.user_id}")
        if command.filled_lots < self.filled_lots:
            raise ReleaseBehindSettlement(
                f"order {self.order_id}: {self.filled_lots} lots are settled, "
                f"the release names {command.filled_lots}"
            )
        if self.released:
            return self
        if self.pending_release not in (None, command.filled_lots):
            raise InvalidCommand(
                f"order {self.order_id}: a release at {self.pending_release} lots is stored, "
                f"this one names {command.filled_lots}"
            )
        return replace(self, pending_release=command.filled_lots)

    def reduce(self, amount_e8: int) -> "Reservation":
        """Hold `amount_e8` less: an amendment has made the order smaller.

        Raises:
            InvalidCommand: less would be left than trades have used already.
        """
        if amount_e8 > self.remaining_e8:
            raise InvalidCommand(
                f"order {self.order_id}: {amount_e8} is more than the {self.remaining_e8} "
                "that it still holds (units of 1e-8)"
            )
        reserved_e8 = self.reserved_e8 - amount_e8
        # Its last fill may have been settled before the amendment came here.
        spent = self.used_e8 == reserved_e8
        return replace(
            self,
            reserved_e8=reserved_e8,
            released=spent,
            pending_release=None if spent else self.pending_release,
        )

    def release(self) -> "Reservation":
        """The rest has gone back; nothing happens to this reservation any more."""
        return replace(self, released=True, pending_release=None)


def marker(command: ReleaseFunds) -> Reservation:
    """What a release of an unknown order leaves, so that a late reserve is refused."""
    return Reservation(
        order_id=command.order_id,
        user_id=command.user_id,
        currency="",
        reserved_e8=0,
        released=True,
        correlation_id=command.correlation_id,
    )
