"""The ledger's commands on the real server: once, whole, and in spite of one another."""

import asyncio
from uuid import uuid4

import msgspec
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from adapters.mysql import error_code, in_transaction
from contracts.amounts import Amount
from contracts.wallet import (
    CommandConflict,
    CommandInvalid,
    FundsDeposited,
    FundsRefused,
    FundsReleased,
    FundsReserved,
    ReservationReduced,
)
from tests.support.wallet import deposit, reduce, release, reserve
from tests.support.wallet_bank import Bank
from tests.support.wallet_soundness import require_sound
from wallet.queries import Balance

pytestmark = pytest.mark.mysql

ALICE = 7


async def balance(bank: Bank, user_id: int = ALICE, currency: str = "USDT") -> tuple[str, str]:
    for found in await bank.queries.balances(user_id):
        if found.currency == currency:
            return str(found.available), str(found.reserved)
    return "none", "none"


async def test_reserve_and_release_move_money_and_sum_to_zero(first: Bank) -> None:
    replies = await first.service.handle_batch(
        [deposit(ALICE, "USDT", "100"), reserve(1, ALICE, "80"), reserve(2, ALICE, "20")]
    )
    assert [type(r) for r in replies] == [FundsDeposited, FundsReserved, FundsReserved]
    assert await balance(first) == ("0.00000000", "100.00000000")
    [released] = await first.service.handle_batch([release(1, ALICE)])
    assert isinstance(released, FundsReleased)
    assert (released.amount, released.pending) == (Amount(80), False)
    assert await first.queries.balances(ALICE) == [Balance("USDT", Amount(80), Amount(20))]
    await require_sound(first.engine)


async def test_reduces_that_come_twice_from_two_workers_give_back_once_each(
    first: Bank, second: Bank
) -> None:
    await first.service.handle_batch([deposit(ALICE, "USDT", "100"), reserve(1, ALICE, "80")])
    reduces = [reduce(1, ALICE, "5") for _ in range(8)]
    replies = await asyncio.gather(
        *(bank.service.handle_batch([c]) for c in reduces for bank in (first, second))
    )
    assert {type(reply) for [reply] in replies} == {ReservationReduced}
    assert await balance(first) == ("60.00000000", "40.00000000")
    [over] = await first.service.handle_batch([reduce(1, ALICE, "40.00000001")])
    [unknown] = await first.service.handle_batch([reduce(2, ALICE, "1")])
    assert isinstance(over, CommandInvalid)
    assert isinstance(unknown, CommandInvalid)
    [released] = await first.service.handle_batch([release(1, ALICE)])
    assert isinstance(released, FundsReleased)
    assert released.amount == Amount(40)
    [late] = await first.service.handle_batch([reduce(1, ALICE, "1")])
    assert isinstance(late, ReservationReduced)
    assert late.amount == Amount(0)
    await require_sound(first.engine)


async def test_a_repeated_command_gets_the_first_reply_and_changes_nothing(first: Bank) -> None:
    commands = [deposit(ALICE, "USDT", "100"), reserve(1, ALICE, "80"), release(1, ALICE)]
    once = [(await first.service.handle_batch([c]))[0] for c in commands]
    again = await first.service.handle_batch(list(reversed(commands)))
    assert again == list(reversed(once))
    assert await balance(first) == ("100.00000000", "0.00000000")


async def test_the_same_id_with_another_body_is_a_conflict(first: Bank) -> None:
    command_id = uuid4()
    one = deposit(ALICE, "USDT", "100", command_id=command_id)
    other = msgspec.structs.replace(one, amount=Amount(200))
    repeated = msgspec.structs.replace(one, correlation_id="another request")
    replies = await first.service.handle_batch([one, other, repeated])
    assert [type(r) for r in replies] == [FundsDeposited, CommandConflict, FundsDeposited]
    assert await balance(first) == ("100.00000000", "0.00000000")


async def test_concurrent_duplicates_have_one_effect_each(first: Bank, second: Bank) -> None:
    number = 25
    deposits = [deposit(ALICE, "USDT", "1") for _ in range(number)]
    halves = [
        bank.service.handle_batch([command]) for command in deposits for bank in (first, second)
    ]
    replies = [reply for [reply] in await asyncio.gather(*halves)]
    assert all(isinstance(reply, FundsDeposited) for reply in replies)
    assert len({reply.transfer_id for reply in replies if reply}) == number
    assert await balance(first) == ("25.00000000", "0.00000000")
    await require_sound(first.engine)


async def test_two_reserves_that_meet_cannot_both_have_the_money(first: Bank, second: Bank) -> None:
    await first.service.handle_batch([deposit(ALICE, "USDT", "100")])
    for round_ in range(10):
        one, two = reserve(round_ * 2 + 1, ALICE, "80"), reserve(round_ * 2 + 2, ALICE, "80")
        replies = await asyncio.gather(
            first.service.handle_batch([one]), second.service.handle_batch([two])
        )
        kinds = sorted(type(reply).__name__ for [reply] in replies)
        assert kinds == ["FundsRefused", "FundsReserved"]
        await first.service.handle_batch(
            [release(one.order_id, ALICE), release(two.order_id, ALICE)]
        )
    assert await balance(first) == ("100.00000000", "0.00000000")
    await require_sound(first.engine)


