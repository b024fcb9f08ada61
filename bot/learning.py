"""One reaction becomes one row and one step of the shopper's taste, in one transaction.

Runs in the database's thread. The row is unique for each showing and reaction, so a repeated button, a duplicated
update or a replay after a crash changes nothing; a change of mind rebuilds the taste from the log.
"""

from __future__ import annotations

from recommender import bandit
from storage.records import Feedback, Taste
from storage.shop import Shop


def learn(shop: Shop, feedback: Feedback) -> str:
    """Stores the reaction: "new", "same", "replaced", "stranger" (another shopper's card) or "gone"."""
    with shop.atomic():
        impression = shop.impressions.get(feedback.recommendation_id)
        if impression is None or not impression.position:
            # Candidates that were ranked and not shown have numbers too, which a forged button may name.
            return "gone"
        if impression.user_id != feedback.user_id:
            return "stranger"
        state = shop.feedback.add(feedback)
        if state == "new":
            taste = shop.tastes.get(feedback.user_id)
            features = impression.recommendation.features
            shop.tastes.put(bandit.update(taste or bandit.newcomer(feedback.user_id), features, feedback))
        elif state == "replaced":
            held = shop.tastes.get(feedback.user_id)
            shop.tastes.put(rebuilt_taste(shop, feedback.user_id, after=held.version if held else 0))
        return state


def rebuilt_taste(shop: Shop, user_id: int, *, after: int = 0) -> Taste:
    """The taste as the log alone gives it, equal to the live one; its version comes after `after`."""
    return bandit.rebuild(user_id, shop.feedback.of(user_id), after=after)
