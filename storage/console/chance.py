"""Numbers drawn blindly, and the same whenever they are asked for: which messages are sampled must not depend on what
they say, on who looks, or on how often the queue was filled.
"""

from __future__ import annotations

from hashlib import blake2b


def drawn(purpose: str, number: int) -> float:
    """A number in [0, 1) for one thing of a kind, uniform over things and independent between purposes."""
    digest = blake2b(f"{purpose}:{number}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64
