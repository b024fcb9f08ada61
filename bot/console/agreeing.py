"""Router: how far reviewers agree, and the messages they read differently."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from bot.console.kappa import by_word, kappa
from bot.console.messages import message
from bot.console.visit import Visit, visiting
from storage.console.opinions import Pair
from storage.console.staff import Role

router = APIRouter()
_LISTED = 50
DISCARDED = "discard"


@router.get("/review/agreement")
def agreement(visit: Annotated[Visit, Depends(visiting(Role.VIEWER))]) -> Response:
    """Cohen's kappa, by intent too, and the disagreements that are open."""
    opinions = visit.desk.store.opinions
    pairs = opinions.pairs()
    words = intents_of(pairs)
    listed = []
    for pair in opinions.open()[:_LISTED]:
        said = message(visit.desk.shop, pair.turn_id)
        if said:
            listed.append((pair, visit.masked(said.text, said.conversation_id)))
    return visit.page(
        "agreement.html", all=kappa(words), by_intent=by_word(words), slots=slots_alike(pairs), open_pairs=listed
    )


def intents_of(pairs: Sequence[Pair]) -> list[tuple[str, str]]:
    """The first intent that each said, "discard" for none."""
    return [(pair.first.reading.intent or DISCARDED, pair.second.reading.intent or DISCARDED) for pair in pairs]


def slots_alike(pairs: Sequence[Pair]) -> float | None:
    """Of the slots that either marked in a message, the share (0..1) that both marked alike; None without any."""
    either = alike = 0
    for pair in pairs:
        first, second = {*pair.first.reading.slots}, {*pair.second.reading.slots}
        either += len(first | second)
        alike += len(first & second)
    return alike / either if either else None
