"""What is shown and what is pressed becomes rows and one step of the shopper's taste, each in one transaction.

Runs in the database's thread. A reaction's row is unique for each showing and reaction, so a repeated button, a
duplicated update or a replay after a crash changes nothing. A page teaches from the moment it is shown (a little: see
`recommender/attention.py`); a reaction, at once or weeks later, revises what its page has taught. A taste that was
kept up under another prior, or is missing, is built again from the log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.health import figures
from bot.upkeep.beliefs import shared_prior
from recommender import bandit
from recommender.prior import Prior
from storage.records import Feedback, Need, Recommendation, Slate, Taste, Understanding
from storage.shop import Shop


def finish_turn(
    shop: Shop,
    turn_id: int,
    *,
    understanding: Understanding | None,
    need: Need,
    slate: Slate | None,
    reply: str,
    timings: Mapping[str, float],
    versions: Mapping[str, str],
    degraded: bool,
    fallback: bool = False,
    cleared: bool = False,
    also: Callable[[Shop], None] | None = None,
) -> tuple[Recommendation, ...]:
    """`Transcripts.finish`, what its page teaches, and what it does `also`, in one commit. A turn answered before
    teaches nothing more.
    """
    with shop.atomic():
        stored = shop.transcripts.finish(
            turn_id,
            understanding=understanding,
            need=need,
            slate=slate,
            reply=reply,
            timings=timings,
            versions=versions,
            degraded=degraded,
            fallback=fallback,
            cleared=cleared,
        )
        if also:
            also(shop)
        page = shop.seen.page(turn_id) if slate and slate.page else None
        owner = shop.transcripts.owner(turn_id)
        if page is not None and owner is not None:
            _taught(
                shop,
                owner,
                page.number - 1,
                lambda held, shared: bandit.shown(held, page, shared) if held.pages < page.number else held,
            )
    return stored


def learn(shop: Shop, feedback: Feedback) -> str:
    """Stores the reaction: "new", "same", "replaced", "stranger" (another shopper's card) or "gone"."""
    state = _learned(shop, feedback)
    if state in ("new", "replaced"):
        figures.FEEDBACK.labels(rating=feedback.reaction.value).inc()
    return state


def _learned(shop: Shop, feedback: Feedback) -> str:
    with shop.atomic():
        impression = shop.impressions.get(feedback.recommendation_id)
        if impression is None or not impression.position:
            # Candidates that were ranked and not shown have numbers too, which a forged button may name.
            return "gone"
        if impression.user_id != feedback.user_id:
            return "stranger"
        before = shop.seen.page(impression.turn_id)
        state = shop.feedback.add(feedback)
        after = shop.seen.page(impression.turn_id)
        if state != "same" and before is not None and after is not None:
            _taught(
                shop,
                feedback.user_id,
                before.number,
                lambda held, shared: bandit.revised(held, before, after, shared),
            )
        return state


def _taught(shop: Shop, user_id: int, pages: int, step: Callable[[Taste, Prior], Taste]) -> None:
    """Takes a taste one step on where it knows so many pages under the prior in use; else the log gives it anew."""
    shared, held = shared_prior(shop), shop.tastes.get(user_id)
    known = held is not None and held.prior == shared.version and held.pages >= pages
    shop.tastes.put(step(held, shared) if held is not None and known else rebuilt_taste(shop, user_id))


def current_taste(shop: Shop, user_id: int) -> Taste | None:
    """The taste to rank by, under the prior in use; None for who has seen no page yet. Writes nothing."""
    held = shop.tastes.get(user_id)
    if held is not None and held.prior == shared_prior(shop).version:
        return held
    return rebuilt_taste(shop, user_id) if held is not None or shop.seen.events(user_id) else None


def rebuilt_taste(shop: Shop, user_id: int) -> Taste:
    """The taste as the log alone gives it, equal to the live one but for rounding."""
    return bandit.rebuild(user_id, shop.seen.of(user_id), shared_prior(shop), version=shop.seen.events(user_id))
