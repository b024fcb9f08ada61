"""From a handler to the shopper: a reply rendered and delivered, and the door's own words in the right language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from bot.health.turns import count_stage
from bot.reply import Line, Reply
from bot.telegram.delivery import Delivery
from bot.telegram.outgoing import Address, Kind, TextMessage
from bot.telegram.render import Renderer
from bot.wording import language_of_code
from bot.workers import Worker
from nlu.language import language_of
from storage.records import Language
from storage.shop import Shop

# Far above any page, so that an apology after half a page is sent, and sent once.
_APOLOGY_ORDINAL = 900


@dataclass(frozen=True, slots=True)
class Replies:
    """What handlers answer with."""

    renderer: Renderer
    delivery: Delivery
    database: Worker[Shop]

    async def send(self, to: Address, reply: Reply, lead: Sequence[str] = ()) -> None:
        """Delivers a reply; `lead` names lines that go in front."""
        began = perf_counter()
        messages = self.renderer.messages(reply, lead)
        rendered = perf_counter()
        to = Address(to.update_id, to.user_id, to.chat_id, reply.turn_id)
        await self.delivery.deliver(to, messages, edits_turn=reply.edits_turn)
        count_stage("render", rendered - began)
        count_stage("deliver", perf_counter() - rendered)

    async def say(self, to: Address, language: Language, *lines: Line) -> None:
        """Delivers lines of the door's own."""
        await self.delivery.deliver(to, self.renderer.texts(lines, language))

    async def say_unrecorded(self, chat_id: int, language: Language, line: Line) -> None:
        """Says one line and keeps no record of it: to somebody of whom nothing is kept."""
        await self.delivery.post(chat_id, self.renderer.texts([line], language))

    async def apologise(self, to: Address, language: Language) -> None:
        """One apology for one update, whatever was sent before it."""
        apology = self.words(Line("apology"), language)
        message = TextMessage(apology, kind=Kind.APOLOGY)
        await self.delivery.deliver(to, [message], first_ordinal=_APOLOGY_ORDINAL)

    def apologised(self, to: Address) -> bool:
        """Whether the apology was sent, though its record is still owed."""
        return self.delivery.owes_record(to.update_id, _APOLOGY_ORDINAL)

    def words(self, line: Line, language: Language) -> str:
        """Plain words, for toasts and alerts."""
        return self.renderer.wording.say(line, language)

    async def language(self, user_id: int, telegram_code: str | None, said: str = "") -> Language:
        """/language, else the script of what was said, else the language spoken last, else Telegram's."""
        chosen, need = await self.database.run(
            lambda shop: (shop.shoppers.language(user_id), shop.transcripts.latest_need(user_id))
        )
        if chosen:
            return chosen
        if any(letter.isalpha() for letter in said):
            return language_of(said)
        return need.language if need else language_of_code(telegram_code)
