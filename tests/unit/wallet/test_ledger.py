"""The ledger's rules, one by one."""

import msgspec
import pytest

from contracts.amounts import Amount
from contracts.wallet import HOUSE_USER_ID, Account, ReferenceType
from tests.support.wallet import AT_MS, deposit, reduce, release, reserve, trade
from wallet.errors import (
    AlreadyReleased,
    AlreadyReserved,
    BadTrade,
    BalanceOverflow,
    InsufficientFunds,
    InvalidCommand,
    ReleaseBehindSettlement,
    UnbalancedTransfer,
)
from wallet.ledger import Ledger
from wallet.postings import (
    Place,
    Posting,
    Transfer,
    require_zero_sum,
    trade_postings,
    transfer_recorded,
)

BUYER, SELLER = (1, 7), (2, 8)
BUYER_USDT = Place(7, "USDT", Account.AVAILABLE)
BUYER_HELD = Place(7, "USDT", Account.RESERVED)
BUYER_BTC = Place(7, "BTC", Account.AVAILABLE)
SELLER_USDT = Place(8, "USDT", Account.AVAILABLE)
SELLER_HELD = Place(8, "BTC", Account.RESERVED)
FEES_USDT = Place(HOUSE_USER_ID, "USDT", Account.FEES)
FEES_BTC = Place(HOUSE_USER_ID, "BTC", Account.FEES)
E8 = 10**8


@pytest.fixture
def ledger() -> Ledger:
    """The buyer holds 101 of 150 USDT, the seller 1 BTC of 1."""
    made = Ledger({}, {})
    made.deposit(deposit(7, "USDT", "150"), AT_MS)
    made.deposit(deposit(8, "BTC", "1"), AT_MS)
    made.reserve(reserve(1, 7, "101"), AT_MS)
    made.reserve(reserve(2, 8, "1", currency="BTC"), AT_MS)
    return made


def whole_trade(**changes: int) -> object:
    made = trade(1, buyer=BUYER, seller=SELLER, lots=100_000, buyer_limit_ticks=10_100)
    return msgspec.structs.replace(made, **changes)


def test_reserve_moves_available_to_reserved(ledger: Ledger) -> None:
    assert ledger.balance_e8(BUYER_USDT) == 49 * E8
    assert ledger.balance_e8(BUYER_HELD) == 101 * E8


def test_reserve_beyond_available_is_refused_and_leaves_no_trace(ledger: Ledger) -> None:
    before = len(ledger.transfers)
    with pytest.raises(InsufficientFunds):
        ledger.reserve(reserve(3, 7, "49.00000001"), AT_MS)
    assert ledger.reservation(3) is None
    assert (ledger.balance_e8(BUYER_USDT), len(ledger.transfers)) == (49 * E8, before)


def test_a_second_reserve_of_one_order_is_refused(ledger: Ledger) -> None:
    with pytest.raises(AlreadyReserved):
        ledger.reserve(reserve(1, 7, "1"), AT_MS)


def test_reserve_after_release_is_refused(ledger: Ledger) -> None:
    assert not ledger.release(release(3, 7), AT_MS).pending
    with pytest.raises(AlreadyReleased):
        ledger.reserve(reserve(3, 7, "1"), AT_MS)


def test_release_gives_back_what_is_left_once(ledger: Ledger) -> None:
    assert ledger.release(release(1, 7), AT_MS).amount == Amount(101)
    assert ledger.release(release(1, 7, step="again"), AT_MS).amount == Amount(0)
    assert ledger.balance_e8(BUYER_USDT) == 150 * E8


def test_release_of_another_users_order_is_invalid(ledger: Ledger) -> None:
    with pytest.raises(InvalidCommand):
        ledger.release(release(1, 8), AT_MS)


def test_release_that_knows_less_than_settlement_is_invalid(ledger: Ledger) -> None:
    ledger.settle(whole_trade(), AT_MS)
    with pytest.raises(ReleaseBehindSettlement):
        ledger.release(release(1, 7, 99_999), AT_MS)


def test_two_releases_that_disagree_are_invalid(ledger: Ledger) -> None:
    assert ledger.release(release(1, 7, 5), AT_MS).pending
    with pytest.raises(InvalidCommand):
        ledger.release(release(1, 7, 6, step="again"), AT_MS)


def test_a_pending_release_is_performed_by_the_settlement_that_reaches_it(ledger: Ledger) -> None:
    assert ledger.release(release(1, 7, 100_000), AT_MS).pending
    assert ledger.balance_e8(BUYER_HELD) == 101 * E8
    cheap = trade(1, buyer=BUYER, seller=SELLER, lots=100_000)
    ledger.settle(cheap, AT_MS)
    assert ledger.balance_e8(BUYER_HELD) == 0
    assert ledger.balance_e8(BUYER_USDT) == 50 * E8
    assert ledger.transfers[-1].reference_type is ReferenceType.RELEASE


