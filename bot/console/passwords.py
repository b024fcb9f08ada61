"""Passwords of staff: Argon2id (RFC 9106), and what may be one.

19 MiB, two passes, one lane, as the OWASP Password Storage Cheat Sheet has it: a shop's two cores answer shoppers
beside, and the library's default of four lanes would take both of them at each attempt to sign in.
"""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

SHORTEST = 10
LONGEST = 200
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Checked where there is no such account, so that an answer takes as long as it takes for one that there is.
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


class PasswordError(ValueError):
    """This cannot be a password; `code` names the sentence that says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def hashed(password: str, name: str = "") -> str:
    """The hash to keep. Raises PasswordError for one that is short, very long, or the name itself."""
    if len(password) < SHORTEST:
        raise PasswordError("console-password-short")
    if len(password) > LONGEST:
        raise PasswordError("console-password-long")
    if name and name.casefold() in password.casefold():
        raise PasswordError("console-password-name")
    if len(set(password)) < 4:
        raise PasswordError("console-password-plain")
    return _hasher.hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Whether it is the password of a hash; None is nobody's, and takes as long."""
    try:
        return _hasher.verify(kept or _NOBODY, password[: LONGEST + 1]) and kept is not None
    except (Argon2Error, InvalidHashError):
        return False


def invented() -> str:
    """A password that nobody guesses: 16 letters and digits in groups of four."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))
