"""Messages make the round trip through Temporal's payloads, unions and amounts included."""

from uuid import uuid4

import pytest
from temporalio.api.common.v1 import Payload

from adapters.temporal import TradeFlowPayloadConverter
from contracts.amounts import Amount
from contracts.wallet import FundsRefused, FundsReserved

CONVERTER = TradeFlowPayloadConverter()


def test_union_is_read_as_the_type_that_was_written() -> None:
    reserved = FundsReserved(
        command_id=uuid4(), order_id=1, currency="BTC", amount=Amount("0.00000001")
    )

    payloads = CONVERTER.to_payloads([reserved])

    assert b'"0.00000001"' in payloads[0].data
    read = CONVERTER.from_payloads(payloads, [FundsReserved | FundsRefused])  # type: ignore[list-item]
    assert read == [reserved]


def test_nothing_and_bytes_have_payloads_of_their_own() -> None:
    payloads = CONVERTER.to_payloads([None, b"raw"])

    assert CONVERTER.from_payloads(payloads, [type(None), bytes]) == [None, b"raw"]


def test_payload_of_another_shape_is_refused() -> None:
    alien = Payload(metadata={"encoding": b"json/plain"}, data=b'{"type":"FundsReserved"}')

    with pytest.raises(RuntimeError):
        CONVERTER.from_payloads([alien], [FundsReserved])
