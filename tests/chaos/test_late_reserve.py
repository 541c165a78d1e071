"""Rule 2, the wallet's half: a reserve that comes after its release holds no money."""

import pytest

from adapters import rabbitmq
from config.markets import load_markets
from contracts.amounts import Amount, from_e8, to_e8
from contracts.wallet import Account, FundsRefused
from reconciliation.reconcile import check
from reconciliation.sources import Sources
from stack.platform import Platform
from tests.support.facts import sound, with_ledger
from tests.support.ledger_checks import require_reconciled
from tests.support.trader import Trader
from tests.support.wallet import AT_MS, release, reserve
from wallet.client import WalletClient
from wallet.errors import AlreadyReleased
from wallet.ledger import Ledger
from wallet.postings import Place
from wallet.reservations import Reservation
from wallet.soundness import OpenReservation

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


async def test_reserve_after_the_release_is_refused_by_the_wallet(
    platform: Platform, sources: Sources, traders: list[Trader]
) -> None:
    trader = traders[0]
    order_id = 1  # no order of the gateway has so small an id
    broker = await rabbitmq.connect(platform.settings().rabbitmq)
    commands = rabbitmq.CommandClient(broker)
    await commands.start()
    wallet = WalletClient(commands)
    before = await trader.balances()
    try:
        await wallet.ask(release(order_id, trader.user_id))
        late = reserve(order_id, trader.user_id, "80")
        first, again = await wallet.ask(late), await wallet.ask(late)
    finally:
        await broker.close()
    assert isinstance(first, FundsRefused)
    assert first.reason == "ALREADY_RELEASED"
    assert again == first
    assert await trader.balances() == before
    assert (await sources.look()).ledger.reservations == []
    await require_reconciled(sources)


@pytest.mark.parametrize("remembers", [True, False])
def test_release_that_left_no_mark_would_let_a_late_reserve_hold_money(remembers: bool) -> None:
    """The planted fault: what a release leaves where it came before the reserve is dropped."""
    ended, user_id = 11, 1  # filled and finalized
    available = {Place(user_id, "USDT", Account.AVAILABLE): to_e8(Amount(100))}
    told = Ledger(dict(available), {})
    told.release(release(ended, user_id), AT_MS)
    marks = {mark.order_id: mark for mark in told.new_reservations}
    ledger = Ledger(dict(available), marks if remembers else {})
    if remembers:
        with pytest.raises(AlreadyReleased):
            ledger.reserve(reserve(ended, user_id, "80"), AT_MS)
        return
    ledger.reserve(reserve(ended, user_id, "80"), AT_MS)
    (late,) = (_open(r) for r in ledger.new_reservations)
    facts = sound()
    broken = with_ledger(facts, reservations=[*facts.ledger.reservations, late])
    assert check(facts, load_markets()) == []
    assert any(str(ended) in one.subject for one in check(broken, load_markets()))


def _open(made: Reservation) -> OpenReservation:
    return OpenReservation(
        order_id=made.order_id,
        user_id=made.user_id,
        currency=made.currency,
        remaining=from_e8(made.remaining_e8),
        filled_lots=made.filled_lots,
        pending_release=made.pending_release,
    )
