"""One round of following the shop's tables: a failure is logged, and what was learned last holds."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from bot.shop_search import ClosingError

log = logging.getLogger(__name__)


async def attempt(follow: Callable[[], Awaitable[None]], failed: str) -> None:
    """Runs a round; `failed` is what the log says of one that did not succeed. Raises ClosingError when all ends."""
    try:
        await follow()
    except ClosingError:
        raise
    except Exception:
        log.exception(failed)
