"""Several trained understanders as the teachers of one: what they say together of every message that it learns from
(Hinton et al. 2015, arXiv 1503.02531; born-again networks, Furlanello et al. 2018, arXiv 1805.04770).

Their scores are averaged, and so are their scores of one tag after another, which makes the geometric mean of what each
holds for likely, of whole sequences of tags too. Messages are read with the hints that serving would give.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from finetune.crf import expected
from finetune.losses import lawful_on
from finetune.table import LabelledBatch, Table, Taught
from nlu.artifact import Artifact
from nlu.network import JointNetwork

_BATCH = 256
_FIRST = 1


def check_teachers(teachers: Sequence[Artifact], labels: Sequence[str], encoder: str) -> None:
    """ValueError where one reads other labels, or stands on another encoder than the student will."""
    for teacher in teachers:
        if list(teacher.meta["labels"]) != list(labels):
            raise ValueError(f"{teacher.version} cannot teach here: it reads other labels than those of the data.")
        if teacher.meta["encoder"] != encoder:
            raise ValueError(f"{teacher.version} cannot teach here: it belongs to {teacher.meta['encoder']}.")


@torch.no_grad()
def teach(table: Table, teachers: Sequence[JointNetwork], *, corrected: bool = False) -> None:
    """Put what the teachers say of its messages into a table, on the device where all of them are. `corrected`: where
    they read another intent than the label, they say the label.
    """
    by_length = sorted(range(len(table)), key=lambda row: table.longest[row])
    groups = [by_length[at : at + _BATCH] for at in range(0, len(by_length), _BATCH)]
    follows = torch.stack([teacher.heads.follows for teacher in teachers]).mean(0)
    for group, batch in zip(groups, table.batches(groups), strict=True):
        said = _said(teachers, batch, follows)
        table.keep(group, _corrected(said, batch) if corrected else said)


def _said(teachers: Sequence[JointNetwork], batch: LabelledBatch, follows: Tensor) -> Taught:
    intent, also, tags, negated = _mean(teachers, batch)
    own = batch.own[:, _FIRST:]
    chances, pairs = expected(tags[:, _FIRST:], own, follows + lawful_on(follows.device))
    nothing = torch.zeros_like(tags[:, :_FIRST])
    return Taught(intent.softmax(-1), also.sigmoid(), torch.cat([nothing, chances], dim=1), negated.sigmoid(), pairs)


def _corrected(said: Taught, batch: LabelledBatch) -> Taught:
    """Labels written since the teachers learned are not to be unlearned from them."""
    right = (said.intent.argmax(-1) == batch.intent).unsqueeze(-1)
    label = one_hot(batch.intent, said.intent.shape[-1]).to(said.intent.dtype)
    return replace(said, intent=said.intent.where(right, label), also=said.also.where(right, batch.also))


def _mean(teachers: Sequence[JointNetwork], batch: LabelledBatch) -> Iterator[Tensor]:
    outputs = [teacher(**batch.inputs) for teacher in teachers]
    return (torch.stack([output.float() for output in each]).mean(0) for each in zip(*outputs, strict=True))
