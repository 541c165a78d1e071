"""The ledger's sums, all of them, in one snapshot."""

from sqlalchemy.ext.asyncio import AsyncEngine

from wallet import soundness


async def require_sound(engine: AsyncEngine) -> None:
    """Fails with what is broken: zero sums, balances, signs, reservations."""
    async with soundness.snapshot(engine) as connection:
        sums = await soundness.currency_sums(connection)
        assert not any(sums.values()), sums
        assert await soundness.unbalanced_transfers(connection) == []
        assert await soundness.drifted_balances(connection) == []
        assert await soundness.negative_balances(connection) == []
        assert await soundness.drifted_reservations(connection) == []