def test_reduce_gives_back_a_part_and_the_rest_stays_held(ledger: Ledger) -> None:
    reply = ledger.reduce(reduce(1, 7, "40"), AT_MS)
    assert reply.amount == Amount(40)
    assert ledger.balance_e8(BUYER_HELD) == 61 * E8
    assert ledger.balance_e8(BUYER_USDT) == 89 * E8
    assert ledger.release(release(1, 7), AT_MS).amount == Amount(61)


@pytest.mark.parametrize(
    ("amount", "keep", "given"),
    [("40", "61", "40"), ("90", "61", "40"), ("10", "61", "10"), ("40", "101", "0")],
)
def test_reduce_leaves_what_the_order_is_to_keep(
    ledger: Ledger, amount: str, keep: str, given: str
) -> None:
    assert ledger.reduce(reduce(1, 7, amount, keep=keep), AT_MS).amount == Amount(given)
    again = ledger.reduce(reduce(1, 7, "101", keep=keep), AT_MS).amount
    assert Amount(given) + again == 101 - Amount(keep)


def test_reduce_may_not_go_below_what_trades_have_used(ledger: Ledger) -> None:
    half = trade(1, buyer=BUYER, seller=SELLER, lots=50_000, buyer_limit_ticks=10_100)
    ledger.settle(half, AT_MS)
    transfers = len(ledger.transfers)
    with pytest.raises(InvalidCommand, match="holds"):
        ledger.reduce(reduce(1, 7, "50.50000001"), AT_MS)
    assert len(ledger.transfers) == transfers
    assert ledger.balance_e8(BUYER_HELD) == 5_050_000_000


def test_reduce_that_comes_after_the_last_fill_closes_the_reservation(ledger: Ledger) -> None:
    half = trade(1, buyer=BUYER, seller=SELLER, lots=50_000, buyer_limit_ticks=10_100)
    ledger.settle(half, AT_MS)
    assert ledger.reduce(reduce(1, 7, "50.5"), AT_MS).amount == Amount("50.5")
    kept = ledger.reservation(1)
    assert kept is not None
    assert kept.released
    assert ledger.reduce(reduce(1, 7, "1"), AT_MS).amount == Amount(0)


def test_reduce_of_a_released_order_is_done_already(ledger: Ledger) -> None:
    ledger.release(release(1, 7), AT_MS)
    ledger.release(release(9, 7), AT_MS)
    assert ledger.reduce(reduce(1, 7, "1"), AT_MS).amount == Amount(0)
    assert ledger.reduce(reduce(9, 7, "1"), AT_MS).amount == Amount(0), "never reserved"
    assert ledger.balance_e8(BUYER_USDT) == 150 * E8


def test_reduce_before_a_pending_release_leaves_it_pending(ledger: Ledger) -> None:
    ledger.release(release(1, 7, 50_000), AT_MS)
    ledger.reduce(reduce(1, 7, "50"), AT_MS)
    half = trade(1, buyer=BUYER, seller=SELLER, lots=50_000, buyer_limit_ticks=10_100)
    ledger.settle(half, AT_MS)
    assert ledger.balance_e8(BUYER_HELD) == 0
    assert ledger.balance_e8(BUYER_USDT) == 100 * E8


@pytest.mark.parametrize(("order_id", "user_id"), [(99, 7), (1, 8)])
def test_reduce_of_an_unknown_order_or_of_another_user_is_invalid(
    ledger: Ledger, order_id: int, user_id: int
) -> None:
    with pytest.raises(InvalidCommand):
        ledger.reduce(reduce(order_id, user_id, "1"), AT_MS)


def test_a_leg_is_paid_from_the_reservation_of_its_list(ledger: Ledger) -> None:
    whole = trade(
        1, buyer=(11, 7), seller=(12, 8), lots=60_000, held_by=(1, 2), buyer_limit_ticks=10_100
    )
    ledger.settle(whole, AT_MS)
    kept = [ledger.reservation(i) for i in (1, 2, 11, 12)]
    assert [k and k.filled_lots for k in kept] == [60_000, 60_000, None, None]
    other_legs = trade(2, buyer=(1, 7), seller=(2, 8), lots=1)
    with pytest.raises(BadTrade):
        ledger.settle(other_legs, AT_MS)


