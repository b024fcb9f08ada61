"""Whether an understander fits this program and works at all, before anybody measures how well.

Each thing that does not fit is a ModelBroken with one sentence: other base weights, another encoder, labels or tags
that are not the shop's, weights that are no numbers, answers that no bot could use.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nlu.artifact import Artifact, ModelBroken, check_pair
from nlu.base import BASE_SHA256, file_hash
from nlu.joint import JointUnderstander
from nlu.tags import TAGS
from storage.records import Context, Intent, Understanding

SMOKE: tuple[tuple[str, Context], ...] = (
    ("a red dress under $60, not polyester", Context()),
    ("200元以内的蓝牙耳机", Context()),
    ("has order 48213 shipped?", Context()),
    ("我想退货", Context()),
    ("add the second one", Context(shown=3)),
    ("谢谢", Context(shown=3)),
    ("yes", Context("confirm", 3)),
    ("", Context()),
    ("👍", Context(shown=1)),
    ("dress 连衣裙 " * 80, Context("color", 9)),
)
"""Messages of either language, usual and odd, that every understander must survive."""


def check_suited(understander: Artifact, encoder: Artifact) -> None:
    """Whether the bot can serve this understander on this encoder. Raises ModelBroken."""
    meta, name = understander.meta, understander.version
    base = str(meta["base"].get("sha256"))
    if base != BASE_SHA256:
        raise ModelBroken(
            f"{name} was trained on base weights {base[:8]}, and the program's are {BASE_SHA256[:8]}; retrain it."
        )
    check_pair(understander, encoder, "retrain it")
    if foreign := [str(label) for label in meta["labels"] if label not in list(Intent)]:
        raise ModelBroken(f"{name} reads intents that the shop does not know ({_some(foreign)}); map them and retrain.")
    if meta["tags"] != list(TAGS):
        other = sorted(set(map(str, meta["tags"])) ^ set(TAGS)) or ["their order"]
        raise ModelBroken(f"{name} was trained on other slots than the shop's ({_some(other)}); retrain it.")
    if bad := [tensor for tensor, values in understander.tensors.items() if not np.isfinite(values).all()]:
        raise ModelBroken(f"{name} holds weights that are no numbers ({_some(bad)}); retrain it.")


def check_unseen(understander: Artifact, frozen: Sequence[Path]) -> None:
    """ModelBroken where the understander was trained with a test file, so that its figures there say nothing."""
    seen = set(_texts(understander.meta["data"]))
    for path in frozen:
        if path.name.startswith("test") and file_hash(path) in seen:
            raise ModelBroken(f"{understander.version} was trained with {path.name}, the file that is to judge it.")


def check_answers(understander: JointUnderstander) -> None:
    """ModelBroken where it fails on a message, answers nonsense, or reads everything the same."""
    try:
        read = [understander.understand(text, context) for text, context in SMOKE]
    except Exception as error:  # whatever a network does to the decoder, the bot must not meet it
        raise ModelBroken(f"{understander.version} fails on a plain message ({error!r}); retrain it.") from error
    if not all(_sound(one) for one in read):
        raise ModelBroken(f"{understander.version} answers with numbers that are none; retrain it.")
    if len({one.intent for one in read if len(one.text) > 1}) == 1:
        raise ModelBroken(f"{understander.version} reads every message as {read[0].intent}; retrain it.")


def _sound(read: Understanding) -> bool:
    inside = all(0 <= slot.start < slot.end <= len(read.text) for slot in read.slots)
    return inside and 0 <= read.confidence <= 1


def _texts(data: Any) -> Iterator[str]:
    """Every text in a value of JSON."""
    if isinstance(data, Mapping):
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from _texts(value)
    elif isinstance(data, str):
        yield data


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
