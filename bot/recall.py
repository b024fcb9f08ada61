"""What the assistant must know before it answers, read in one trip to the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.health.work import note_turn
from bot.learning import current_taste
from bot.stumbling import stumbled
from bot.talk import Together, focus_of, question_of, together_of
from bot.upkeep.beliefs import shared_prior
from recommender.prior import Prior
from storage.cases import Case
from storage.preferences import Preference
from storage.records import Event, Language, Need, Recommendation, Taste, Turn, Understanding
from storage.shop import Shop
from storage.transcripts import Answered, Page, TurnRecord

_EVENTS = 60
_TURNS = 6  # how far back "it" may point


@dataclass(frozen=True, slots=True)
class Before:
    """The talk so far. `answered` is set when this update was answered already; the rest is then empty.

    `page` is what is on the shopper's screen, in order; `focus` the place of the item spoken of last, 0 where none was,
    `together` those spoken of side by side, `question` what was asked last of one of them; `chosen_language` what
    /language set, if anything. `case` is the shopper's open case, `case_ended` when the last one ended; `stumbled` is
    true where the last reply admitted not to have understood. `kept` is what the shopper told the bot to keep in mind,
    `currency` what prices are shown in beside the shop's (storage/shoppers.py).
    """

    turn: Turn
    answered: Answered | None = None
    need: Need = Need()
    page: tuple[Recommendation, ...] = ()
    focus: int = 0
    together: Together = Together()
    question: Understanding | None = None
    events: tuple[Event, ...] = ()
    taste: Taste | None = None
    prior: Prior | None = None
    seen: frozenset[str] = frozenset()
    chosen_language: Language | None = None
    newcomer: bool = False
    case: Case | None = None
    case_ended: datetime | None = None
    stumbled: bool = False
    kept: tuple[Preference, ...] = ()
    currency: str | None = None

    @property
    def in_focus(self) -> Recommendation | None:
        """The card of the item spoken of last, None where there was none."""
        return next((card for card in self.page if card.position == self.focus), None)

    @property
    def spoken(self) -> Language:
        """The language to answer in where nothing was said in words."""
        return self.chosen_language or self.need.language


def recall(shop: Shop, turn: Turn) -> Before:
    """Records the turn (before anything is understood) and reads what it is said into."""
    if answered := shop.transcripts.answered(turn.update_id):
        note_turn(answered.turn.id)
        return Before(answered.turn, answered)
    with shop.atomic():
        newcomer = shop.shoppers.see(turn.user_id, turn.language, turn.said_at)
        begun = shop.transcripts.begin(turn)
        note_turn(begun.id)
        if case := shop.cases.open_of(turn.user_id):
            # Before anything is understood: whoever has the case reads it at once.
            shop.case_talk.heard(case.id, begun.id, turn.said_at)
    ended = None if case else shop.cases.last_closed(turn.user_id)
    need = shop.transcripts.latest_need(turn.user_id) or Need(language=turn.language)
    page = shop.transcripts.latest_page(turn.user_id)
    events = tuple(shop.feedback.events(turn.user_id, _EVENTS))
    since = _since(shop, turn.user_id, page)
    cards = page.recommendations if page else ()
    return Before(
        turn=begun,
        need=need,
        page=cards,
        focus=focus_of(cards, since, events[-1].product_id if events else ""),
        together=together_of(cards, since),
        question=question_of(since),
        events=events,
        taste=current_taste(shop, turn.user_id),
        prior=shared_prior(shop),
        seen=_seen(shop, turn.user_id, need.since),
        chosen_language=shop.shoppers.language(turn.user_id),
        newcomer=bool(newcomer),
        case=case,
        case_ended=ended.closed_at if ended else None,
        stumbled=_stumbled(shop, turn.user_id, ended),
        kept=shop.preferences.of(turn.user_id),
        currency=shop.shoppers.currency(turn.user_id),
    )


def _stumbled(shop: Shop, user_id: int, ended: Case | None) -> bool:
    """What went wrong before a case ended counts no more."""
    latest = shop.transcripts.latest_reply(user_id)
    if latest is None or (ended and ended.closed_at and latest[1] <= ended.closed_at):
        return False
    return stumbled(latest[0])


def _seen(shop: Shop, user_id: int, since: datetime | None) -> frozenset[str]:
    return frozenset(shop.impressions.shown_since(user_id, since)) if since else frozenset()


def _since(shop: Shop, user_id: int, page: Page | None) -> list[TurnRecord]:
    """The last turns since the page; none where there is none."""
    if page is None:
        return []
    return [turn for turn in shop.transcripts.history(user_id, _TURNS) if turn.turn.id > page.turn_id]
