"""Fee rates as clients read them: fractions of one, with eight decimals."""

from contracts.amounts import Amount, from_e8
from contracts.instruments import Instrument

E8_PER_PPM = 100


def rate(parts_per_million: int) -> Amount:
    """A fee rate as a fraction of one."""
    return from_e8(parts_per_million * E8_PER_PPM)


def commission_rates(instrument: Instrument) -> dict[str, object]:
    """What an order in this market would pay, as `order/test` answers it."""
    nothing = {"maker": rate(0), "taker": rate(0)}
    return {
        "standardCommissionForOrder": {
            "maker": rate(instrument.maker_fee_ppm),
            "taker": rate(instrument.taker_fee_ppm),
        },
        "specialCommissionForOrder": nothing,
        "taxCommissionForOrder": nothing,
        "discount": {
            "enabledForAccount": False,
            "enabledForSymbol": False,
            "discountAsset": instrument.quote,
            "discount": rate(0),
        },
    }
