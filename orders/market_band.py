"""Which bands operators have set: rows that follow the engine's BandSet."""

from collections.abc import Mapping
from typing import Final

import msgspec
from msgspec import UNSET
from sqlalchemy import func, select
from sqlalchemy.dialects.mysql import insert as mysql_insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from contracts.matching import BandSet
from orders.tables import MarketBandRow

FIGURES: Final = ("bid_up_ppm", "bid_down_ppm", "ask_up_ppm", "ask_down_ppm")


class MarketBand(msgspec.Struct, frozen=True, kw_only=True):
    """A market's band as of the command at `log_offset` of its partition.

    The figures are an operator's, in parts per million of the last price, and None where the
    configuration's band holds.
    """

    log_offset: int
    bid_up_ppm: int | None = None
    bid_down_ppm: int | None = None
    ask_up_ppm: int | None = None
    ask_down_ppm: int | None = None

    @property
    def figures(self) -> dict[str, int | None]:
        """Figure by name."""
        return {name: getattr(self, name) for name in FIGURES}


_COLUMNS: Final = MarketBand.__struct_fields__
_table: Final = MarketBandRow.__table__  # type: ignore[attr-defined]  # SQLModel's own
_INSERT: Final = mysql_insert(_table)
# What is older than the row changes nothing; the offset comes last, for the others compare it.
_KEEP_NEWEST: Final = _INSERT.on_duplicate_key_update(
    [
        *(
            (
                name,
                func.IF(
                    _INSERT.inserted.log_offset > _table.c.log_offset,
                    _INSERT.inserted[name],
                    _table.c[name],
                ),
            )
            for name in FIGURES
        ),
        ("log_offset", func.GREATEST(_INSERT.inserted.log_offset, _table.c.log_offset)),
    ]
)


def band_of(event: BandSet, offset: int) -> MarketBand:
    """What the event at that offset says."""
    band = event.operator_band
    if band is UNSET:
        return MarketBand(log_offset=offset)
    return MarketBand(log_offset=offset, **{name: getattr(band, name) for name in FIGURES})


async def apply_bands(connection: AsyncConnection, bands: Mapping[str, MarketBand]) -> None:
    """Write symbol → band; the newest counts."""
    if bands:
        rows = [{"symbol": symbol, **msgspec.structs.asdict(b)} for symbol, b in bands.items()]
        await connection.execute(_KEEP_NEWEST, rows)


class MarketBandQueries:
    """What others may ask."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def bands(self) -> dict[str, MarketBand]:
        """Symbol → band of every market whose band the engine has told. Raises
        sqlalchemy.exc.SQLAlchemyError."""
        async with self._engine.connect() as connection:
            rows = (await connection.execute(select(_table))).mappings()
            return {
                row["symbol"]: MarketBand(**{name: row[name] for name in _COLUMNS}) for row in rows
            }
