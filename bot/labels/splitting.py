"""Which conversations teach and which judge: by a keyed hash of their number, so that one stays where it is for good.

All turns of a conversation are on one side: what a shopper says twice in a talk must not be learned and judged on.
"""

from __future__ import annotations

from hashlib import blake2b

HELD_OUT = 0.2
"""Share of the conversations that judge, 0..1."""
_KEY = b"shopbot-reviewed"


def held_out(conversation_id: int, share: float = HELD_OUT) -> bool:
    """Whether a conversation judges; raising the share only adds conversations."""
    digest = blake2b(str(conversation_id).encode(), key=_KEY, digest_size=8).digest()
    return int.from_bytes(digest, "big") < share * 2**64
