"""Asking back: what the bot does where it cannot tell which of two things the shopper wants.

A guess that is wrong costs the shopper a page and a correction, a question costs one tap; so the bot asks, but only
where the answer would change what it does, never twice in a row, and never about a greeting. Pure: the numbers come
with the model, the rest is on the screen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.cues import cue
from bot.dialogue import advance
from bot.draft import UNSURE_BELOW, Draft
from bot.recall import Before
from bot.reply import Line, Option
from bot.talk import PAGE_INTENTS, WORDS
from bot.understanding.clarifying import guessed
from bot.understanding.meaning import language_for, meaning, wants_page
from storage.records import DEFAULT_STAGE, Intent, Need, Understanding

ASKED = "meaning"
"""What `Need.asked` says after such a question; by it the transcript and the next turn know."""
OTHER = "other"
"""The key of the button "something else"."""

# Readings this close are a coin toss, whatever was calibrated; beyond it the rules' second guess is no better than any.
_COIN_TOSS = 0.05
_LEAST_LIKELY = 0.1  # what is less likely than that is not worth a button
_AT_EASE = 0.5  # a reading at least this likely is no guess, however strange the message looks
_MOST_OFFERED = 2
# Answered in a word, so a wrong guess costs nothing.
_HARMLESS = frozenset({Intent.GREET, Intent.THANKS, Intent.GOODBYE, Intent.CONFIRM, Intent.DENY, Intent.HELP})
_OF_THE_PAGE = frozenset({Intent.ASK_PRODUCT, Intent.COMPARE, Intent.LIKE, Intent.DISLIKE})
_UNSURE = frozenset({"did-you-mean", "unsure", "unsure-change", "not-my-business", "say-otherwise"})
OFFERED = tuple(intent for intent in Intent if intent not in {*_HARMLESS, Intent.OUT_OF_SCOPE})
"""What can be asked about: each has a label `meant-...` in the Fluent files."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """When to doubt a reading. `margin`: two intents whose probabilities (0..1) lie closer than this may both be
    meant; `outside`: from this probability of out_of_scope on a guess is none of the shop's business (None: never).
    """

    margin: float = _COIN_TOSS
    outside: float | None = None


def doubt_of(understander: object) -> Doubt:
    """The thresholds that were calibrated with a model (nlu.decode.Calibration); the rules have none."""
    calibration: Any = getattr(understander, "calibration", None)
    if calibration is None:
        return Doubt()
    # Other scores than the trained class cannot be told from the three likeliest intents.
    outside = calibration.outside if calibration.outlier == "class" else None
    return Doubt(max(_COIN_TOSS, calibration.margin), outside)


def doubted(said: Understanding, before: Before, doubt: Doubt) -> Draft | None:
    """The question, or what the bot can do where the message is none of its business; None where it may go on."""
    if _outside(said, doubt):
        return Draft(need=_unchanged(said, before), lines=(Line("not-my-business"),))
    offered = readings(said, before, doubt)
    if not offered:
        return None
    options = [Option(Line(meant_label(intent)), meant=str(intent)) for intent in offered]
    options.append(Option(Line(meant_label(OTHER)), meant=OTHER))
    need = replace(_unchanged(said, before), asked=ASKED)
    return Draft(need=need, lines=(Line("did-you-mean"),), options=tuple(options))


def readings(said: Understanding, before: Before, doubt: Doubt) -> tuple[Intent, ...]:
    """The intents to ask about, the likeliest first; empty where the bot is sure, or where it makes no difference."""
    if before.need.asked == ASKED or said.intent in _HARMLESS:
        return ()
    near = tuple(_likely(said, max(said.confidence - doubt.margin, _LEAST_LIKELY)))
    unsure = said.confidence < UNSURE_BELOW or _hardly_a_person(said)
    if unsure and said.intent not in PAGE_INTENTS:
        near = (*near, *(intent for intent in _likely(said, _LEAST_LIKELY) if intent not in near))
    elif len(near) < 2 or _HARMLESS & {*near} or len({_outcome(intent, said, before) for intent in near}) < 2:
        return ()
    return _worth_offering(near, said, before)


def fell_back(said: Understanding, lines: Sequence[Line]) -> bool:
    """Whether a turn was not answered by the model alone: the rules stood in, or the bot asked back or said that it
    did not understand.
    """
    return said.degraded or any(line.code in _UNSURE for line in lines)


def as_meant(said: Understanding, intent: Intent) -> Understanding:
    """The message under the intent that was tapped: certain, with the slots as they were read."""
    return replace(
        said,
        intent=intent,
        confidence=1.0,
        top=((intent, 1.0),),
        stage=DEFAULT_STAGE[intent],
        also=tuple(also for also in said.also if also is not intent),
        model="button",
    )


def meant(key: str) -> Intent | None:
    """The intent of a tapped answer; None for "something else" and for what was never offered."""
    return next((intent for intent in OFFERED if intent == key), None)


def neither(before: Before) -> Draft:
    """The answer to "something else"."""
    return Draft(need=replace(before.need, asked=None), lines=(Line("say-otherwise"),))


def meant_label(key: str) -> str:
    """The code of a tappable answer."""
    return f"meant-{key.replace('_', '-')}"


def _outside(said: Understanding, doubt: Doubt) -> bool:
    if doubt.outside is None or said.intent is Intent.OUT_OF_SCOPE or said.confidence >= _AT_EASE:
        return False
    return dict(said.top).get(Intent.OUT_OF_SCOPE, 0.0) >= doubt.outside


def _hardly_a_person(said: Understanding) -> bool:
    """Whether a person of the shop was guessed to be wanted, and no word says so: the bot would fall silent."""
    return said.intent is Intent.HUMAN and guessed(said) and not cue("person").search(said.text)


def _unchanged(said: Understanding, before: Before) -> Need:
    return replace(before.need, language=language_for(before, said), asked=None)


def _likely(said: Understanding, least: float) -> Iterator[Intent]:
    """The intent and those of `top` with more than the least probability that the message does not ask for anyway."""
    yield said.intent
    for intent, chance in said.top:
        if intent is not said.intent and intent not in said.also and chance > least:
            yield intent


def _worth_offering(intents: tuple[Intent, ...], said: Understanding, before: Before) -> tuple[Intent, ...]:
    """Those that do something on this screen, one for each thing that would be done, as what they would be served."""
    found: dict[object, Intent] = {}
    for intent in intents:
        served = _served(intent, said, before).intent
        if served in OFFERED and _possible(served, said, before):
            found.setdefault(_outcome(intent, said, before), served)
    return tuple(found.values())[:_MOST_OFFERED]


def _possible(intent: Intent, said: Understanding, before: Before) -> bool:
    if intent in _OF_THE_PAGE:
        return bool(before.page)
    if intent is Intent.REFINE:
        return not before.need.empty
    return intent is not Intent.MORE or wants_page(replace(said, intent=intent), before.need)


def _served(intent: Intent, said: Understanding, before: Before) -> Understanding:
    return meaning(as_meant(said, intent), before)


def _outcome(intent: Intent, said: Understanding, before: Before) -> object:
    """What would be done: for a page the wish that it is looked up by, else what is said; equal means the same."""
    served = _served(intent, said, before)
    if served.intent in PAGE_INTENTS:
        return advance(before.need, served), served.intent is Intent.MORE
    if served.intent is Intent.ADD_TO_CART and before.page and served.item_refs:
        return served.intent
    return WORDS.get(served.intent, served.intent)
