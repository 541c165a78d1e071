"""Which markets are halted: rows that follow the engine's MarketHalted and MarketResumed."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.dialects.mysql import insert as mysql_insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from contracts.matching import EngineEvent, MarketHalted, MarketResumed
from orders.tables import MarketStatusRow

_table: Final = MarketStatusRow.__table__  # type: ignore[attr-defined]  # SQLModel's own
_INSERT: Final = mysql_insert(_table)
# What is older than the row changes nothing; the offset comes last, for the others compare it.
_KEEP_NEWEST: Final = _INSERT.on_duplicate_key_update(
    [
        (
            "halted",
            func.IF(
                _INSERT.inserted.log_offset > _table.c.log_offset,
                _INSERT.inserted.halted,
                _table.c.halted,
            ),
        ),
        ("log_offset", func.GREATEST(_INSERT.inserted.log_offset, _table.c.log_offset)),
    ]
)


def halted_by(event: EngineEvent) -> bool | None:
    """Whether the event halts its market (True) or resumes it (False); None for all others."""
    match event:
        case MarketHalted():
            return True
        case MarketResumed():
            return False
        case _:
            return None


async def apply_statuses(
    connection: AsyncConnection, statuses: Mapping[str, tuple[bool, int]]
) -> None:
    """Write symbol → (halted, offset of the command that made it so); the newest counts."""
    if statuses:
        await connection.execute(
            _KEEP_NEWEST,
            [
                {"symbol": symbol, "halted": halted, "log_offset": offset}
                for symbol, (halted, offset) in statuses.items()
            ],
        )


class MarketStatusQueries:
    """What others may ask."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def halted(self) -> frozenset[str]:
        """The symbols of the markets that are halted. Raises sqlalchemy.exc.SQLAlchemyError."""
        async with self._engine.connect() as connection:
            found = await connection.scalars(select(_table.c.symbol).where(_table.c.halted))
            return frozenset(found)
