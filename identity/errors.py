"""What can go wrong with an identity. Nothing here knows of HTTP.

IdentityError
├── UsernameTaken
├── BadCredentials   name or password wrong: never said which
├── LockedOut        too many failures from this address; carries when to try again
├── InvalidToken     an access or refresh token that does not hold
└── TooManyApiKeys
"""


class IdentityError(Exception):
    """The base of this domain's errors."""


class UsernameTaken(IdentityError):
    pass


class BadCredentials(IdentityError):
    pass


class LockedOut(IdentityError):
    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"locked for {retry_after_s} s")
        self.retry_after_s = retry_after_s


class InvalidToken(IdentityError):
    pass


class TooManyApiKeys(IdentityError):
    pass
