"""The end of a turn: its sentences are written, then it is recorded with its reply and all that it does, at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.draft import Draft
from bot.handoff import HandOff, quiet_draft, taken_meanwhile
from bot.health.turns import count_turn
from bot.learning import finish_turn
from bot.next_steps import with_next_steps
from bot.overload import late
from bot.recall import Before
from bot.reply import Line, Reply
from bot.reply_json import dump_reply
from bot.scribe import Account, Scribe, Show
from bot.understanding.doubt import fell_back
from bot.workers import Worker
from recommender.stopwatch import Stopwatch
from recommender.writer.contract import OPENING
from recommender.writer.facts import page_facts
from storage.records import Turn, Understanding, Vocabulary
from storage.shop import Shop


class Recorder:
    """Finishes turns."""

    def __init__(
        self, database: Worker[Shop], vocabulary: Callable[[], Vocabulary], hand_off: HandOff, scribe: Scribe | None
    ) -> None:
        self._database, self._vocabulary, self._hand_off, self._scribe = database, vocabulary, hand_off, scribe

    async def finish(
        self, before: Before, said: Understanding | None, draft: Draft, watch: Stopwatch, show: Show | None = None
    ) -> Reply:
        """Records the turn with its reply and its impressions; only then may it be shown. `said` is None where nothing
        was said in words.
        """
        draft = with_next_steps(draft, before)
        account = await self._written(before, draft, watch, show)
        if not draft.silent and await self._database.run(lambda shop: taken_meanwhile(shop, before)):
            draft, account = quiet_draft(before), None
        reply = _reply(before, draft, account.sentences if account else {})
        missing = _missing(said, draft, account)
        fallback = bool(said and fell_back(said, reply.lines))
        with watch.lap("record"):
            stored = await self._database.run(
                lambda shop: finish_turn(
                    shop,
                    before.turn.id,
                    understanding=said,
                    need=draft.need,
                    slate=draft.slate,
                    reply=dump_reply(reply),
                    timings=watch.laps,
                    versions=_versions(said, draft, account),
                    degraded=bool(missing),
                    fallback=fallback,
                    cleared=draft.clears,
                    also=self._deed(before.turn, draft),
                )
            )
        count_turn(draft.need.language, said, missing, fallback, watch.laps)
        return replace(reply, cards=tuple(card for card in stored if card.position > 0))

    def _deed(self, turn: Turn, draft: Draft) -> Callable[[Shop], None]:
        def do(shop: Shop) -> None:
            if draft.step:
                self._hand_off.take_step(shop, turn, draft.step, draft.need.language)
            if draft.effect:
                draft.effect(shop)

        return do

    async def _written(self, before: Before, draft: Draft, watch: Stopwatch, show: Show | None) -> Account | None:
        """Sentences for the page, where there is a page and a writer."""
        if self._scribe is None or draft.slate is None or not draft.slate.page:
            return None
        page = page_facts(draft.slate.page, draft.need, self._vocabulary(), draft.need.language)
        with watch.lap("write"):
            # A page edited in place sends no new message that could end a preview.
            return await self._scribe.write(before.turn.user_id, page, None if draft.edits_turn else show)


def _reply(before: Before, draft: Draft, sentences: Mapping[int, str]) -> Reply:
    opening = (Line("quote", {"text": sentences[OPENING]}),) if OPENING in sentences else ()
    return Reply(
        turn_id=before.turn.id,
        language=draft.need.language,
        lines=(*draft.lines, *opening),
        chips=draft.chips,
        options=draft.options,
        has_more=draft.has_more,
        edits_turn=draft.edits_turn,
        written={position: sentence for position, sentence in sentences.items() if position != OPENING},
        silent=draft.silent,
        attachments=draft.attachments,
        foot=draft.foot,
        currency=before.currency,
    )


def _missing(said: Understanding | None, draft: Draft, account: Account | None) -> tuple[str, ...]:
    """The parts without which this turn was given; "time" where its shopper had to wait."""
    parts = {"model": said, "index": draft.slate, "writer": account}
    return (*(name for name, part in parts.items() if part and part.degraded), *(("time",) if late.get() else ()))


def _versions(said: Understanding | None, draft: Draft, account: Account | None) -> dict[str, str]:
    """What made this turn: by it a replay knows which model and which index answered."""
    index = draft.slate.index_version if draft.slate else ""
    waited = {"flow": "late"} if late.get() else {}
    return {
        "understander": said.model if said else "",
        "index": index,
        **waited,
        **(account.versions if account else {}),
    }
