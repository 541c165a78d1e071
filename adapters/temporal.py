"""Temporal: one way to connect, with our messages as JSON payloads."""

from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.converter import (
    BinaryNullPayloadConverter,
    BinaryPlainPayloadConverter,
    CompositePayloadConverter,
    DataConverter,
    EncodingPayloadConverter,
)
from temporalio.service import GrpcCompression

from config.settings import TemporalSettings
from contracts.message import MalformedMessage, decode, encode


class MessagePayloadConverter(EncodingPayloadConverter):
    """Writes and reads payloads with the codec that every other wire of ours uses."""

    @property
    def encoding(self) -> str:
        return "json/plain"

    def to_payload(self, value: Any) -> Payload | None:
        try:
            data = encode(value)
        except (TypeError, NotImplementedError):  # not of ours: the next converter may know it
            return None
        return Payload(metadata={"encoding": self.encoding.encode()}, data=data)

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> Any:
        try:
            return decode(payload.data, Any if type_hint is None else type_hint)
        except MalformedMessage as error:
            raise RuntimeError(f"payload does not fit {type_hint}: {error}") from error


class TradeFlowPayloadConverter(CompositePayloadConverter):
    def __init__(self) -> None:
        super().__init__(
            BinaryNullPayloadConverter(), BinaryPlainPayloadConverter(), MessagePayloadConverter()
        )


DATA_CONVERTER = DataConverter(payload_converter_class=TradeFlowPayloadConverter)


async def connect(settings: TemporalSettings) -> Client:
    """A connected client. Payloads on loopback are not worth compressing."""
    return await Client.connect(
        settings.address,
        namespace=settings.namespace,
        data_converter=DATA_CONVERTER,
        grpc_compression=GrpcCompression.NONE,
    )
