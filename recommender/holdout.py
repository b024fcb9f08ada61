"""Who is never served by the bandit, for good: the yardstick that says what learning is worth to the shop.

A keyed hash of the shopper's number decides, so the same shopper stays on the same side on every machine and after
every restart, and the split has nothing to do with other splits by number. Raising the share only adds shoppers.
"""

from __future__ import annotations

from hashlib import blake2b

POLICY = "holdout"
"""The name of their pages in the log: the plain ranker, all weights at the prior's mean, no draw and no own taste."""
_KEY = b"shopbot-holdout-1"


def held_out(user_id: int, share: float) -> bool:
    """Whether this shopper belongs to the `share` (0..1) that is held out."""
    digest = blake2b(str(user_id).encode(), key=_KEY, digest_size=8).digest()
    return int.from_bytes(digest, "big") < share * 2**64
