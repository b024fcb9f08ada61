"""What of personal data is found, and how often something is taken for it that is none.

    python -m tests.bench.redaction             recall by language and kind, false positives
    python -m tests.bench.redaction --misses    the cases that were missed, too

The cases (tests/bot/privacy/cases_*.tsv) were written by hand, with the spans marked as {kind|text}; a span is found
where every sign of it that is no blank is. The finders were tuned on these cases; the forty a language of unseen_*.tsv
were written afterwards, and nothing was changed for them; bare_*.tsv holds
names and handles that nothing announces. False positives are counted over messages without anything
personal, over the labelled examples of finetune/data without an order's number, and over the demo catalogue's titles.
"""

import argparse
import json
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bot.privacy.finding import find_personal
from bot.rates import wilson
from storage.demo.catalogue import demo_products

CASES = Path(__file__).parent.parent / "bot" / "privacy"
EXAMPLES = Path(__file__).parent.parent.parent / "finetune" / "data"
_MARKED = re.compile(r"\{(\w+)\|([^}]*)\}")


@dataclass(frozen=True)
class Case:
    """A message and what is personal in it: (kind, start, end)."""

    text: str
    spans: tuple[tuple[str, int, int], ...]


def cases(language, group="cases"):
    lines = (CASES / f"{group}_{language}.tsv").read_text(encoding="utf-8").splitlines()
    return [case(line) for line in lines if line.strip()]


def case(marked):
    text, spans, at = "", [], 0
    for match in _MARKED.finditer(marked):
        text += marked[at : match.start()]
        spans.append((match[1], len(text), len(text) + len(match[2])))
        text += match[2]
        at = match.end()
    return Case(text + marked[at:], tuple(spans))


def clean(language):
    return (CASES / f"clean_{language}.txt").read_text(encoding="utf-8").splitlines()


def is_found(text, start, end):
    found = find_personal(text)
    return all(any(f.start <= at < f.end for f in found) for at in range(start, end) if not text[at].isspace())


def recall(language, group="cases"):
    """[(kind, found, case text, span text)] of every marked span."""
    return [
        (kind, is_found(case.text, start, end), case.text, case.text[start:end])
        for case in cases(language, group)
        for kind, start, end in case.spans
    ]


def labelled():
    """Labelled examples without an order's number, which is personal."""
    for name in sorted(EXAMPLES.glob("*.jsonl")):
        for line in name.read_text(encoding="utf-8").splitlines():
            example = json.loads(line)
            if not any(slot["name"] == "order_id" for slot in example.get("slots", [])):
                yield example["text"]


def titles():
    return [title for product in demo_products() for title in (product.title, product.title_zh) if title]


def over_masked(language):
    """Signs found beside the marked ones, of all signs that are not marked: a lead such as "ship to" taken along."""
    beside = signs = 0
    for case in cases(language):
        marked = {at for _, start, end in case.spans for at in range(start, end)}
        found = {at for f in find_personal(case.text) for at in range(f.start, f.end)}
        beside, signs = beside + len(found - marked), signs + len(case.text) - len(marked)
    return beside, signs


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.redaction", description=__doc__.split("\n\n")[0])
    parser.add_argument("--misses", action="store_true", help="print what was missed and what was found wrongly")
    arguments = parser.parse_args()
    for language in ("en", "zh"):
        outcomes = recall(language)
        print(f"\n{language}: {len(cases(language))} cases, {len(outcomes)} spans")
        kinds = Counter(kind for kind, *_ in outcomes)
        for kind in [*sorted(kinds), "all"]:
            hits = [found for of, found, *_ in outcomes if kind in (of, "all")]
            rate = wilson(sum(hits), len(hits))
            print(f"  {kind:8} {sum(hits):4} of {len(hits):4}  {rate.value:6.1%}  [{rate.low:.1%}, {rate.high:.1%}]")
        unseen = [found for _, found, *_ in recall(language, "unseen")]
        rate = wilson(sum(unseen), len(unseen))
        print(f"  unseen   {sum(unseen):4} of {len(unseen):4}  {rate.value:6.1%}  [{rate.low:.1%}, {rate.high:.1%}]")
        bare = [found for _, found, *_ in recall(language, "bare")]
        rate = wilson(sum(bare), len(bare))
        print(f"  bare     {sum(bare):4} of {len(bare):4}  {rate.value:6.1%}  [{rate.low:.1%}, {rate.high:.1%}]")
        beside, signs = over_masked(language)
        print(f"  signs masked beside the marked ones: {beside} of {signs} ({beside / signs:.2%})")
        if arguments.misses:
            print(*(f"    missed {span!r} in {text!r}" for _, found, text, span in outcomes if not found), sep="\n")
    print("\ntaken for personal, and is not")
    sources = {"written, en": clean("en"), "written, zh": clean("zh"), "labelled": list(labelled()), "titles": titles()}
    for name, texts in sources.items():
        wrong = [text for text in texts if find_personal(text)]
        rate = wilson(len(wrong), len(texts))
        print(f"  {name:12} {len(wrong):4} of {len(texts):6}  {rate.value:7.3%}  [{rate.low:.3%}, {rate.high:.3%}]")
        if arguments.misses:
            for text in wrong[:40]:
                print(f"    {text!r}: {[text[f.start : f.end] for f in find_personal(text)]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
