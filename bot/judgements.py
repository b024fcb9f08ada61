"""What search is judged by: files of judged queries, and what shoppers did with the pages they searched for.

A reaction counts by its reward divided by the chance that its place was looked at (Joachims, Swaminathan and Schnabel,
"Unbiased learning-to-rank with biased feedback", WSDM 2017): what was found far down says more.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.replaying import worth
from nlu.language import language_of
from recommender.attention import Attention
from recommender.bandit import teaches
from recommender.fusion_fitting import JudgedQuery
from recommender.matcher import Matcher
from storage.page_log import LoggedPage
from storage.records import Need

FEWEST_PAGES = 50
Progress = Callable[[Iterable[tuple[str, str]]], Iterable[tuple[str, str]]]


class BadLineError(Exception):
    """A file of queries or judgements cannot be read; the message names the line."""


class TooFewPagesError(Exception):
    """The log is too short to fit search to."""


@dataclass(frozen=True)
class Judgements:
    """Queries by id, and the judgements of each: product -> gain, 0 or more."""

    queries: Mapping[str, str]
    gains: Mapping[str, Mapping[str, float]]

    @property
    def graded(self) -> bool:
        """Whether judgements differ; where all are the same, they name what is relevant, and all else is not."""
        return len({gain for gains in self.gains.values() for gain in gains.values()}) > 1


def read_judgements(queries: Path, judgements: Path) -> Judgements:
    """Of lines id<TAB>text and query<TAB>product<TAB>gain. Raises BadLineError or OSError."""
    texts: dict[str, str] = {}
    for number, (id, text) in _lines(queries, 2):
        if id in texts:
            raise BadLineError(f"{queries}, line {number}: the query {id} is there twice.")
        texts[id] = text
    gains: dict[str, dict[str, float]] = {}
    for number, (query, product, said) in _lines(judgements, 3):
        if query not in texts:
            raise BadLineError(f"{judgements}, line {number}: {queries.name} has no query {query}.")
        gains.setdefault(query, {})[product] = _gain(judgements, number, said)
    return Judgements(texts, gains)


def judged_by_files(matcher: Matcher, told: Judgements, progress: Progress = iter) -> Iterator[JudgedQuery]:
    """Each judged query with its candidates. Grades count 2^(grade - least grade) - 1."""
    graded = told.graded
    least = min((gain for gains in told.gains.values() for gain in gains.values()), default=0.0)
    for id, text in progress([(id, text) for id, text in told.queries.items() if id in told.gains]):
        need, gains = Need(query=text, language=language_of(text)), told.gains[id]
        if graded:
            worths = np.array([2.0 ** (gain - least) - 1.0 for gain in gains.values()])
            yield JudgedQuery(text, matcher.match(need, list(gains)), worths)
        else:
            ids, parts = matcher.found(need)
            yield JudgedQuery(text, parts, np.array([float(found in gains) for found in ids]))


def judged_by_clicks(matcher: Matcher, pages: Iterable[LoggedPage], attention: Attention) -> list[JudgedQuery]:
    """Pages that were searched for by words and got a good reaction. Raises TooFewPagesError below `FEWEST_PAGES`."""
    judged = [(page, gains) for page in pages if page.need.query and any((gains := _earned(page, attention)).values())]
    if len(judged) < FEWEST_PAGES:
        raise TooFewPagesError(
            f"{len(judged)} pages that were searched for by words got a good reaction; {FEWEST_PAGES} are needed."
        )
    return [
        JudgedQuery(matcher.asked(page.need), matcher.match(page.need, list(gains)), np.array(list(gains.values())))
        for page, gains in judged
    ]


def _earned(page: LoggedPage, attention: Attention) -> dict[str, float]:
    """What each card shown was worth, those left out that money or the owner's hand put there."""
    found = {}
    for item in page.candidates:
        if item.position > 0 and teaches(item.features):
            looked = attention.passed_over(item.position, 1)
            reward = max(worth(page.reactions.get(item.id, ()), "reward"), 0.0)
            found[item.product.id] = reward / max(looked, 0.1)
    return found


def _lines(path: Path, fields: int) -> Iterator[tuple[int, list[str]]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise BadLineError(f"{path} is not UTF-8 text: {error}.") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            found = [field.strip() for field in line.split("\t")]
            if len(found) != fields or not all(found):
                shape = "id<TAB>text" if fields == 2 else "query<TAB>product<TAB>gain"
                raise BadLineError(f"{path}, line {number}: expected {shape}.")
            yield number, found


def _gain(path: Path, number: int, said: str) -> float:
    try:
        gain = float(said)
    except ValueError:
        gain = math.nan
    if not 0.0 <= gain <= 20.0:
        raise BadLineError(f"{path}, line {number}: a gain is a number from 0 to 20, not {said!r}.")
    return gain
