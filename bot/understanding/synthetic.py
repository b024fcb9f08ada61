"""The Understanding of a tapped button: certain, wordless, marked as such."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.reply import Action
from storage.records import DEFAULT_STAGE, Intent, Language, Understanding

BUTTON_INTENT: Mapping[Action, Intent] = MappingProxyType(
    {
        Action.MORE: Intent.MORE,
        Action.MORE_LIKE: Intent.SEARCH,
        Action.LESS_LIKE: Intent.MORE,
        Action.CHEAPER: Intent.REFINE,
        Action.DROP: Intent.REFINE,
        Action.ANSWER: Intent.REFINE,
        Action.WHY: Intent.ASK_PRODUCT,
        Action.HUMAN: Intent.HUMAN,
        Action.GO_ON: Intent.HELP,
    }
)


def synthetic(intent: Intent, language: Language, model: str = "button") -> Understanding:
    """What a button or a command means, as the transcript keeps it."""
    return Understanding(
        text="",
        language=language,
        intent=intent,
        confidence=1.0,
        top=((intent, 1.0),),
        stage=DEFAULT_STAGE[intent],
        model=model,
    )