def test_an_order_by_value_keeps_what_it_did_not_spend_until_its_release(ledger: Ledger) -> None:
    bought = trade(1, buyer=BUYER, seller=SELLER, lots=99_999)
    ledger.settle(bought, AT_MS)
    assert ledger.balance_e8(BUYER_HELD) == 101 * E8 - bought.quote_e8
    assert ledger.release(release(1, 7, 99_999), AT_MS).amount == Amount("1.001")


def test_a_trade_pays_both_sides_the_house_and_the_better_price(ledger: Ledger) -> None:
    ledger.settle(whole_trade(), AT_MS)
    assert ledger.balance_e8(BUYER_USDT) == 50 * E8
    assert ledger.balance_e8(BUYER_HELD) == 0
    assert ledger.balance_e8(BUYER_BTC) == 99_900_000
    assert ledger.balance_e8(SELLER_USDT) == 9_990_000_000
    assert ledger.balance_e8(SELLER_HELD) == 0
    assert ledger.house_deltas[FEES_USDT] == 10_000_000
    assert ledger.house_deltas[FEES_BTC] == 100_000


def test_a_trade_has_four_postings_at_least_and_seven_at_most() -> None:
    plain = trade(1, buyer=BUYER, seller=SELLER, lots=1, fee_ppm=0)
    full = trade(1, buyer=BUYER, seller=SELLER, lots=100_000, buyer_limit_ticks=10_100)
    assert len(trade_postings(plain)) == 4
    assert len(trade_postings(full)) == 7


@pytest.mark.parametrize(
    "changes",
    [
        {"buyer_order_id": 9},
        {"seller_user_id": 7},
        {"buyer_filled_lots": 100_001},
        {"seller_filled_lots": 99_999},
        {"quote_e8": 102 * E8},
        {"quote_e8": -1},
        {"quantity_e8": 2 * E8},
        {"quantity_lots": 0},
        {"buyer_refund_e8": -1},
        {"buyer_commission_e8": -1},
        {"seller_commission_e8": 10**12},
        {"buyer_user_id": HOUSE_USER_ID},
        {"seller_order_id": 1},
    ],
)
def test_a_trade_that_contradicts_the_reservations_leaves_no_trace(
    ledger: Ledger, changes: dict[str, int]
) -> None:
    balances, reservations = ledger.changed_balances, ledger.new_reservations
    transfers = len(ledger.transfers)
    with pytest.raises(BadTrade):
        ledger.settle(whole_trade(**changes), AT_MS)
    assert (ledger.changed_balances, ledger.new_reservations) == (balances, reservations)
    assert len(ledger.transfers) == transfers


def test_a_fill_after_the_release_is_bad(ledger: Ledger) -> None:
    ledger.release(release(1, 7), AT_MS)
    with pytest.raises(BadTrade, match="released"):
        ledger.settle(whole_trade(), AT_MS)


def test_a_fill_beyond_the_pending_release_is_bad(ledger: Ledger) -> None:
    ledger.release(release(1, 7, 50_000), AT_MS)
    with pytest.raises(BadTrade, match="final"):
        ledger.settle(whole_trade(), AT_MS)


def test_a_user_may_trade_with_oneself(ledger: Ledger) -> None:
    ledger.deposit(deposit(7, "BTC", "1"), AT_MS)
    ledger.reserve(reserve(3, 7, "1", currency="BTC"), AT_MS)
    ledger.settle(
        trade(1, buyer=BUYER, seller=(3, 7), lots=100_000, buyer_limit_ticks=10_100), AT_MS
    )
    assert ledger.balance_e8(BUYER_USDT) == 50 * E8 + 9_990_000_000


def test_a_transfer_that_does_not_sum_to_zero_cannot_be_made() -> None:
    with pytest.raises(UnbalancedTransfer):
        require_zero_sum([Posting(BUYER_USDT, 1), Posting(BUYER_BTC, -1)])


def test_a_balance_beyond_the_columns_range_is_refused(ledger: Ledger) -> None:
    with pytest.raises(BalanceOverflow):
        ledger.deposit(deposit(7, "USDT", "999999999999.99999999"), AT_MS)


@pytest.mark.parametrize("amount", ["0", "-1"])
def test_an_amount_must_be_positive(ledger: Ledger, amount: str) -> None:
    with pytest.raises(InvalidCommand):
        ledger.deposit(deposit(7, "USDT", amount), AT_MS)
    with pytest.raises(InvalidCommand):
        ledger.reserve(reserve(5, 7, amount), AT_MS)


def test_the_event_says_what_was_posted(ledger: Ledger) -> None:
    transfer: Transfer = ledger.transfers[2]
    event = transfer_recorded(transfer)
    assert event.reference_type is ReferenceType.RESERVE
    assert event.reference_id == "1"
    assert [p.amount for p in event.postings] == [Amount(-101), Amount(101)]
    assert event.correlation_id == "order-1"
