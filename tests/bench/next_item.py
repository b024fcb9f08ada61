"""How well the next purchase is foretold from those before it: each part alone, and a blend of all.

    python tests/bench/next_item.py --data-dir DIR [--models DATA/models] [--blocks 3]

DIR holds sessions/Office_Products.{items.json,valid.csv,test.csv} (histories of purchases, rows in the order of time).
Everything is fitted on what precedes: a split is cut into blocks of rows, and each block is foretold by models of all
rows before it and of the histories that its users had before the first split. The blend (a conditional logit, McFadden
1974) is fitted on the valid split alone. Two repeat policies, each for all methods alike: what was bought may come
again, or is left out of every ranking. Prints HitRate@10 and NDCG@10 on the test split with the half-width of their
95 % intervals over users, and the ratio to the best single part. With --models (the encoder, derived by a first
`shopbot search`) the likeness of texts is that of the product, else TF-IDF of titles. Some minutes on one core.
"""

from __future__ import annotations

import argparse
import ast
import csv
import itertools
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse

from nlu.loading import load_encoder
from recommender.item_models import cooccurrence, ease, gram, suggested, text_likeness
from tests.bench.blending import Choice, blend, rank_of

DEPTH, CANDIDATES = 10, 60
SINGLE = ("popular", "recent", "TF-IDF, last three", "co-occurrence", "transitions", "EASE", "EASE + text")
BASIC = SINGLE[:-1]
_RECENT = 400.0  # rows after which a purchase counts half for what is recent


@dataclass(frozen=True)
class Row:
    user: str
    history: tuple[int, ...]
    target: int


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", type=Path, required=True, help="folder with sessions/Office_Products.*")
    parser.add_argument("--models", type=Path, help="folder of the derived encoder: texts by meaning, as the shop does")
    parser.add_argument("--blocks", type=int, default=3, help="times that a split's models are fitted anew")
    asked = parser.parse_args(arguments)
    folder = asked.data_dir / "sessions"
    if not (folder / "Office_Products.items.json").is_file():
        print(f"{folder} has no Office_Products.items.json: --data-dir must name the data folder.", file=sys.stderr)
        return 2
    csv.field_size_limit(10**9)
    valid, test = (rows_of(folder / f"Office_Products.{split}.csv") for split in ("valid", "test"))
    titles = titles_of(folder / "Office_Products.items.json")
    words = tfidf_likeness(titles)
    texts = words if asked.models is None else text_likeness(vectors_of(titles, asked.models))
    world = World(len(titles), words, texts, first_histories((*valid, *test)))
    learned = list(world.foretold([], valid, asked.blocks))
    tried = list(world.foretold(valid, test, asked.blocks))
    for repeats in (True, False):
        report(learned, tried, repeats)
    return 0


def rows_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            Row(row["user_id"], tuple(ast.literal_eval(row["history_item_id"])), int(row["item_id"]))
            for row in csv.DictReader(lines)
        ]


def titles_of(path: Path) -> list[str]:
    items = json.loads(path.read_text(encoding="utf-8"))
    return [items[str(at)]["title"] for at in range(len(items))]


def first_histories(rows: Sequence[Row]) -> dict[str, tuple[int, ...]]:
    """What each user had before her first row of either split: all of it precedes both."""
    first: dict[str, tuple[int, ...]] = {}
    for row in rows:
        first.setdefault(row.user, row.history)
    return first


def tfidf_likeness(titles: Sequence[str]) -> np.ndarray:
    """Cosines of titles under TF-IDF, (n, n)."""
    texts = [Counter(re.findall(r"[a-z0-9]+", title.casefold())) for title in titles]
    words = {word: at for at, word in enumerate(sorted({word for text in texts for word in text}))}
    rows = [at for at, text in enumerate(texts) for _ in text]
    columns = [words[word] for text in texts for word in text]
    counts = [1.0 + np.log(count) for text in texts for count in text.values()]
    matrix = scipy.sparse.csr_array((counts, (rows, columns)), shape=(len(texts), len(words)))
    seen = np.bincount(columns, minlength=len(words))
    matrix = matrix @ scipy.sparse.diags_array(np.log((1 + len(texts)) / (1 + seen)) + 1)
    lengths = np.sqrt((matrix.multiply(matrix)).sum(axis=1))
    matrix = scipy.sparse.diags_array(1 / np.maximum(lengths, 1e-9)) @ matrix
    return (matrix @ matrix.T).toarray().astype(np.float32)


def vectors_of(titles: Sequence[str], models: Path) -> np.ndarray:
    encode = load_encoder(models, threads=1)
    return np.concatenate([encode(titles[at : at + 128]) for at in range(0, len(titles), 128)])


