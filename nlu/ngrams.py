"""What the turns of phrase vote for: a linear reading of n-grams beside the network.

The network generalises; n-grams remember, and err elsewhere. The scores of both are added, which is a product of
experts (Hinton 2002, "Training Products of Experts by Minimizing Contrastive Divergence"). The n-grams are words, runs
of two and three of them, runs of two to five letters, and the words beside what the bot asked and shows; a Chinese
character is a word. `python -m finetune.ngrams` fits the weights.

    ngrams = Ngrams.of(understander)      # None where it has none
    scores = ngrams(message)              # (labels,), to be added to the network's
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nlu.artifact import Artifact, ModelBroken
from nlu.decode import Floats, Logits
from nlu.language import language_of
from nlu.reading import Message
from storage.records import Context

PREFIX = "ngrams."
"""Of the names of its tensors in an artefact."""
LANGUAGES = ("en", "zh")
KINDS = "wlb"
"""The first letter of an n-gram: of words, of letters, of words beside the context."""
_WORD = re.compile(r"[a-z0-9']+|[^\sa-z0-9]")
_LETTERS = (2, 3, 4, 5)


def ngrams_of(folded: str, context: Context) -> frozenset[str]:
    """All n-grams of a folded text. The first letter says the kind (KINDS)."""
    words = _WORD.findall(folded)
    runs = [*words, *map(" ".join, pairwise(words))]
    threes = map(" ".join, zip(words, words[1:], words[2:], strict=False))
    beside = f"b {'shown' if context.shown > 0 else 'none'} {context.asked or ''}"
    found = {beside, *(f"{beside} {run}" for run in runs), *(f"w {run}" for run in (*runs, *threes))}
    for word in folded.split():
        framed = f" {word} "
        for width in _LETTERS:
            found.update(f"l {framed[at : at + width]}" for at in range(len(framed) - width + 1))
    return frozenset(found)


class Ngrams:
    """Scores of intents by n-grams. Those of each kind that are known are a vector of length 1."""

    def __init__(
        self,
        terms: Sequence[str],
        weights: NDArray[np.int8],
        scale: float,
        bias: Floats,
        shares: tuple[float, ...] = (1.0, 1.0),
    ) -> None:
        """`weights` are (terms, labels) in steps of `scale`, `bias` (labels,). `shares` say by how much they count
        beside the network in each of LANGUAGES: the less it knows of one, the more.
        """
        self.terms, self.weights, self.scale, self.bias, self.shares = tuple(terms), weights, scale, bias, shares
        self._places = {term: place for place, term in enumerate(self.terms)}
        self._kinds = np.array([KINDS.index(term[0]) for term in self.terms], dtype=np.intp)

    @classmethod
    def of(cls, artifact: Artifact) -> Ngrams | None:
        """Those of an artefact; None where it has none. ModelBroken where they vote for other labels than it reads."""
        held = {n.removeprefix(PREFIX): t for n, t in artifact.tensors.items() if n.startswith(PREFIX)}
        if not held:
            return None
        terms = held["terms"].tobytes().decode().split("\n")
        if held["weights"].shape != (len(terms), len(artifact.meta["labels"])):
            raise ModelBroken(f"The n-grams of {artifact.version} vote for other labels than its own; fit them anew.")
        shares = tuple(held["shares"].astype(float).tolist())
        return cls(terms, held["weights"], float(held["scale"][0]), held["bias"].astype(np.float32), shares)

    def tensors(self) -> Mapping[str, NDArray[np.generic]]:
        """What an artefact holds of it."""
        return {
            f"{PREFIX}terms": np.frombuffer("\n".join(self.terms).encode(), dtype=np.uint8),
            f"{PREFIX}weights": self.weights,
            f"{PREFIX}scale": np.array([self.scale], dtype=np.float32),
            f"{PREFIX}bias": self.bias.astype(np.float32),
            f"{PREFIX}shares": np.array(self.shares, dtype=np.float32),
        }

    def __call__(self, message: Message) -> Floats:
        """(labels,) what a message's n-grams add to the network's scores; the bias alone where none is known."""
        scores: Floats = self.votes(message) * np.float32(self.shares[LANGUAGES.index(language_of(message.folded))])
        return scores

    def votes(self, message: Message) -> Floats:
        """The same before it is weighed against the network."""
        known = map(self._places.get, ngrams_of(message.folded, message.context))
        places = [place for place in known if place is not None]
        if not places:
            return self.bias
        counting = values(self._kinds[places]) * np.float32(self.scale)
        scores: Floats = counting @ self.weights[places].astype(np.float32) + self.bias
        return scores


def values(kinds: NDArray[np.intp]) -> Floats:
    """What each n-gram of a message counts, by their kinds: those of a kind make up a vector of length 1."""
    counts = np.bincount(kinds, minlength=len(KINDS)).astype(np.float32)
    found: Floats = np.reciprocal(np.sqrt(counts[kinds]))
    return found


def voted(ngrams: Ngrams | None, messages: Sequence[Message], logits: Sequence[Logits]) -> list[Logits]:
    """The network's numbers with the votes of the n-grams added to those of the intents."""
    if ngrams is None:
        return list(logits)
    return [replace(each, intent=each.intent + ngrams(message)) for message, each in zip(messages, logits, strict=True)]
