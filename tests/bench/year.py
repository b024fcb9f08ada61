"""A synthetic year of a busy shop, written straight into SQLite: 200,000 conversations, 1.5 million turns.

    python -m tests.bench.year --data /tmp/year            (some minutes, about 6 GB)
    python -m tests.bench.year --data /tmp/small --conversations 2000 --turns 15000

What lists and pages work with is as a live shop leaves it: English and Chinese messages with their readings, needs,
replies, timings and versions in their usual lengths, the figures of each conversation, the words of the talk, one
conversation of 2,000 turns, pages of cards with twenty more candidates in a tenth of the turns, thumbs, tags and
reviewed conversations. The texts are drawn from a pool with a long tail, so there are common words and rare ones.
"""

import argparse
import itertools
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage import instants
from storage.console.database import ConsoleStore
from storage.conversations import intent_bits, language_bit
from storage.demo.catalogue import demo_products
from storage.shop import Shop
from storage.turn_words import number_of
from tests.bench.year_pool import Message, Page, messages, pages

LONG = 2_000
_END = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)
_EPOCH = _END - timedelta(days=366)
_MODELS = [f"understander-2026-{month:02}" for month in range(1, 12)]
_BATCH = 20_000


@dataclass(slots=True)
class Talk:
    """A conversation under way."""

    id: int
    user_id: int
    began: datetime
    length: int
    language: str
    first: int = 0
    last: int = 0
    ended: datetime | None = None
    intents: int = 0
    lowest: float = 1.0
    ups: int = 0
    downs: int = 0
    fallbacks: int = 0
    degraded: int = 0
    models: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Rows:
    """What waits to be written."""

    turns: list[tuple] = field(default_factory=list)
    words: list[tuple] = field(default_factory=list)
    impressions: list[tuple] = field(default_factory=list)
    feedback: list[tuple] = field(default_factory=list)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.year", description=__doc__.split("\n\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="a new data folder to fill")
    parser.add_argument("--conversations", type=int, default=200_000, help="default 200,000")
    parser.add_argument("--turns", type=int, default=1_500_000, help="default 1,500,000")
    arguments = parser.parse_args()
    if (arguments.data / "shop.db").exists():
        parser.error(f"{arguments.data} holds a shop already: name a new folder")
    began = time.perf_counter()
    make_year(arguments.data, arguments.conversations, arguments.turns)
    print(f"made in {time.perf_counter() - began:.0f} s")
    for path in sorted(arguments.data.glob("*.db")):
        print(f"  {path.name:<12} {path.stat().st_size / 1e6:9,.0f} MB")
    return 0


def make_year(folder: Path, conversations: int, turns: int) -> None:
    """Fill a new folder. The same numbers give the same year."""
    draw = random.Random(2026)
    shop = Shop.open(folder)
    products = list(demo_products(_END))
    shop.catalogue.upsert(products)
    shop.db.execute("PRAGMA synchronous = OFF")
    with shop.atomic():
        shop.db.conn.executemany(
            "INSERT INTO understanders (number, name) VALUES (?, ?)", list(enumerate([*_MODELS, "rules-7"], start=1))
        )
    pool = {language: messages(draw, language) for language in ("en", "zh")}
    shown = {language: pages(draw, products, language) for language in ("en", "zh")}
    talks = _talks(draw, conversations, turns)
    # A row refers to what comes later in the same batch; checked as a whole at the end.
    shop.db.execute("PRAGMA foreign_keys = OFF")
    _write(shop, _turns(draw, talks, pool, shown))
    _finish(shop, talks)
    shop.close()
    _review(folder, draw, conversations)


