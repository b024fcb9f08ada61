"""What the assistant must know before it answers, read in one trip to the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.beliefs import shared_prior
from bot.learning import current_taste
from bot.talk import focus_of
from recommender.prior import Prior
from storage.records import Event, Language, Need, Recommendation, Taste, Turn
from storage.shop import Shop
from storage.transcripts import Answered, Page

_EVENTS = 60
_TURNS = 6  # how far back "it" may point


@dataclass(frozen=True, slots=True)
class Before:
    """The talk so far. `answered` is set when this update was answered already; the rest is then empty.

    `page` is what is on the shopper's screen, in order; `focus` the place of the item spoken of last, 0 where none
    was; `chosen_language` what /language set, if anything.
    """

    turn: Turn
    answered: Answered | None = None
    need: Need = Need()
    page: tuple[Recommendation, ...] = ()
    focus: int = 0
    events: tuple[Event, ...] = ()
    taste: Taste | None = None
    prior: Prior | None = None
    seen: frozenset[str] = frozenset()
    chosen_language: Language | None = None
    newcomer: bool = False


def recall(shop: Shop, turn: Turn) -> Before:
    """Records the turn (before anything is understood) and reads what it is said into."""
    if answered := shop.transcripts.answered(turn.update_id):
        return Before(answered.turn, answered)
    with shop.atomic():
        newcomer = shop.shoppers.see(turn.user_id, turn.language, turn.said_at)
        begun = shop.transcripts.begin(turn)
    need = shop.transcripts.latest_need(turn.user_id) or Need(language=turn.language)
    page = shop.transcripts.latest_page(turn.user_id)
    events = tuple(shop.feedback.events(turn.user_id, _EVENTS))
    return Before(
        turn=begun,
        need=need,
        page=page.recommendations if page else (),
        focus=_focus(shop, turn.user_id, page, events),
        events=events,
        taste=current_taste(shop, turn.user_id),
        prior=shared_prior(shop),
        seen=_seen(shop, turn.user_id, need.since),
        chosen_language=shop.shoppers.language(turn.user_id),
        newcomer=bool(newcomer),
    )


def _seen(shop: Shop, user_id: int, since: datetime | None) -> frozenset[str]:
    return frozenset(shop.impressions.shown_since(user_id, since)) if since else frozenset()


def _focus(shop: Shop, user_id: int, page: Page | None, events: tuple[Event, ...]) -> int:
    if page is None or not page.recommendations:
        return 0
    turns = [turn for turn in shop.transcripts.history(user_id, _TURNS) if turn.turn.id > page.turn_id]
    return focus_of(page.recommendations, turns, events[-1].product_id if events else "")