async def test_many_users_in_mixed_order_do_not_deadlock_for_good(
    first: Bank, second: Bank
) -> None:
    users = range(1, 9)
    await first.service.handle_batch([deposit(u, "USDT", "100") for u in users])

    async def traffic(bank: Bank, base: int) -> None:
        for turn in range(10):
            order = list(users) if (base + turn) % 2 else list(reversed(users))
            ids = {u: base * 1000 + turn * 10 + u for u in order}
            await bank.service.handle_batch([reserve(ids[u], u, "10") for u in order])
            await bank.service.handle_batch([release(ids[u], u) for u in reversed(order)])

    await asyncio.gather(*(traffic(bank, i) for i, bank in enumerate([first, second] * 2, 1)))
    assert {await balance(first, u) for u in users} == {("100.00000000", "0.00000000")}
    await require_sound(first.engine)


async def test_a_refusal_waits_until_settlement_has_caught_up(first: Bank) -> None:
    await first.service.handle_batch([deposit(ALICE, "USDT", "50")])
    first.log.up_to_date = False
    assert await first.service.handle_batch([reserve(1, ALICE, "80")]) == [None]
    first.log.up_to_date = True
    await first.service.handle_batch([deposit(ALICE, "USDT", "50")])
    [reply] = await first.service.handle_batch([reserve(1, ALICE, "80")])
    assert isinstance(reply, FundsReserved), "the unknown outcome was not stored as a refusal"


async def test_a_refusal_is_kept_even_when_money_comes_later(first: Bank) -> None:
    [refused] = await first.service.handle_batch([reserve(1, ALICE, "80")])
    assert isinstance(refused, FundsRefused)
    assert refused.reason == "INSUFFICIENT_FUNDS"
    await first.service.handle_batch([deposit(ALICE, "USDT", "100")])
    assert await first.service.handle_batch([reserve(1, ALICE, "80")]) == [refused]


async def test_a_reserve_after_its_release_is_refused(first: Bank) -> None:
    await first.service.handle_batch([deposit(ALICE, "USDT", "100")])
    [nothing] = await first.service.handle_batch([release(1, ALICE)])
    assert isinstance(nothing, FundsReleased)
    assert (nothing.amount, nothing.pending) == (Amount(0), False)
    [late] = await first.service.handle_batch([reserve(1, ALICE, "80")])
    assert isinstance(late, FundsRefused)
    assert late.reason == "ALREADY_RELEASED"
    assert await balance(first) == ("100.00000000", "0.00000000")


async def test_what_can_never_succeed_is_invalid(first: Bank) -> None:
    replies = await first.service.handle_batch(
        [
            deposit(ALICE, "DOGE", "1"),
            deposit(ALICE, "USDT", "0"),
            deposit(0, "USDT", "1"),
            reserve(1, ALICE, "-1"),
            reserve(2**63, ALICE, "1"),
            release(1, ALICE, -1),
            reduce(1, ALICE, "0"),
            reduce(1, ALICE, "-1"),
        ]
    )
    assert {type(reply) for reply in replies} == {CommandInvalid}


async def test_what_no_row_can_hold_spoils_only_itself(first: Bank) -> None:
    """EXTERNAL would leave DECIMAL(20, 8): the server refuses the batch, not its neighbours."""
    most = "999999999999.99999999"
    replies = await first.service.handle_batch(
        [deposit(1, "USDT", most), deposit(2, "USDT", "1"), deposit(2, "BTC", "1")]
    )
    assert [type(r) for r in replies] == [FundsDeposited, CommandInvalid, FundsDeposited]
    replies = await first.service.handle_batch([deposit(3, "USDT", "1"), deposit(3, "BTC", "1")])
    assert [type(r) for r in replies] == [CommandInvalid, FundsDeposited]
    await require_sound(first.engine)


async def test_the_server_refuses_a_negative_balance(first: Bank) -> None:
    await first.service.handle_batch([deposit(ALICE, "USDT", "1")])
    statement = "UPDATE wallet_balance SET amount = amount - 2 WHERE account = 'AVAILABLE'"
    with pytest.raises(DBAPIError) as refused:
        await in_transaction(first.engine, lambda c: c.execute(text(statement)))
    assert error_code(refused.value) in {4025, 3819}


@pytest.mark.parametrize(
    "statement", ["UPDATE wallet_transaction SET amount = 0", "DELETE FROM wallet_transaction"]
)
async def test_the_wallets_own_login_cannot_rewrite_history(first: Bank, statement: str) -> None:
    with pytest.raises(DBAPIError) as refused:
        await in_transaction(first.engine, lambda c: c.execute(text(statement)))
    assert error_code(refused.value) == 1142


async def test_transactions_are_read_committed(first: Bank) -> None:
    async with first.engine.connect() as connection:
        variables = await connection.execute(text("SHOW VARIABLES LIKE '%_isolation'"))
        levels = {row[0]: row[1] for row in variables}
    assert "READ-COMMITTED" in levels.values()
