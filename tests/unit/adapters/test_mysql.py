"""Amounts reach the database as exact numbers."""

from decimal import Decimal

import pytest
from pymysql.converters import escape_item

import adapters.mysql  # noqa: F401 - registers the converter
from contracts.amounts import Amount


@pytest.mark.parametrize("text", ["0.00000001", "-999999999999.99999999", "1.50000000"])
def test_amount_is_sent_as_a_number_and_not_as_text(text: str) -> None:
    sent = escape_item(Amount(text), "utf8mb4")

    assert not sent.startswith("'")
    assert Decimal(sent) == Decimal(text)