@dataclass(frozen=True)
class World:
    """What does not change with time: the products' texts, and what users had before the first split."""

    size: int
    words: np.ndarray
    texts: np.ndarray
    before: dict[str, tuple[int, ...]]

    def foretold(self, earlier: Sequence[Row], rows: Sequence[Row], blocks: int) -> Iterator[Choice]:
        """Every row with its candidates and what each part says of them, block by block."""
        edges = np.linspace(0, len(rows), blocks + 1).astype(int)
        for begin, end in itertools.pairwise(edges):
            block = rows[begin:end]
            parts = self._parts([*earlier, *rows[:begin]], block)
            yield from self._choices(block, parts)

    def _parts(self, known: Sequence[Row], block: Sequence[Row]) -> dict[str, np.ndarray]:
        histories = self._histories(known)
        asked = [row.history for row in block]
        had = gram(histories, self.size).diagonal()
        recent = np.zeros(self.size)
        for age, row in enumerate(reversed(known)):
            recent[row.target] += 0.5 ** (age / _RECENT)
        onward = scipy.sparse.diags_array(1 / (had + 2)) @ _forward(histories, self.size)
        model = ease(histories, self.size, self.texts)
        found = {
            "popular": np.tile(np.log1p(had), (len(block), 1)),
            "recent": np.tile(np.log1p(recent), (len(block), 1)),
            "TF-IDF, last three": suggested(self.words, asked, fading=1.0, last=3),
            "co-occurrence": suggested(cooccurrence(histories, self.size), asked),
            "transitions": suggested(onward, asked, fading=0.5),
            "EASE": suggested(ease(histories, self.size), asked),
            "EASE + text": suggested(model, asked),
            "EASE + text, newest": suggested(model, asked, fading=0.4),
            "TF-IDF, newest": suggested(self.words, asked, fading=0.5),
            "texts, newest": suggested(self.texts, asked, fading=0.5),
        }
        return {name: _dense(scores) for name, scores in found.items()}

    def _histories(self, known: Sequence[Row]) -> list[tuple[int, ...]]:
        full = {user: list(history) for user, history in self.before.items()}
        for row in known:
            full[row.user].append(row.target)
        return [tuple(history) for history in full.values()]

    def _choices(self, block: Sequence[Row], parts: dict[str, np.ndarray]) -> Iterator[Choice]:
        looked_at = {
            name: np.argpartition(-scores, CANDIDATES, axis=1)[:, :CANDIDATES] for name, scores in parts.items()
        }
        for at, row in enumerate(block):
            candidates = np.unique(np.concatenate([*(best[at] for best in looked_at.values()), row.history]))
            bought = np.isin(candidates, row.history)
            scores = np.column_stack([parts[name][at, candidates] for name in parts])
            alone = {
                name: (rank_of(parts[name][at], row.target), rank_of(_without(parts[name][at], row), row.target))
                for name in SINGLE
            }
            newest = candidates == row.history[-1]
            yield Choice(row.user, candidates, scores, bought, newest, row.target, alone)


def _forward(histories: Sequence[Sequence[int]], size: int) -> scipy.sparse.csr_array:
    """Pairs within three steps in the order of time alone: the first suggests the second."""
    rows, columns, counts = [], [], []
    for history in histories:
        for at, first in enumerate(history):
            for distance, second in enumerate(history[at + 1 : at + 4]):
                if first != second:
                    rows.append(first)
                    columns.append(second)
                    counts.append(0.5**distance)
    return scipy.sparse.csr_array((counts, (rows, columns)), shape=(size, size))


def _dense(scores: object) -> np.ndarray:
    return np.asarray(scores.toarray() if scipy.sparse.issparse(scores) else scores, dtype=np.float32)


def _without(scores: np.ndarray, row: Row) -> np.ndarray:
    scores = scores.astype(np.float64)
    scores[list(row.history)] = -np.inf
    return scores


def report(learned: Sequence[Choice], tried: Sequence[Choice], repeats: bool) -> None:
    print(f"\n{'what was bought may come again' if repeats else 'what was bought is left out'}: {len(tried)} rows")
    print(f"{'method':22}{'HitRate@10':>18}{'NDCG@10':>18}")
    users = [choice.user for choice in tried]
    figures = {}
    for name in SINGLE:
        figures[name] = _printed(name, np.array([choice.alone[name][not repeats] for choice in tried]), users)
    figures["blend"] = _printed("blend", blend(learned, tried, repeats), users)
    for label, names in (("best single part", SINGLE), ("best without text in EASE", BASIC)):
        hit, gain = (max(figures[name][at] for name in names) for at in (0, 1))
        print(f"blend / {label:26} {figures['blend'][0] / hit:.3f}  {figures['blend'][1] / gain:.3f}")


def _printed(name: str, ranks: np.ndarray, users: Sequence[str]) -> tuple[float, float]:
    hits = (ranks < DEPTH).astype(float)
    gains = hits / np.log2(np.where(np.isfinite(ranks), ranks, 0) + 2)
    print(f"{name:22}" + "".join(f"{each.mean():>10.4f} ± {_half_width(each, users):.4f}" for each in (hits, gains)))
    return float(hits.mean()), float(gains.mean())


def _half_width(values: np.ndarray, users: Sequence[str]) -> float:
    """Of the 95 % interval of the mean, a user's rows taken as one draw."""
    _, at = np.unique(users, return_inverse=True)
    sums = np.bincount(at, weights=values - values.mean())
    return float(1.96 * np.sqrt((sums**2).sum()) / len(values))


if __name__ == "__main__":
    sys.exit(main())
