"""Write the project's own training data: labelled messages drawn from grammars, and the hand-written challenge set.

    python -m finetune.generate --out finetune/data

writes train, dev and test (drawn from `grammar/`, split by template family; in train also nine of ten messages of
`written/`, the tenth in dev.written) and challenge (compiled from `challenge/`). The same seed and sources give the
same bytes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from random import Random

import click

from finetune.families import Family, read_families, split
from finetune.grammar import Draw, GrammarError, Utterance, write
from finetune.noise import Noise
from finetune.pools import PoolFolder
from finetune.ranges import rising
from finetune.written import LANGUAGES, Example, challenge, folded, held_back, written
from nlu.tags import Span
from storage.records import Context, Intent, Language, SlotName, Vocabulary
from storage.terms import base_vocabulary

DATA = Path(__file__).parent / "data"
SHARES: Mapping[Intent, float] = {
    Intent.SEARCH: 7.0,
    Intent.REFINE: 6.0,
    Intent.ASK_PRODUCT: 3.5,
    Intent.OUT_OF_SCOPE: 3.0,
    Intent.ADD_TO_CART: 2.0,
    Intent.REMOVE_FROM_CART: 1.3,
    Intent.ORDER_STATUS: 1.3,
    Intent.RETURN_REFUND: 1.3,
    Intent.COMPARE: 1.3,
}
"""How much of the data an intent gets, the others 1."""
_DEV_SHARE, _TEST_SHARE, _WRITTEN_DEV_SHARE = 0.05, 0.05, 0.1
_TRIES = 4
_CLEAN = 0.35
_ON_SCREEN = frozenset(
    {Intent.REFINE, Intent.MORE, Intent.ASK_PRODUCT, Intent.COMPARE, Intent.LIKE, Intent.DISLIKE}
    | {Intent.ADD_TO_CART, Intent.REMOVE_FROM_CART, Intent.SAVE}
)
_MERGED = (SlotName.FEATURE, SlotName.OCCASION, SlotName.MATERIAL, SlotName.CATEGORY)


class Taken:
    """The messages said so far. Each may come again on its own side (train, dev): in the other language, or as the
    answer to a question where it was not said bare before.
    """

    def __init__(self, forbidden: frozenset[str]) -> None:
        self._sides = dict.fromkeys(forbidden, "forbidden")
        self._said: set[tuple[str, Language, str | None]] = set()

    def take(self, text: str, language: Language, asked: str | None, side: str) -> bool:
        """Whether the folded text was free; from now on it is not."""
        if self._sides.setdefault(text, side) != side:
            return False
        if {(text, language, asked), (text, language, None)} & self._said:
            return False
        self._said.add((text, language, asked))
        return True


class Writer:
    """Draws the messages of one language."""

    def __init__(self, grammar: Path, language: Language, vocabulary: Vocabulary, seed: int) -> None:
        self.language = language
        self._pools = PoolFolder(grammar / language / "pools", language, vocabulary)
        self._noise = Noise(grammar / language / "noise", language)
        self._families = read_families(grammar / language, language)
        self._categories = frozenset(
            word.casefold() for term in vocabulary.terms if term.slot is SlotName.CATEGORY for word in term.en + term.zh
        )
        self._seed = seed

    def examples(self, size: int, taken: Taken) -> dict[str, list[Example]]:
        """About `size` examples, as train, dev and test, none of them `taken`; those given are taken from now on.

        No message is said twice with different labels: where two intents could claim it, `_CLAIMS` decides.
        """
        weight = sum(SHARES.get(intent, 1.0) for intent in Intent)
        sets: dict[str, list[Example]] = {"train": [], "dev": [], "test": []}
        for intent, families in sorted(self._families.items(), key=lambda pair: _rank(pair[0])):
            quota = round(size * SHARES.get(intent, 1.0) / weight)
            for_train, held = split(families, _DEV_SHARE + _TEST_SHARE)
            for_test, for_dev = split(held, _DEV_SHARE / (_DEV_SHARE + _TEST_SHARE)) if len(held) > 1 else ([], held)
            sizes = {"dev": round(quota * _DEV_SHARE), "test": round(quota * _TEST_SHARE)}
            sets["test"] += self._drawn(for_test, sizes["test"], taken, "test")
            sets["dev"] += self._drawn(for_dev, sizes["dev"], taken, "dev")
            sets["train"] += self._drawn(for_train, quota - sum(sizes.values()), taken, "train")
        return sets

    def _drawn(self, families: list[Family], quota: int, taken: Taken, side: str) -> Iterator[Example]:
        """Rounds over the families until the quota is full or none has anything new to say."""
        rngs = {family.id: Random(f"{self._seed}/{family.id}") for family in families}
        alive = sorted(families, key=lambda family: family.draw_order)
        while quota > 0 and alive:
            still = []
            for family in alive:
                example = self._fresh(family, rngs[family.id], taken, side)
                if example and quota > 0:
                    quota -= 1
                    yield example
                    still.append(family)
            alive = still

    def _fresh(self, family: Family, rng: Random, taken: Taken, side: str) -> Example | None:
        for _ in range(_TRIES):
            subject = family.subject or rng.choice(self._pools.subjects)
            utterance = rising(self._merged(write(family.node, Draw(rng, self._pools, subject))))
            if rng.random() > _CLEAN:
                utterance = self._noise(utterance, family.intent, rng)
            text = folded(utterance.text)
            if text and taken.take(text, self.language, family.asked, side):
                context = _context(family, rng)
                return Example(utterance, family.intent, self.language, family.id, family.also, context)
        return None

    def _merged(self, utterance: Utterance) -> Utterance:
        """One category where a wish beside a thing makes a thing of the vocabulary: "bluetooth" "speaker"."""
        spans: list[Span] = []
        for span in utterance.spans:
            last = spans[-1] if spans else None
            if last and span.name is SlotName.CATEGORY and last.name in _MERGED:
                whole = utterance.text[last.start : span.end].casefold()
                if span.start - last.end <= 1 and whole in self._categories:
                    spans[-1] = Span(SlotName.CATEGORY, last.start, span.end, last.negated or span.negated)
                    continue
            spans.append(span)
        return replace(utterance, spans=tuple(spans))


def _rank(intent: Intent) -> int:
    """Who keeps a message that two could claim: bare answers first, then the guide's rows, what is left is nobody's."""
    return _CLAIMS.index(intent)


_CLAIMS = (
    *(Intent.CONFIRM, Intent.DENY, Intent.GREET, Intent.THANKS, Intent.GOODBYE, Intent.HELP, Intent.HUMAN),
    *(Intent.ORDER_STATUS, Intent.ORDER_CHANGE, Intent.RETURN_REFUND, Intent.SHIPPING, Intent.PAYMENT),
    *(Intent.CHECKOUT, Intent.REMOVE_FROM_CART, Intent.VIEW_CART, Intent.ADD_TO_CART, Intent.VIEW_SAVED),
    *(Intent.SAVE, Intent.COMPARE, Intent.ASK_PRODUCT, Intent.LIKE, Intent.DISLIKE, Intent.MORE),
    *(Intent.REFINE, Intent.SEARCH, Intent.INSPIRE, Intent.OUT_OF_SCOPE),
)


def _context(family: Family, rng: Random) -> Context:
    """What the bot may have asked and shown; half of the messages come without, as in a batch of bare texts."""
    shown = rng.choice((1, 2, 3, 3, 3, 4, 5)) if family.intent in _ON_SCREEN else rng.choice((0, 0, 3))
    if family.asked:
        return Context(family.asked, shown)
    if rng.random() < 0.5:
        return Context()
    if family.intent in (Intent.CONFIRM, Intent.DENY):
        return Context("confirm", shown)
    return Context(rng.choice(("confirm", "budget", "color", "size")) if rng.random() < 0.06 else None, shown)


def write_rows(path: Path, examples: Iterable[Example]) -> int:
    """The examples as JSONL, sorted so that the file changes little when a template does."""
    lines = [json.dumps(example.row(), ensure_ascii=False) for example in examples]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return len(lines)


def generate(out: Path, size: int, seed: int, data: Path = DATA) -> dict[str, list[Example]]:
    """Write train, dev, test and challenge into `out`; about `size` examples a language. Raises GrammarError."""
    hard = challenge(data / "challenge")
    forbidden = {folded(example.utterance.text) for example in hard}
    ours = _once(written(data / "written"), forbidden)
    taken = Taken(frozenset({*forbidden, *(folded(example.utterance.text) for example in ours)}))
    sets: dict[str, list[Example]] = {"train": [], "dev": [], "test": [], "dev.written": [], "challenge": hard}
    sets["train"], sets["dev.written"] = held_back(ours, _WRITTEN_DEV_SHARE)
    for language in LANGUAGES:
        drawn = Writer(data / "grammar", language, base_vocabulary(), seed).examples(size, taken)
        for name, examples in drawn.items():
            sets[name] += examples
    out.mkdir(parents=True, exist_ok=True)
    for name, examples in sets.items():
        write_rows(out / f"{name}.jsonl", examples)
    return sets


def _once(examples: Iterable[Example], forbidden: set[str]) -> list[Example]:
    """Each message once in a context, and none that is judged on."""
    free = (e for e in examples if folded(e.utterance.text) not in forbidden)
    return list({(folded(e.utterance.text), e.language, e.context.asked): e for e in free}.values())


@click.command(help=(__doc__ or "").partition("\n")[0])
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=DATA, show_default=True)
@click.option("--size", type=click.IntRange(500, 1_000_000), default=6000, show_default=True, help="Drawn, a language.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--counts", is_flag=True, help="Print how many examples each intent has.")
def main(out: Path, size: int, seed: int, counts: bool) -> None:
    """The command."""
    try:
        out.mkdir(parents=True, exist_ok=True)  # where that fails it is told before the work, not after it
        sets = generate(out, size, seed)
    except (GrammarError, OSError) as error:
        raise click.ClickException(str(error)) from error
    for name, examples in sets.items():
        families = len({example.source for example in examples})
        click.echo(f"{name}: {len(examples)} examples from {families} families")
    if counts:
        table = Counter((str(e.intent), e.language) for name in ("train", "dev", "test") for e in sets[name])
        for intent in Intent:
            click.echo(f"{intent:18}" + "".join(f"{table[str(intent), language]:7}" for language in LANGUAGES))


if __name__ == "__main__":
    main()
