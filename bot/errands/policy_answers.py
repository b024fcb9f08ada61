"""What the shop's own pages say, quoted: the sentences as they stand there, under their heading, with the way on.

Nothing is told in the bot's words, so nothing can be promised that the shop did not. Where no passage is likely
enough, the bot says that it does not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.draft import Draft
from bot.errands.policy_questions import ABOUT, found_each, found_for, shared_out, sure
from bot.reply import ErrandAct, Line, Option
from bot.workers import Worker
from recommender.recommender import Recommender
from storage.records import FoundPassage, Intent, Language, Need, Passage, Understanding

NAME = "policy"
UNKNOWN = "policy-unknown"
"""The line that admits it; a person is offered with it (bot/stumbling.py)."""
_WHOLE = 420  # code points of a passage that is quoted whole
_AROUND = 1  # sentences quoted on each side of the one that answers, of a longer one
_NEAR = 0.08  # a passage this likely is worth a button
_PERHAPS = 0.3  # one this likely is better than nothing, where nothing else is to be said


class PolicyAnswers:
    """Looks questions up in the shop's pages."""

    def __init__(self, search: Worker[Recommender]) -> None:
        self._search = search

    async def find(self, text: str, language: Language) -> list[FoundPassage]:
        """The likeliest passages, the best first; where the shop has no pages in the language, those in the other."""
        return await self._search.run(lambda part: found_for(part, text, language, ()))

    async def each(self, text: str, language: Language) -> list[list[FoundPassage]]:
        """The same for each question of a message that may ask several; empty for one that does not."""
        return await self._search.run(lambda part: found_each(part, text, language, ()))

    async def under(self, intent: Intent, said: Understanding, language: Language) -> list[list[FoundPassage]]:
        """What answers a message as one of its requests: for each question that is this one's, else for all of it;
        empty where the other requests' answers leave no question open.
        """
        intents = tuple(each for each in (said.intent, *said.also) if each in ABOUT)
        each = await self._search.run(lambda part: found_each(part, said.text, language, intents))
        own = shared_out(each, intent, intents)
        if len(own) > 1 or (own and len(intents) > 1):
            return own
        if len(intents) > 1 and each and all(map(sure, each)):
            return []
        whole = await self._search.run(lambda part: found_for(part, said.text, language, (intent,)))
        others = {
            a[0].passage.number for other in intents if other is not intent for a in shared_out(each, other, intents)
        }
        return [[found for found in whole if found.passage.number not in others]]


def told(answers: Sequence[Sequence[FoundPassage]], need: Need) -> Draft:
    """The passages that answer, or that none is known; with buttons for what else may be meant."""
    if said := quoted_each(answers, need):
        return said
    found = answers[0] if answers else ()
    near = buttons(found)
    lines = (Line(UNKNOWN), *((Line("policy-nearest"),) if near else ()))
    return Draft(need=need, lines=lines, options=(*near, _ALL) if found else ())


def perhaps(found: Sequence[FoundPassage], need: Need) -> Draft | None:
    """A passage that may well be meant, said to be no more than that; None where none may."""
    if not found or found[0].chance < _PERHAPS:
        return None
    return Draft(need=need, lines=(Line("policy-perhaps"),)).then(quoted(found[0], need, also=found[1:]))


def quoted_each(answers: Sequence[Sequence[FoundPassage]], need: Need) -> Draft | None:
    """What is known for sure of each question; None where nothing is."""
    firsts = [found for found in answers if sure(found)]
    if len(firsts) == 1:
        return quoted(firsts[0][0], need, also=firsts[0][1:])
    draft, ways = Draft(need=need), dict[str, tuple[Option, ...]]()
    for found in firsts:
        passage = found[0].passage
        draft = draft.then(Draft(need=need, lines=quote_of(passage, found[0].sentence, need.language)))
        ways.setdefault(passage.page, _ways(passage)[:1])
    return replace(draft, options=tuple(way for each in ways.values() for way in each)) if firsts else None


def quoted(found: FoundPassage, need: Need, also: Sequence[FoundPassage] = ()) -> Draft:
    """One passage."""
    passage = found.passage
    others = [each for each in also if each.passage.number != passage.number]
    options = (*_ways(passage), *buttons(others))
    return Draft(need=need, lines=quote_of(passage, found.sentence, need.language), options=options)


def quote_of(passage: Passage, sentence: int, language: Language) -> tuple[Line, ...]:
    """Where it stands, and what stands there."""
    other = (Line("policy-other-language"),) if passage.language != language else ()
    where = Line("policy-says", {"title": passage.title, "heading": passage.heading})
    return (*other, where, Line("policy-quote", {"text": excerpt(passage, sentence)}))


def excerpt(passage: Passage, sentence: int) -> str:
    """A short passage whole; of a longer one the sentence that answers, with its neighbours."""
    gap = " " if passage.language == "en" else ""
    whole = gap.join(passage.sentences)
    if len(whole) <= _WHOLE:
        return whole
    first, last = max(sentence - _AROUND, 0), min(sentence + _AROUND, len(passage.sentences) - 1)
    kept = gap.join(passage.sentences[first : last + 1])
    return f"{'… ' if first else ''}{kept}{' …' if last < len(passage.sentences) - 1 else ''}"


def page_lines(passages: Sequence[Passage]) -> tuple[Line, ...]:
    """A page from its title to its end."""
    gap = " " if passages[0].language == "en" else ""
    lines = [Line("policy-page", {"title": passages[0].title})]
    for passage in passages:
        lines.append(Line("policy-heading", {"heading": passage.heading}))
        lines += [Line("policy-quote", {"text": piece}) for piece in _pieces(passage.sentences, gap)]
    return tuple(lines)


def _pieces(sentences: Sequence[str], gap: str, most: int = 800) -> list[str]:
    """Sentences together, in pieces short enough to be placed in a message."""
    pieces = [""]
    for sentence in sentences:
        if pieces[-1] and len(pieces[-1]) + len(sentence) > most:
            pieces.append("")
        pieces[-1] = f"{pieces[-1]}{gap if pieces[-1] else ''}{sentence}"
    return pieces


def _ways(passage: Passage) -> tuple[Option, ...]:
    """On from a passage: its page here, or where the shop has it."""
    whole = Option(Line("policy-whole", {"title": passage.title}), does=ErrandAct(NAME, "page", passage.number), row=1)
    return (whole, Option(Line("policy-open"), url=passage.link, row=1)) if passage.link else (whole,)


def buttons(found: Sequence[FoundPassage]) -> tuple[Option, ...]:
    """A button for each passage that may be meant."""
    return tuple(
        Option(
            Line("policy-also", {"heading": each.passage.heading}),
            does=ErrandAct(NAME, "passage", each.passage.number),
        )
        for each in found
        if each.chance >= _NEAR
    )


_ALL = Option(Line("policy-all"), does=ErrandAct(NAME, "pages"), row=2)
