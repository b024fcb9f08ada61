"""What a tapped button hangs on, and what it makes of the wish. Runs in the database's thread where it reads.

Old messages stay tappable for months, and anybody can send any number: whose card it was is looked up each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot import dialogue
from bot.learning import learn
from bot.recall import Before
from bot.reply import Action, Learned, Press
from bot.reply_json import load_reply
from bot.spoken import spoken_language
from bot.understanding.clarifying import answered
from bot.understanding.doubt import ASKED
from storage.records import Feedback, Need, Reaction, Recommendation, Understanding
from storage.shop import Shop

_OF_A_TURN = (Action.MORE, Action.DROP, Action.MEANT, Action.ANSWER)


@dataclass(frozen=True, slots=True)
class Target:
    """What a button hangs on: a showing, or a turn with the need it left, what it `said` where that was doubted, and
    the `answer` that the button gives to its question.
    """

    need: Need
    pick: Recommendation | None = None
    said: Understanding | None = None
    answer: str = ""


def target_of(shop: Shop, press: Press) -> Target | Learned:
    """Finds what was tapped; a Learned with state "gone" or "stranger" where it is not this shopper's."""
    language = shop.shoppers.language(press.user_id) or press.telegram_language
    if press.action in _OF_A_TURN:
        owner = shop.transcripts.owner(press.target)
        turn_id, pick = press.target, None
    else:
        impression = shop.impressions.get(press.target)
        owner = impression.user_id if impression and impression.position else None
        turn_id, pick = (impression.turn_id, impression.recommendation) if impression else (0, None)
    if owner is None:
        return Learned("gone", language)
    if owner != press.user_id:
        return Learned("stranger", language)
    need = shop.transcripts.need(turn_id) or Need()
    if press.action is Action.ANSWER:
        answer = _answer(shop, turn_id, press.argument)
        return Target(need, answer=answer) if answer else Learned("gone", language)
    if press.action is not Action.MEANT:
        return Target(need, pick)
    asked = shop.transcripts.get(turn_id) if need.asked == ASKED else None
    return Target(need, said=asked.understanding) if asked else Learned("gone", language)


def changed(target: Target, press: Press, before: Before) -> Need:
    """The need that the button stands for, from the one that its page was made for."""
    pick = target.pick
    match press.action:
        case Action.MORE_LIKE if pick:
            return dialogue.like_product(target.need, pick.product.id, before.turn.said_at)
        case Action.CHEAPER if pick:
            return dialogue.cheaper_than(target.need, pick.product.price, pick.product.currency)
        case Action.ANSWER:
            return answered(target.need, target.answer)
        case Action.DROP:
            return dialogue.drop(target.need, press.argument)
        case _:
            return target.need


def _answer(shop: Shop, turn_id: int, place: str) -> str:
    """The answer at a place among the options of a turn; empty where there is none."""
    turn = shop.transcripts.get(turn_id)
    options = load_reply(turn_id, turn.reply_json, ()).options if turn and turn.reply_json else ()
    return options[int(place)].answer if place.isdecimal() and int(place) < len(options) else ""


def press_learn(shop: Shop, press: Press, at: datetime) -> Learned:
    """Learns from a like or dislike; the answer is in the shopper's language."""
    state = learn(shop, Feedback(press.target, press.user_id, Reaction(press.action.value), at))
    return Learned(state, spoken_language(shop, press.user_id, press.telegram_language))
