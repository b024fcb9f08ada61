"""Does the talk change? A week of it beside the talk that the training set was drawn from.

    report = watch(data); report["flagged"]

Intents and confidence, as they were read then and now, and the share of words that the training data does not know. The
earlier talk is that of the newest training set (28 days before its export), or the 28 days before the week where there
is none: labels are no sample of the talk, the talk they were chosen from is. The report is kept in
DATA/learning/drift.json for the page.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from bot.drift.measures import Counts, Shift, rise, shift
from bot.drift.words import trained_words, words_of
from bot.labels.training_set import WINDOW, versions
from bot.learn.record import FOLDER
from nlu.whole import write_whole
from storage import instants
from storage.records import Intent
from storage.said import Noted, Said
from storage.shop import FILE_NAME, Shop

FILE = "drift.json"
WEEK = timedelta(days=7)
MOST = 20_000
"""Messages that are looked at of each time; more are drawn by conversation."""
FEWEST, FEWEST_SHOPPERS = 200, 20
_BINS = tuple(f"{low / 10:.1f}-{(low + 1) / 10:.1f}" for low in range(10))
_NEW_WORDS, _SHOPPERS_OF_A_WORD, _TIMES = 20, 3, 3.0


class DriftError(Exception):
    """There is nothing to watch; one sentence says why."""


def watch(data: Path) -> dict[str, Any]:
    """The report, which is kept. Raises DriftError, OSError or a `storage.database.DatabaseError`."""
    if not (data / FILE_NAME).is_file():
        raise DriftError(f"There is no shop database in {data}.")
    shop = Shop.open(data, readonly=True)
    try:
        said = Said(shop.db)
        until = said.last()
        if until is None:
            raise DriftError("Nobody has said anything yet.")
        recent, earlier, source = _times(data, until)
        after, before = (said.between(*time, MOST) for time in (recent, earlier))
    finally:
        shop.close()
    report = {
        "at": instants.to_text(instants.now()),
        "recent": _described(recent, after),
        "earlier": _described(earlier, before) | {"of": source},
        **_judged(before, after, lambda: trained_words(data)),
    }
    write_whole(data / FOLDER / FILE, json.dumps(report, ensure_ascii=False, indent=1).encode() + b"\n")
    return report


def kept(data: Path) -> dict[str, Any] | None:
    """The last report; None where there is none."""
    with suppress(OSError, ValueError):
        found = json.loads((data / FOLDER / FILE).read_text(encoding="utf-8"))
        return found if isinstance(found, dict) and "state" in found else None
    return None


Time = tuple[datetime, datetime]


def _times(data: Path, until: datetime) -> tuple[Time, Time, str]:
    """The week up to the newest message, the talk of the training set before it, and which set that is."""
    begin = until - WEEK
    recent = (begin, until + timedelta(microseconds=1))
    newest = next(iter(versions(data)), None)
    if newest is not None:
        talk = newest.manifest["talk"]
        since, to = instants.from_text(talk["from"]), min(instants.from_text(talk["to"]), begin)
        if to - since >= WEEK:
            return recent, (since, to), newest.version
    return recent, (begin - WINDOW, begin), ""


def _judged(before: list[Noted], after: list[Noted], known: Callable[[], frozenset[str]]) -> dict[str, Any]:
    if min(len(before), len(after)) < FEWEST or min(map(_shoppers, (before, after))) < FEWEST_SHOPPERS:
        return {"state": "too-little", "flagged": [], "measures": {}, "new_words": []}
    trained = known()
    found = {
        "intents": shift(_intents(before), _intents(after), [str(intent) for intent in Intent]),
        "confidence": shift(_confidence(before), _confidence(after), _BINS),
        "vocabulary": rise(_unknown(before, trained), _unknown(after, trained), "unknown"),
    }
    flagged = [name for name, measure in found.items() if measure.flagged]
    return {
        "state": "drift" if flagged else "quiet",
        "flagged": flagged,
        "measures": {name: _plain(measure) for name, measure in found.items()},
        "new_words": _new_words(before, after, trained),
    }


def _plain(measure: Shift) -> dict[str, Any]:
    return json.loads(json.dumps(asdict(measure)))  # type: ignore[no-any-return]


def _described(time: Time, part: Sequence[Noted]) -> dict[str, Any]:
    begin, end = map(instants.to_text, time)
    return {"from": begin, "to": end, "messages": len(part), "shoppers": _shoppers(part)}


def _shoppers(part: Sequence[Noted]) -> int:
    return len({each.user_id for each in part})


def _intents(part: Sequence[Noted]) -> Counts:
    order = {str(intent): at for at, intent in enumerate(Intent)}
    return _counted(part, len(order), lambda each: [order[each.intent]] if each.intent in order else [])


def _confidence(part: Sequence[Noted]) -> Counts:
    return _counted(part, len(_BINS), lambda each: [min(len(_BINS) - 1, int(each.confidence * len(_BINS)))])


def _unknown(part: Sequence[Noted], known: frozenset[str]) -> Counts:
    return _counted(part, 2, lambda each: [int(word not in known) for word in words_of(each.text)])


def _counted(part: Sequence[Noted], size: int, kinds: Callable[[Noted], list[int]]) -> Counts:
    rows: dict[int, Counts] = {}
    for each in part:
        row = rows.setdefault(each.user_id, np.zeros(size))
        for kind in kinds(each):
            row[kind] += 1
    return np.array(list(rows.values()))


def _new_words(before: Sequence[Noted], after: Sequence[Noted], known: frozenset[str]) -> list[dict[str, Any]]:
    """Words that training never saw and that several shoppers use now, more often than before."""
    users, earlier = defaultdict(set), Counter[str]()
    count = Counter[str]()
    for each in after:
        for word in set(words_of(each.text)) - known:
            users[word].add(each.user_id)
            count[word] += 1
    for each in before:
        earlier.update(set(words_of(each.text)) - known)
    found = [
        word
        for word in count
        if len(users[word]) >= _SHOPPERS_OF_A_WORD and count[word] / len(after) >= _TIMES * earlier[word] / len(before)
    ]
    found.sort(key=lambda word: (-len(users[word]), -count[word], word))
    return [{"word": word, "messages": count[word], "shoppers": len(users[word])} for word in found[:_NEW_WORDS]]
