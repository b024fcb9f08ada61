"""No reply is a dead end: one that offers nothing to do next gets what nearly always helps. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot.draft import Draft
from bot.recall import Before
from bot.reply import Line, Option

_MORE = {"en": "more", "zh": "换一批"}
_COMPARE = {"en": "compare them", "zh": "这几个对比一下"}
_IDEAS = {"en": "surprise me", "zh": "随便推荐点什么"}


def with_next_steps(draft: Draft, before: Before) -> Draft:
    """The draft; where it brings no button, chip, card or attachment of its own, with ways to go on from what is on
    screen, or to begin.
    """
    if draft.silent or draft.toast or draft.options or draft.chips or draft.foot or draft.attachments:
        return draft
    if draft.slate and draft.slate.page:
        return draft
    if not draft.lines:  # nobody serves it, and it has no plain words: to be silent would look like a failure
        draft = replace(draft, lines=(Line("unsure"),))
    language = draft.need.language
    ideas = Option(Line("next-ideas"), text=_IDEAS[language], row=1)
    if not before.page or draft.need.empty:
        return replace(draft, options=(ideas,))
    more = Option(Line("button-more"), text=_MORE[language], row=1)
    compare = Option(Line("next-compare"), text=_COMPARE[language], row=1)
    return replace(draft, options=(more, *((compare,) if len(before.page) > 1 else ()), ideas))
