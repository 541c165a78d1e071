"""Fee rates as clients read them: fractions of one, with eight decimals."""

from contracts.amounts import Amount, from_e8
from contracts.instruments import Instrument

E8_PER_PPM = 100


def rate(parts_per_million: int) -> Amount:
    """A fee rate as a fraction of one."""
    return from_e8(parts_per_million * E8_PER_PPM)


def commission_rates(instrument: Instrument) -> dict[str, object]:
    """What an order in this market would pay, as `order/test` answers it."""
    return {
        "standardCommissionForOrder": _rates(instrument.maker_fee_ppm, instrument.taker_fee_ppm),
        "specialCommissionForOrder": _rates(0, 0),
        "taxCommissionForOrder": _rates(0, 0),
        "discount": _discount(instrument),
    }


def account_commission(instrument: Instrument) -> dict[str, object]:
    """What every order in this market pays; buyers and sellers pay nothing beside it."""
    sides = {"buyer": rate(0), "seller": rate(0)}
    return {
        "symbol": instrument.symbol,
        "standardCommission": _rates(instrument.maker_fee_ppm, instrument.taker_fee_ppm) | sides,
        "specialCommission": _rates(0, 0) | sides,
        "taxCommission": _rates(0, 0) | sides,
        "discount": _discount(instrument),
    }


def _rates(maker_ppm: int, taker_ppm: int) -> dict[str, object]:
    return {"maker": rate(maker_ppm), "taker": rate(taker_ppm)}


def _discount(instrument: Instrument) -> dict[str, object]:
    return {
        "enabledForAccount": False,
        "enabledForSymbol": False,
        "discountAsset": instrument.quote,
        "discount": rate(0),
    }
