"""The accounts of one transaction: balances, and the transfers made between them.

Integers throughout, units of 0.00000001. No I/O, no clock.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from contracts.amounts import MAX_AMOUNT, to_e8
from contracts.wallet import HOUSE_USER_ID
from wallet.errors import BalanceOverflow, InsufficientFunds
from wallet.postings import Place, Posting, Transfer

MAX_E8: Final = to_e8(MAX_AMOUNT)


class Accounts:
    """Users' balances as they were locked, and what has been posted to them since.

    House accounts are not locked: they are written as sums (`house_deltas`), one per batch and
    currency, so that every trade paying fees does not queue for one row.
    """

    def __init__(self, balances: Mapping[Place, int]) -> None:
        self._balances = dict(balances)
        self._touched_places: set[Place] = set()
        self.transfers: list[Transfer] = []
        self.house_deltas: defaultdict[Place, int] = defaultdict(int)

    def balance_e8(self, place: Place) -> int:
        """A user's balance as this transaction sees it; zero for a place never used."""
        return self._balances.get(place, 0)

    @property
    def changed_balances(self) -> dict[Place, int]:
        """User balances to write, in the order in which they are locked."""
        return {place: self._balances[place] for place in sorted(self._touched_places)}

    def post(self, transfer: Transfer) -> None:
        """Do a transfer whole, or not at all.

        Raises:
            InsufficientFunds: a user's account would be below zero.
            BalanceOverflow: an account would leave DECIMAL(20, 8).
        """
        changed: dict[Place, int] = {}
        house: list[Posting] = []
        for line in transfer.postings:
            if line.place.user_id == HOUSE_USER_ID:
                house.append(line)
            else:
                before = changed.get(line.place, self.balance_e8(line.place))
                changed[line.place] = before + line.amount_e8
        for place, after in changed.items():
            if after < 0:
                raise InsufficientFunds(f"{place}: {-after} short (units of 1e-8)")
            if after > MAX_E8:
                raise BalanceOverflow(f"{place}: beyond {MAX_AMOUNT}")
        for line in house:
            if abs(self.house_deltas[line.place] + line.amount_e8) > MAX_E8:
                raise BalanceOverflow(f"{line.place}: beyond {MAX_AMOUNT}")
        self._balances.update(changed)
        self._touched_places.update(changed)
        for line in house:
            self.house_deltas[line.place] += line.amount_e8
        self.transfers.append(transfer)
