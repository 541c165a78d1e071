"""An identity database in memory, with the same rules."""

from contracts.identity import IdentityEvent, Role
from identity.errors import TooManyApiKeys, UsernameTaken
from identity.lockout import LoginAttempts, register_attempt
from identity.rotation import may_repeat
from identity.store import ApiKeyRow, NewSession, SessionRow, UserRow


class FakeStore:
    """Both the store and the reads; remembers the events it was given."""

    def __init__(self) -> None:
        self.users: dict[int, UserRow] = {}
        self.sessions: dict[str, SessionRow] = {}
        self.tokens: dict[str, tuple[str, int | None, int]] = {}
        self.keys: dict[str, ApiKeyRow] = {}
        self.attempts: dict[tuple[str, str], LoginAttempts] = {}
        self.events: list[IdentityEvent] = []
        self.key_lookups = 0

    async def add_user(
        self, username: str, password_hash: str, role: Role, now_ms: int, ip: str
    ) -> int:
        if any(user.username == username for user in self.users.values()):
            raise UsernameTaken(username)
        user_id = len(self.users) + 1
        self.users[user_id] = UserRow(
            user_id=user_id,
            username=username,
            password_hash=password_hash,
            role=role,
            created_at_ms=now_ms,
        )
        return user_id

    async def register_attempt(
        self, username: str, ip: str, now_ms: int
    ) -> tuple[LoginAttempts, bool]:
        after, allowed = register_attempt(self.attempts.get((username, ip)), now_ms)
        self.attempts[username, ip] = after
        return after, allowed

    async def record_failure(self, event: IdentityEvent) -> None:
        self.events.append(event)

    async def open_session(
        self, session: NewSession, username: str, ip: str, event: IdentityEvent
    ) -> None:
        self.sessions[session.session_id] = SessionRow(
            session_id=session.session_id,
            user_id=session.user_id,
            role=self.users[session.user_id].role,
            expires_at_ms=session.expires_at_ms,
            revoked=False,
        )
        self.tokens[session.token_hash] = (session.session_id, None, session.expires_at_ms)
        self.attempts.pop((username, ip), None)
        self.events.append(event)

    async def rotate(
        self, token_hash: str, new_hash: str, now_ms: int, expires_at_ms: int
    ) -> SessionRow | None:
        if token_hash not in self.tokens:
            return None
        session_id, used_at_ms, good_until_ms = self.tokens[token_hash]
        session = self.sessions[session_id]
        if session.revoked or good_until_ms <= now_ms:
            return None
        family = {h: t for h, t in self.tokens.items() if t[0] == session_id}
        if used_at_ms is not None:
            last_use_ms = max(used for _, used, _ in family.values() if used is not None)
            if not may_repeat(used_at_ms, last_use_ms, now_ms):
                await self.revoke_session(session_id, now_ms)
                return None
        else:
            for unused in (h for h, (_, used, _) in family.items() if used is None):
                self.tokens[unused] = (session_id, now_ms, family[unused][2])
        self.tokens[new_hash] = (session_id, None, expires_at_ms)
        return session

    async def revoke_session(self, session_id: str, now_ms: int) -> None:
        old = self.sessions[session_id]
        self.sessions[session_id] = SessionRow(
            session_id=old.session_id,
            user_id=old.user_id,
            role=old.role,
            expires_at_ms=old.expires_at_ms,
            revoked=True,
        )

    async def add_api_key(self, row: ApiKeyRow, keys_max: int, event: IdentityEvent) -> None:
        if len(await self.api_keys(row.user_id)) >= keys_max:
            raise TooManyApiKeys
        self.keys[row.api_key] = row
        self.events.append(event)

    async def revoke_api_key(
        self, user_id: int, api_key: str, now_ms: int, event: IdentityEvent
    ) -> bool:
        row = self.keys.get(api_key)
        if row is None or row.user_id != user_id or row.revoked_at_ms is not None:
            return False
        values = {name: getattr(row, name) for name in row.__struct_fields__}
        self.keys[api_key] = ApiKeyRow(**{**values, "revoked_at_ms": now_ms})
        self.events.append(event)
        return True

    async def user(self, user_id: int) -> UserRow | None:
        return self.users.get(user_id)

    async def user_by_name(self, username: str) -> UserRow | None:
        return next((u for u in self.users.values() if u.username == username), None)

    async def session(self, session_id: str) -> SessionRow | None:
        return self.sessions.get(session_id)

    async def api_key(self, api_key: str) -> ApiKeyRow | None:
        self.key_lookups += 1
        return self.keys.get(api_key)

    async def api_keys(self, user_id: int) -> list[ApiKeyRow]:
        return [k for k in self.keys.values() if k.user_id == user_id and k.revoked_at_ms is None]
