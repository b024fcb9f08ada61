"""How well questions about the shop's own pages find their passage, and what is said to those that have none.

    python -m tests.bench.policies                 figures of the shipped weights, and of weights fitted on others
    python -m tests.bench.policies --fit           prints `recommender/passage_weights.tsv` anew
    python -m tests.bench.policies --misses        the questions that went wrong
    python -m tests.bench.policies --pairs         two questions in one message, as they are served

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
from types import SimpleNamespace

import numpy as np
import scipy.optimize

from bot.errands.policy_questions import ABOUT, found_each, found_for, shared_out, sure
from bot.models import derive_models
from nlu.loading import load_encoder, load_understander
from recommender.index import open_index
from recommender.passages import FEATURES, NOTHING, PassageFinder, PassageWeights, chances_of, passage_weights
from storage.policy_pages import read_pages
from storage.shop import Shop
from storage.terms import base_vocabulary

QUESTIONS = Path(__file__).parent / "policy_questions.tsv"
PAIRS = Path(__file__).parent / "policy_pairs.tsv"
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
    parser.add_argument("--pairs", action="store_true", help="two questions in one message, as they are served")
    arguments = parser.parse_args()
    derive_models(arguments.models)
    encode = load_encoder(arguments.models, threads=1)
    understander = load_understander(arguments.models, base_vocabulary(), threads=1)
    with tempfile.TemporaryDirectory(prefix="shopbot-bench-") as scratch:
        if arguments.pairs:
            _print_pairs(Path(scratch), encode, understander, arguments.misses)
            return
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
    finder, table = _finder(folder, encode), _table(QUESTIONS)
    found = {"en": [], "zh": []}
    for row, vector in zip(table, encode([row["question"] for row in table]), strict=True):
        pages = finder.pages()
        about = ABOUT.get(understander.understand(row["question"]).intent, NOTHING)
        competing = finder.competing(pages, row["question"], vector, row["language"], about)
        places = [f"{pages.passages[n].page}#{pages.passages[n].anchor}" for n in competing.numbers]
        answers = set(filter(None, (row["answers"] or "").split("|")))
        right = np.array([place in answers for place in places], dtype=bool)
        found[row["language"]].append(Asked(row["question"], places, competing.features, right, bool(answers)))
    return found


def _finder(folder, encode):
    """Over the demo shop's pages; what it holds open ends with the process."""
    shop = Shop.open(folder)
    shop.policies.replace(read_pages(DEMO)[0], demo=True)
    index = open_index(folder / "index", shop.policies, shop.policies, encode, encode.version)
    finder = PassageFinder(shop.policies, index, encode, encode.version)
    index.settle()
    return finder


def _table(path):
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def _print_pairs(folder, encode, understander, misses):
    """Of pairs: how many of both passages are quoted; of single questions: whether the right one is, and how often a
    second one beside it.
    """
    finder = _finder(folder, encode)
    part = SimpleNamespace(passages=finder)
    print("| language, messages | n | all answers quoted | one of them | quotes that answer nothing asked |")
    print("|---|---|---|---|---|")
    for name, path in (("pairs", PAIRS), ("single questions", QUESTIONS)):
        for language in ("en", "zh"):
            rows = [row for row in _table(path) if row["language"] == language]
            told = [(row, _served(part, understander.understand(row["question"]), language)) for row in rows]
            right = [(set(filter(None, (row["answers"] or "").split("|"))), set(places)) for row, places in told]
            whole = sum(_enough(name, wanted, places) for wanted, places in right)
            some = sum(bool(wanted & places) for wanted, places in right)
            print(
                f"| {language}, {name} | {len(rows)} | {whole} | {some} | {sum(len(p - w) for w, p in right)} |",
            )
            for row, places in told if misses else ():
                print("    ", row["question"], places, row["answers"] or "-")


def _enough(name, wanted, places):
    return wanted <= places if name == "pairs" else bool(wanted & places) or not (wanted or places)


def _served(part, said, language):
    """Where the passages stand that a message is answered with."""
    intents = tuple(intent for intent in (said.intent, *said.also) if intent in ABOUT)
    each = found_each(part, said.text, language, intents)
    found = [one for intent in intents for one in shared_out(each, intent, intents)] if len(each) > 1 else []
    whole = [] if len(found) > 1 else [found_for(part, said.text, language, intents)]
    return [f"{one[0].passage.page}#{one[0].passage.anchor}" for one in (found + whole)[:3] if sure(one)]


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
