"""Trades on the real server: settled once, in whatever order releases come; bad ones set aside."""

from dataclasses import replace

import msgspec
import pytest
from sqlalchemy import text

from adapters.mysql import in_transaction
from contracts.amounts import Amount
from contracts.wallet import FundsReleased, ReferenceType
from tests.support.wallet import deposit, log_batch, release, reserve, trade
from tests.support.wallet_bank import Bank
from tests.support.wallet_soundness import require_sound
from wallet import log_position
from wallet.errors import OffsetMoved
from wallet.queries import Balance

pytestmark = pytest.mark.mysql

BUYER, SELLER = (1, 7), (2, 8)


@pytest.fixture(autouse=True)
async def _orders_of_one_btc_at_101(first: Bank) -> None:
    """The buyer holds 101 USDT for 1 BTC at a limit of 101; the seller holds 1 BTC."""
    await first.service.handle_batch(
        [
            deposit(7, "USDT", "150"),
            deposit(8, "BTC", "1"),
            reserve(1, 7, "101"),
            reserve(2, 8, "1", currency="BTC"),
        ]
    )


async def position(bank: Bank) -> int:
    return (await in_transaction(bank.engine, log_position.read_positions))[3]


async def parked(bank: Bank) -> list[tuple[str, str]]:
    async with bank.engine.connect() as connection:
        rows = await connection.execute(text("SELECT reference_id, reason FROM parked_trade"))
        return [(row.reference_id, row.reason) for row in rows]


async def test_a_trade_pays_both_sides_fees_and_the_better_price(first: Bank) -> None:
    whole = trade(1, buyer=BUYER, seller=SELLER, lots=100_000, buyer_limit_ticks=10_100)
    assert await first.settler.settle(log_batch(0, whole)) == 0
    assert await first.queries.balances(7) == [
        Balance("BTC", Amount("0.999"), Amount(0)),
        Balance("USDT", Amount(50), Amount(0)),
    ]
    assert await first.queries.balances(8) == [
        Balance("BTC", Amount(0), Amount(0)),
        Balance("USDT", Amount("99.9"), Amount(0)),
    ]
    lines = await first.queries.postings_of(ReferenceType.TRADE, "BTCUSDT:1")
    assert len(lines) == 7
    assert {line.correlation_id for line in lines} == {"order-1"}, "the taker's"
    assert await position(first) == 1
    await require_sound(first.engine)


async def test_legs_of_lists_are_paid_from_the_money_under_their_first_legs(first: Bank) -> None:
    whole = trade(
        1, buyer=(31, 7), seller=(32, 8), lots=100_000, held_by=(1, 2), buyer_limit_ticks=10_100
    )
    assert await first.settler.settle(log_batch(0, whole)) == 0
    assert await first.queries.balances(7) == [
        Balance("BTC", Amount("0.999"), Amount(0)),
        Balance("USDT", Amount(50), Amount(0)),
    ]
    await require_sound(first.engine)


async def test_a_user_who_trades_with_oneself_loses_the_fees_alone(first: Bank) -> None:
    await first.service.handle_batch([deposit(7, "BTC", "1"), reserve(3, 7, "1", currency="BTC")])
    whole = trade(1, buyer=BUYER, seller=(3, 7), lots=100_000, buyer_limit_ticks=10_100)
    assert await first.settler.settle(log_batch(0, whole)) == 0
    assert await first.queries.balances(7) == [
        Balance("BTC", Amount("0.999"), Amount(0)),
        Balance("USDT", Amount("149.9"), Amount(0)),
    ]
    await require_sound(first.engine)


async def test_an_entry_published_twice_settles_once(first: Bank, second: Bank) -> None:
    half = trade(1, buyer=BUYER, seller=SELLER, lots=50_000, buyer_limit_ticks=10_100)
    await first.settler.settle(log_batch(0, half, half))
    await second.settler.settle(log_batch(1, half))
    assert await parked(first) == []
    assert len(await first.queries.postings_of(ReferenceType.TRADE, "BTCUSDT:1")) == 7
    await require_sound(first.engine)


async def test_the_same_trade_with_other_figures_is_set_aside(first: Bank) -> None:
    half = trade(1, buyer=BUYER, seller=SELLER, lots=50_000)
    await first.settler.settle(log_batch(0, half))
    assert await first.settler.settle(log_batch(1, trade(1, buyer=BUYER, seller=SELLER, lots=9)))
    assert await parked(first) == [("BTCUSDT:1", "settled before with other figures")]


