"""Batches cut out of one table hold what a message holds, whichever rows lie beside it."""

import numpy as np
import pytest
import torch

from finetune.batches import IGNORED, groups_of, prepare
from finetune.table import DRAWN, Table
from nlu.reading import Reader
from nlu.tokens import UNKNOWN, load_tokenizer
from storage.terms import base_vocabulary
from tests.support.tiny import CHARACTERS, EXAMPLES

LABELS = ("search", "refine", "thanks", "return_refund", "confirm")


@pytest.fixture(scope="module")
def rows():
    return prepare(Reader(load_tokenizer(CHARACTERS), base_vocabulary()), EXAMPLES, LABELS)


@pytest.fixture(scope="module")
def table(rows):
    return Table(rows, len(LABELS), np.random.default_rng(1))


def test_a_batch_holds_each_message_as_it_is_and_nothing_behind_it(rows, table):
    group = [8, 0, 4]
    (batch,) = table.batches([group])
    longest = max(table.longest[row] for row in group)
    for at, row in enumerate(rows[number] for number in group):
        size = len(row.message.encoding.ids)
        for name, wanted in {
            "input_ids": row.message.encoding.ids,
            "token_type_ids": row.message.encoding.type_ids,
            "hints": row.message.hints,
            "attention_mask": [1] * size,
        }.items():
            assert batch.inputs[name][at].tolist() == [*wanted, *[0] * (longest - size)]
        assert batch.tags[at].tolist() == [*row.tags, *[IGNORED] * (longest - size)]
        assert batch.own[at].nonzero().flatten().tolist() == row.message.words.places
    assert batch.intent.tolist() == [LABELS.index(EXAMPLES[number].intent) for number in group]


def test_further_requests_are_marked_and_slots_that_nobody_marked_are_left_out(table):
    (batch,) = table.batches([[9, 7]])
    assert batch.also[0].tolist() == [0, 0, 0, 1, 0]
    assert batch.also[1].sum() == 0
    assert (batch.tags[1] == IGNORED).all()


def test_hints_are_drawn_anew_and_are_silent_now_and_then(table):
    chance = np.random.default_rng(5)
    drawn = [next(table.batches([[0]], chance)).inputs["hints"][0].tolist() for _ in range(20 * DRAWN)]
    assert len({tuple(hints) for hints in drawn}) > 1
    assert any(not any(hints) for hints in drawn)


def test_hidden_words_are_the_messages_own(table):
    torch.manual_seed(2)
    groups = [[8]] * 30
    seen = list(table.batches(groups, hidden=0.5))
    (plain,) = table.batches([[8]])
    changed = torch.stack([batch.inputs["input_ids"][0] != plain.inputs["input_ids"][0] for batch in seen])
    assert changed.any()
    assert not changed[:, ~plain.own[0]].any()
    assert {int(i) for batch in seen for i in batch.inputs["input_ids"][0]} >= {UNKNOWN}


def test_every_row_is_in_one_group(rows):
    groups = groups_of(rows, 4, seed=3)
    assert sorted(row for group in groups for row in group) == list(range(len(rows)))


def test_rows_read_twice_agree(table):
    (batch,) = table.batches([[0, 1]])
    twice = batch.doubled()
    assert torch.equal(twice.inputs["input_ids"][:2], twice.inputs["input_ids"][2:])
    assert torch.equal(twice.own[:2], twice.own[2:])
    assert twice.intent.tolist() == [*batch.intent.tolist()] * 2
