"""The id of a Kafka cluster, as its tool accepts it."""

import re

from stack.kafka import cluster_id


def test_no_cluster_id_looks_like_an_option() -> None:
    ids = {cluster_id(str(number)) for number in range(500)}
    assert len(ids) == 500
    assert all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_-]{21}", made) for made in ids)
    assert cluster_id("1") == cluster_id("1")