async def test_a_zombie_settles_nothing(first: Bank, second: Bank) -> None:
    """Two settlements fetched the same message; the second to commit finds the offset moved."""
    half = trade(1, buyer=BUYER, seller=SELLER, lots=50_000)
    await first.settler.settle(log_batch(0, half))
    rest = trade(2, buyer=BUYER, seller=SELLER, lots=1, buyer_filled=50_001, seller_filled=50_001)
    with pytest.raises(OffsetMoved):
        await second.settler.settle(replace(log_batch(0, half, rest), next_offset=2))
    assert await position(first) == 1
    assert await first.queries.postings_of(ReferenceType.TRADE, "BTCUSDT:2") == []


async def test_a_release_waits_for_the_fill_that_it_names(first: Bank) -> None:
    [pending] = await first.service.handle_batch([release(1, 7, 50_000)])
    assert isinstance(pending, FundsReleased)
    assert pending.pending
    half = trade(1, buyer=BUYER, seller=SELLER, lots=50_000, buyer_limit_ticks=10_100)
    await first.settler.settle(log_batch(0, half))
    assert await first.queries.balances(7) == [
        Balance("BTC", Amount("0.4995"), Amount(0)),
        Balance("USDT", Amount(100), Amount(0)),
    ]
    [again] = await first.service.handle_batch([release(1, 7, 50_000, step="finalize")])
    assert isinstance(again, FundsReleased)
    assert (again.amount, again.pending) == (Amount(0), False)
    kinds = [line.reference_type for line in await first.queries.postings_of_order(1)]
    assert kinds[:2] == [ReferenceType.RESERVE] * 2
    assert kinds[-2:] == [ReferenceType.RELEASE] * 2
    await require_sound(first.engine)


async def test_a_bad_trade_is_set_aside_and_its_neighbours_settle(first: Bank) -> None:
    good = trade(1, buyer=BUYER, seller=SELLER, lots=10)
    unknown = trade(2, buyer=(99, 7), seller=SELLER, lots=10, seller_filled=20)
    gap = trade(3, buyer=BUYER, seller=SELLER, lots=10, buyer_filled=20, seller_filled=30)
    dear = trade(4, buyer=BUYER, seller=SELLER, lots=90_000, price_ticks=99_999)
    late = trade(5, buyer=BUYER, seller=SELLER, lots=10, buyer_filled=20, seller_filled=20)
    negative = msgspec.structs.replace(late, trade_id=6, quote_e8=-1)
    beyond = msgspec.structs.replace(late, trade_id=7, buyer_user_id=10**30)
    elsewhere = msgspec.structs.replace(late, trade_id=8, base="DOGE")
    batch = log_batch(0, good, unknown, gap, dear, late, negative, beyond, elsewhere)
    assert await first.settler.settle(batch) == 6
    assert {reference for reference, _ in await parked(first)} == {
        f"BTCUSDT:{number}" for number in (2, 3, 4, 6, 7, 8)
    }
    assert len(await first.queries.postings_of(ReferenceType.TRADE, "BTCUSDT:5")) == 6
    assert await position(first) == 1
    await require_sound(first.engine)


async def test_what_the_server_refuses_is_found_by_bisection(first: Bank) -> None:
    """FEES has been filled by hand to within two fees of the column's limit."""
    full = Amount("999999999999.99999997")
    statement = text(
        "UPDATE wallet_balance SET amount = :full WHERE account = 'FEES' AND wallet_id ="
        " (SELECT wallet_id FROM wallet WHERE user_id = 0 AND currency = 'BTC')"
    )
    await first.settler.settle(log_batch(0))
    trades = [
        trade(n, buyer=BUYER, seller=SELLER, lots=1, buyer_filled=n, seller_filled=n)
        for n in range(1, 7)
    ]
    await first.settler.settle(log_batch(1, trades[0]))
    await in_transaction(first.engine, lambda c: c.execute(statement, {"full": full}))
    assert await first.settler.settle(log_batch(2, *trades[1:])) == 3
    [culprit, *followers] = await parked(first)
    assert culprit[0] == "BTCUSDT:4"
    assert "Out of range" in culprit[1]
    assert [reference for reference, _ in followers] == ["BTCUSDT:5", "BTCUSDT:6"]
    assert await position(first) == 3


async def test_the_house_is_exact_to_the_last_place(first: Bank) -> None:
    """Text added to a DECIMAL is added as a double, which holds 16 digits of the 20."""
    await first.service.handle_batch([deposit(9, "ETH", "123456789012.12345679")])
    await first.service.handle_batch([deposit(9, "ETH", "0.00000001")])
    await require_sound(first.engine)


async def test_a_statement_is_read_page_by_page(first: Bank) -> None:
    whole: list[int] = []
    before: int | None = None
    while page := await first.queries.statement(7, before_posting_id=before, limit=2):
        whole += [line.posting_id for line in page]
        before = page[-1].posting_id
    assert whole == sorted(whole, reverse=True)
    assert len(whole) == 3
    assert await first.queries.statement(7, currency="BTC") == []
