"""What a reader may ask of Redis in one transaction, answered from two dictionaries."""

from typing import Any, Self


class FakeRedis:
    """Texts by key, hashes by key."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.hashes: dict[str, dict[str, str]] = {}

    def pipeline(self, *, transaction: bool) -> "_Transaction":
        assert transaction  # all of one moment
        return _Transaction(self)


class _Transaction:
    def __init__(self, redis: FakeRedis) -> None:
        self._redis = redis
        self._answers: list[Any] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None: ...

    def exists(self, key: str) -> None:
        self._answers.append(int(key in self._redis.texts or key in self._redis.hashes))

    def get(self, key: str) -> None:
        self._answers.append(self._redis.texts.get(key))

    def hget(self, key: str, field: str) -> None:
        self._answers.append(self._redis.hashes.get(key, {}).get(field))

    def hexists(self, key: str, field: str) -> None:
        self._answers.append(field in self._redis.hashes.get(key, {}))

    def hmget(self, key: str, fields: list[str]) -> None:
        found = self._redis.hashes.get(key, {})
        self._answers.append([found.get(field) for field in fields])

    def hgetall(self, key: str) -> None:
        self._answers.append(dict(self._redis.hashes.get(key, {})))

    async def execute(self) -> list[Any]:
        return self._answers