def _talks(draw: random.Random, conversations: int, turns: int) -> list[Talk]:
    """Beginnings over a year, more of them late; lengths with a long tail that sum up to `turns`."""
    starts = sorted(_END - timedelta(days=365 * draw.random() ** 1.3) for _ in range(conversations))
    lengths = [1 + int(draw.expovariate(1 / 6.2)) for _ in range(conversations)]
    if turns >= 2 * LONG:
        lengths[-conversations // 50] = LONG
    at = itertools.cycle(range(conversations))
    for place in itertools.islice(at, abs(missing := turns - sum(lengths))):
        lengths[place] = max(1, lengths[place] + (1 if missing > 0 else -1)) if lengths[place] != LONG else LONG
    shoppers = max(1, conversations // 4)
    return [
        Talk(
            number,
            100_000 + int(shoppers * draw.random() ** 1.5),
            start,
            length,
            "zh" if draw.random() < 0.4 else "en",
        )
        for number, (start, length) in enumerate(zip(starts, lengths, strict=True), start=1)
    ]


def _turns(draw: random.Random, talks: list[Talk], pool: dict, shown: dict) -> Iterator[Rows]:
    """Batches of rows, turn by turn in the order they were said: talks run beside each other, as they do."""
    rows, impression_id = Rows(), 0
    weights = {lang: list(itertools.accumulate(1 / (at + 20) for at in range(len(pool[lang])))) for lang in pool}
    for turn_id, (second, place) in enumerate(_moments(draw, talks), start=1):
        talk, said = talks[place], _EPOCH + timedelta(seconds=second)
        model = min(len(_MODELS) - 1, max(0, 10 - (_END - talk.began).days // 33))
        (message,) = draw.choices(pool[talk.language], cum_weights=weights[talk.language])
        page = draw.choice(shown[talk.language]) if draw.random() < 0.1 else None
        talk.first, talk.last, talk.ended = talk.first or turn_id, turn_id, said
        _turn(draw, rows, talk, turn_id, said, message, page, model)
        if page:
            impression_id = _page(draw, rows, talk, turn_id, impression_id, said, page)
        if len(rows.turns) >= _BATCH:
            yield rows
            rows = Rows()
    yield rows


def _moments(draw: random.Random, talks: list[Talk]) -> list[tuple[float, int]]:
    """(seconds of the year, place of the talk) of every turn, in their order."""
    found = []
    for place, talk in enumerate(talks):
        second = (talk.began - _EPOCH).total_seconds()
        for _ in range(talk.length):
            found.append((second, place))
            second += 15 + draw.expovariate(1 / 40)
    return sorted(found)


def _turn(
    draw: random.Random,
    rows: Rows,
    talk: Talk,
    turn_id: int,
    said: datetime,
    message: Message,
    page: Page | None,
    model: int,
) -> None:
    degraded, fallback = draw.random() < 0.004, message.unsure or draw.random() < 0.01
    talk.fallbacks, talk.degraded = talk.fallbacks + fallback, talk.degraded + degraded
    talk.intents |= intent_bits((message.intent,))
    talk.lowest = min(talk.lowest, message.confidence)
    talk.models.add(len(_MODELS) + 1 if degraded else model + 1)
    at, answered = instants.to_text(said), instants.to_text(said + timedelta(milliseconds=80))
    rows.turns.append(
        (turn_id, turn_id, talk.user_id, talk.user_id, message.text, at, talk.language, "text", answered,
         message.understanding.replace("MODEL", _MODELS[model]), message.need, page and page.slate, message.reply,
         message.timings, message.versions.replace("MODEL", _MODELS[model]),
         int(degraded), len(page.titles) if page else 0, talk.id, int(fallback))
    )  # fmt: skip
    if message.words:
        rows.words.append((number_of(talk.id, turn_id), message.words))
    if page:
        rows.words.append((number_of(talk.id, turn_id, shown=True), page.words))


def _page(draw: random.Random, rows: Rows, talk: Talk, turn_id: int, last: int, said: datetime, page: Page) -> int:
    at = instants.to_text(said)
    for place, candidate in enumerate(page.candidates, start=1):
        position = place if place <= len(page.titles) else 0
        rows.impressions.append((last + place, turn_id, talk.user_id, *candidate[:1], position, *candidate[1:], at))
    if draw.random() < 0.15:
        liked = draw.random() < 0.6
        talk.ups, talk.downs = talk.ups + liked, talk.downs + (not liked)
        rows.feedback.append((last + 1, talk.user_id, "like" if liked else "dislike", at))
    return last + len(page.candidates)


def _write(shop: Shop, batches: Iterator[Rows]) -> None:
    marks = {n: ", ".join("?" * n) for n in (2, 4, 13, 19)}
    for batch in batches:
        with shop.atomic():
            run = shop.db.conn.executemany
            run(
                """INSERT INTO turns (id, update_id, user_id, chat_id, text, said_at, language, source, answered_at,
                understanding, need, slate, reply, timings, versions, degraded, shown, conversation_id, fallback)
                VALUES (""" + marks[19] + ")",
                batch.turns,
            )  # fmt: skip
            run(
                """INSERT INTO impressions (id, turn_id, user_id, product_id, position, score, features, parts,
                reasons, propensity, price, currency, shown_at) VALUES (""" + marks[13] + ")",
                batch.impressions,
            )  # fmt: skip
            for table in ("feedback", "feedback_events"):
                run(f"INSERT INTO {table} (impression_id, user_id, reaction, at) VALUES ({marks[4]})", batch.feedback)
            run("INSERT INTO turn_text (rowid, words) VALUES (?, ?)", batch.words)
        shop.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _finish(shop: Shop, talks: list[Talk]) -> None:
    with shop.atomic():
        shop.db.conn.executemany(
            f"INSERT INTO conversations VALUES ({', '.join('?' * 16)})",
            [
                (talk.id, talk.user_id, talk.first, talk.last, instants.to_text(talk.began),
                 instants.to_text(talk.ended or talk.began), talk.length, language_bit(talk.language), talk.intents,
                 talk.lowest, talk.ups, talk.downs, talk.fallbacks, talk.degraded, int(talk.id % 400 == 0),
                 "".join(f"|{number}|" for number in sorted(talk.models)))
                for talk in talks
            ],
        )  # fmt: skip
        shop.db.execute(
            """INSERT INTO shoppers (user_id, first_seen, last_seen)
            SELECT user_id, min(began_at), max(ended_at) FROM conversations GROUP BY user_id"""
        )


def _review(folder: Path, draw: random.Random, conversations: int) -> None:
    """A twelfth of the conversations reviewed, some tagged."""
    store = ConsoleStore.open(folder)
    at = instants.to_text(_END)
    with store.db.atomic():
        store.db.conn.executemany(
            "INSERT INTO reviewed_conversations (conversation_id, labelled, last_at) VALUES (?, ?, ?)",
            [(number, 1 + number % 5, at) for number in range(1, conversations + 1) if draw.random() < 0.08],
        )
        store.db.conn.executemany(
            "INSERT INTO tags (conversation_id, tag, turn_id, by, at) VALUES (?, ?, 0, 'ana', ?)",
            [
                (number, tag, at)
                for number in range(1, conversations + 1)
                for tag, share in (("price", 0.03), ("sizes", 0.02), ("vip", 0.0005))
                if draw.random() < share
            ],
        )
    store.close()


if __name__ == "__main__":
    sys.exit(main())
