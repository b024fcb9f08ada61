"""What shoppers are told while they wait: that the bot is busy, that it cannot answer now, that they are too quick.

Told in the shopper's language, once for each spell, one after another so that telling does not take the place of
answering; on record like every message, so that a restart does not repeat it. Whoever talks with a person of the shop
is not told anything: the words are for the person.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass

from bot.health import figures
from bot.overload import yields
from bot.reply import Line
from bot.telegram.chat import with_person
from bot.telegram.outgoing import Address, Kind, TextMessage
from bot.telegram.refusals import PostponedError, UnreachableError
from bot.telegram.replies import Replies
from bot.telegram.triage import Waiting
from bot.telegram.updates import private_chat, words_of
from bot.workers import Worker
from storage.shop import Shop

_ORDINAL = 901  # beside an apology, far above any page
_REMEMBERED = 50_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to be told about a waiting update. `spell`: within one, a shopper is told once. `told` is called when
    that was done.
    """

    item: Waiting
    how: str
    line: Line
    spell: int
    told: Callable[[Waiting], None] = lambda item: None


class Notices:
    """Tells. `still_waits` says whether an update's turn has not come yet: then there is no need any more."""

    def __init__(self, replies: Replies, database: Worker[Shop], still_waits: Callable[[Waiting], bool]) -> None:
        self._replies, self._database, self._still_waits = replies, database, still_waits
        self._due: deque[Notice] = deque()
        self._told: OrderedDict[tuple[int, str], int] = OrderedDict()
        self._working: asyncio.Task[None] | None = None

    def add(self, notice: Notice) -> None:
        """Tells soon; only who wrote in a private chat, and was not told in this spell."""
        key = notice.item.update.user_id, notice.how
        if private_chat(notice.item.raw) is None or self._told.get(key) == notice.spell:
            return
        self._told[key] = notice.spell
        if len(self._told) > _REMEMBERED:
            self._told.popitem(last=False)
        self._due.append(notice)
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work())

    def told(self, user_id: int, how: str) -> int | None:
        """The newest spell in which the shopper was told, or is about to be."""
        return self._told.get((user_id, how))

    async def close(self) -> None:
        """Tells no more."""
        self._due.clear()
        if self._working:
            self._working.cancel()
            await asyncio.gather(self._working, return_exceptions=True)

    async def _work(self) -> None:
        yields.set(True)  # telling who waits makes nobody wait
        while self._due:
            notice = self._due.popleft()
            try:
                if self._still_waits(notice.item) and not await with_person(self._database, notice.item.update.user_id):
                    await self._tell(notice)
                    notice.told(notice.item)
            except (PostponedError, UnreachableError) as error:
                _log.info("A notice could not be sent: %s", error)
            except Exception:
                _log.exception("A notice could not be sent")

    async def _tell(self, notice: Notice) -> None:
        update, chat_id = notice.item.update, private_chat(notice.item.raw)
        assert chat_id is not None, "it was looked at when the notice was added"
        said, code = words_of(notice.item.raw)
        language = await self._replies.language(update.user_id, code, said)
        message = TextMessage(self._replies.words(notice.line, language), kind=Kind.NOTICE)
        to = Address(update.update_id, update.user_id, chat_id)
        await self._replies.delivery.deliver(to, [message], first_ordinal=_ORDINAL)
        figures.TOLD_BUSY.labels(how=notice.how).inc()
