"""How well questions about the shop's own pages find their passage, and what is said to those that have none.

    python -m tests.bench.policies                 figures of the shipped weights, and of weights fitted on others
    python -m tests.bench.policies --fit           prints `recommender/passage_weights.tsv` anew
    python -m tests.bench.policies --misses        the questions that went wrong

The questions (`tests/bench/policy_questions.tsv`) were written by hand about the demo shop's pages before anything was
fitted; a third of each language has no answer there. A row's answers are places ("returns#window"), any of them right.
What the shipped understander takes a question for says which pages it may be about. "Unseen" is measured in two halves:
weights and threshold from one, figures from the other.
"""

import argparse
import csv
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.optimize

from bot.errands.policy_questions import ABOUT
from bot.wiring import derive_models
from nlu.loading import load_encoder, load_understander
from recommender.index import open_index
from recommender.passages import FEATURES, NOTHING, PassageFinder, PassageWeights, chances_of, passage_weights
from storage.policy_pages import read_pages
from storage.shop import Shop
from storage.terms import base_vocabulary

QUESTIONS = Path(__file__).parent / "policy_questions.tsv"
DEMO = Path("storage/demo/policies")
SHRINKAGE = 0.0002
WRONG = 2.0
"""What a wrong passage costs, where not answering an answerable question costs 1: the shopper reads it for nothing."""


@dataclass(frozen=True)
class Asked:
    """A question with who competes for it, (n, features), and which of them are right, (n,)."""

    text: str
    places: list[str]
    features: np.ndarray
    right: np.ndarray
    answerable: bool


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.bench.policies", description=__doc__.split("\n\n")[0])
    parser.add_argument("--fit", action="store_true", help="print weights fitted on all questions")
    parser.add_argument("--misses", action="store_true", help="list what went wrong unseen")
    parser.add_argument("--models", type=Path, default=Path("data/models"), help="folder of derived models")
    arguments = parser.parse_args()
    derive_models(arguments.models)
    encode = load_encoder(arguments.models, threads=1)
    understander = load_understander(arguments.models, base_vocabulary(), threads=1)
    with tempfile.TemporaryDirectory(prefix="shopbot-bench-") as scratch:
        asked = _asked(Path(scratch), encode, understander)
    if arguments.fit:
        _print_fit(asked)
        return
    print(
        "| language, weights | questions | right passage first | answered | of these right | unanswerable left alone |"
    )
    print("|---|---|---|---|---|---|")
    for language, rows in asked.items():
        shipped = passage_weights()[language]
        print(_row(f"{language}, shipped", [(row, shipped) for row in rows]))
        halves = rows[::2], rows[1::2]
        unseen = [(row, w) for part, w in zip(halves, map(fitted, reversed(halves)), strict=True) for row in part]
        print(_row(f"{language}, unseen", unseen))
        if arguments.misses:
            _print_misses(unseen)


def fitted(rows):
    """Weights and threshold for these questions."""

    def loss(w):
        missed = 0.0
        for row in rows:
            scores = np.append(row.features @ w[:-1], w[-1])
            right = np.append(row.right, not row.right.any())
            missed -= np.logaddexp.reduce(scores[right]) - np.logaddexp.reduce(scores)
        return missed / len(rows) + SHRINKAGE * float(w[:-1] @ w[:-1])

    found = scipy.optimize.minimize(loss, np.full(len(FEATURES) + 1, 3.0), method="L-BFGS-B").x
    bare = PassageWeights(found[:-1], float(found[-1]), 0.0)
    cuts = np.linspace(0.1, 0.9, 81)
    return PassageWeights(bare.features, bare.none, float(min(cuts, key=lambda cut: (_cost(rows, bare, cut), cut))))


def _cost(rows, weights, cut):
    cost = 0.0
    for row in rows:
        chance, right, _ = _best(row, weights)
        cost += (0.0 if right else WRONG) if chance >= cut else float(row.answerable)
    return cost


def _best(row, weights):
    chances = chances_of(row.features, weights)
    at = int(np.argmax(chances))
    return float(chances[at]), bool(row.right[at]), row.places[at]


def _asked(folder, encode, understander):
    shop = Shop.open(folder)
    shop.policies.replace(read_pages(DEMO)[0], demo=True)
    index = open_index(folder / "index", shop.policies, shop.policies, encode, encode.version)
    finder = PassageFinder(shop.policies, index, encode, encode.version)
    index.settle()
    with QUESTIONS.open(encoding="utf-8", newline="") as lines:
        table = list(csv.DictReader(lines, delimiter="\t"))
    found = {"en": [], "zh": []}
    for row, vector in zip(table, encode([row["question"] for row in table]), strict=True):
        pages = finder.pages()
        about = ABOUT.get(understander.understand(row["question"]).intent, NOTHING)
        competing = finder.competing(pages, row["question"], vector, row["language"], about)
        places = [f"{pages.passages[n].page}#{pages.passages[n].anchor}" for n in competing.numbers]
        answers = set(filter(None, (row["answers"] or "").split("|")))
        right = np.array([place in answers for place in places], dtype=bool)
        found[row["language"]].append(Asked(row["question"], places, competing.features, right, bool(answers)))
    index.close()
    shop.close()
    return found


def _row(name, pairs):
    best = [(row, weights, *_best(row, weights)) for row, weights in pairs]
    first = sum(right for row, _, _, right, _ in best if row.answerable)
    answerable = sum(row.answerable for row, _ in pairs)
    answered = [right for _, weights, chance, right, _ in best if chance >= weights.threshold]
    alone = sum(chance < weights.threshold for row, weights, chance, _, _ in best if not row.answerable)
    return (
        f"| {name} | {len(pairs)} | {first} of {answerable} ({first / answerable:.2f}) | {len(answered)}"
        f" | {sum(answered)} ({sum(answered) / len(answered):.2f})"
        f" | {alone} of {len(pairs) - answerable} ({alone / (len(pairs) - answerable):.2f}) |"
    )


def _print_misses(pairs):
    for row, weights in pairs:
        chance, right, place = _best(row, weights)
        if (chance >= weights.threshold) != row.answerable or (row.answerable and not right):
            print(f"    {chance:.2f} {place:<22} {'right' if right else 'wrong'}  {row.text}")


def _print_fit(asked):
    print("\t".join(["language", *FEATURES, "none", "threshold"]))
    for language, rows in asked.items():
        found = fitted(rows)
        print(
            "\t".join([language, *(f"{w:.2f}" for w in found.features), f"{found.none:.2f}", f"{found.threshold:.2f}"])
        )


if __name__ == "__main__":
    main()
