"""Questions about items of the demo shop, asked by hand in both languages: the right sentence, figure or refusal?

    python -m tests.bench.item_questions            # both languages, with the encoder
    python -m tests.bench.item_questions --words    # without it
    python -m tests.bench.item_questions --misses   # and what went wrong

`item_questions.tsv` says what is expected: "s2" the third sentence of the description is quoted, "f:weight" that fact
is told, "yes" or "no", "unsaid" for what the shop does not state. The shipped model reads the questions.
"""

import argparse
import asyncio
import csv
import tempfile
from collections import Counter
from pathlib import Path

from bot.errands.items.questions import answered
from bot.settings import Settings
from bot.wiring import open_house
from storage.records import Context
from storage.segment import Segmenter, base_words

QUESTIONS = Path(__file__).with_suffix(".tsv")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.item_questions", description=__doc__.split("\n\n")[0])
    parser.add_argument("--words", action="store_true", help="without the encoder")
    parser.add_argument("--misses", action="store_true", help="list what went wrong")
    parser.add_argument("--data", type=Path, help="a stocked data folder (default: a new one)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="shopbot-questions-") as folder:
        asyncio.run(_measure(arguments.data or Path(folder), not arguments.words, arguments.misses))


async def _measure(folder: Path, encoder: bool, misses: bool) -> None:
    with QUESTIONS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    house = await open_house(Settings(_env_file=None, data=folder), progress=False)
    products = await house.database.run(lambda shop: shop.catalogue.get([row["product"] for row in rows]))
    segment, vocabulary = Segmenter(base_words()), house.words.current
    search = await house.search.ready()
    for language in ("en", "zh"):
        right, total, wrong = Counter(), Counter(), []
        for row in rows:
            text = row[language]
            said = await house.understander.run(lambda model, text=text: model.understand(text, Context(shown=3)))
            likeness = search.likeness if encoder and language == "en" else None
            answer = answered(said, products[row["product"]], vocabulary, language, segment, likeness)
            kind = "refusal" if row["expected"] == "unsaid" else "answer"
            total[kind] += 1
            if _right(row["expected"], answer):
                right[kind] += 1
            else:
                wrong.append((row["product"], row["expected"], text, answer.kind, answer.quoted, answer.facts))
        print(language, *(f"{kind}: {right[kind]} of {total[kind]}" for kind in ("answer", "refusal")))
        for miss in wrong if misses else ():
            print("  ", *miss)
    await house.close()


def _right(expected: str, answer) -> bool:
    if expected.startswith("s"):
        return answer.kind in ("yes", "quote") and answer.quoted == int(expected[1:])
    if expected.startswith("f:"):
        return answer.kind in ("fact", "yes") and expected[2:] in answer.facts
    return answer.kind == expected


if __name__ == "__main__":
    main()
