"""A network learns from others what no label says."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from finetune.batches import prepare
from finetune.config import TrainConfig
from finetune.crf import crf_likeness, crf_loss, expected, log_partition
from finetune.table import Table
from finetune.teaching import check_teachers, teach
from finetune.trainer import Trainer
from nlu.artifact import Artifact
from nlu.decode import Calibration
from nlu.reading import Reader
from nlu.tokens import load_tokenizer
from storage.terms import base_vocabulary
from tests.support.tiny import BY_HEART, CHARACTERS, EXAMPLES, tiny_bert, trained_tiny

pytestmark = pytest.mark.long


def scored():
    torch.manual_seed(4)
    mask = torch.tensor([[True, True, True], [True, True, False]])
    return torch.randn(2, 3, 4), mask, torch.randn(4, 4)


def test_chances_of_tags_add_up_to_one_and_pairs_to_the_steps():
    scores, mask, follows = scored()
    chances, pairs = expected(scores, mask, follows)
    torch.testing.assert_close(chances.sum(-1), mask.float())
    torch.testing.assert_close(pairs.sum((1, 2)), torch.tensor([2.0, 1.0]))


def test_a_teacher_that_is_certain_teaches_what_a_label_does():
    _, mask, _ = scored()
    tags = torch.tensor([[1, 0, 2], [3, 3, 0]])
    certain = torch.nn.functional.one_hot(tags, 4).float() * 100 * mask.unsqueeze(2)
    chances, pairs = expected(certain, mask, torch.zeros(4, 4))
    student = torch.randn(2, 3, 4), torch.randn(4, 4)
    taught = crf_likeness(student[0], mask, student[1], chances, pairs)
    torch.testing.assert_close(taught, crf_loss(student[0], tags, mask, student[1]), atol=1e-4, rtol=1e-4)


def test_the_teachers_own_scores_cost_least():
    scores, mask, follows = scored()
    chances, pairs = expected(scores, mask, follows)
    own = crf_likeness(scores, mask, follows, chances, pairs)
    assert all(crf_likeness(scores + 0.3 * torch.randn(2, 3, 4), mask, follows, chances, pairs) > own for _ in range(9))
    assert torch.isfinite(log_partition(scores, mask, follows)).all()


@pytest.fixture(scope="module")
def teacher():
    return trained_tiny(**BY_HEART)


def test_what_nobody_labelled_is_learned_from_a_teacher(teacher):
    """Every intent of the student's lesson is wrong, and it has no slots; its teacher knows better."""
    lesson = [replace(example, intent="thanks", spans=None, also=()) for example in EXAMPLES]
    reader = Reader(load_tokenizer(CHARACTERS), base_vocabulary())
    config = TrainConfig(**BY_HEART | {"teaching": 1.0, "label_smoothing": 0.0, "joined": 0.0})
    student = Trainer(tiny_bert(), reader, teacher.labels, config, teachers=[teacher.network])
    student.train(lesson, [], quiet=True)
    _, figures = student.judge(EXAMPLES)
    assert figures["accuracy"] == 1
    assert figures["slot_f1"] > 0.9


def test_a_corrected_teacher_says_the_label_where_it_read_another_intent(teacher):
    wrong = [replace(EXAMPLES[0], intent="thanks", also=()), *EXAMPLES[1:]]
    rows = prepare(teacher.reader, wrong, teacher.labels)
    table = Table(rows, len(teacher.labels), np.random.default_rng(0))
    teach(table, [teacher.network.eval()], corrected=True)
    (batch,) = table.batches([range(len(rows))])
    assert batch.taught.intent[0].argmax() == teacher.labels.index("thanks") and batch.taught.intent[0].max() == 1
    assert (batch.taught.intent[1:].max(-1).values < 1).any()  # the others speak for themselves


def test_what_teachers_say_of_a_message_is_the_same_in_any_batch(teacher):
    rows = prepare(teacher.reader, EXAMPLES, teacher.labels)
    table = Table(rows, len(teacher.labels), np.random.default_rng(0))
    teach(table, [teacher.network, teacher.network])
    alone, beside = (next(table.batches([group])).taught for group in ([0], [0, 8, 9]))
    assert alone is not None
    assert beside is not None
    torch.testing.assert_close(alone.intent[0], beside.intent[0])
    torch.testing.assert_close(alone.tags[0], beside.tags[0, : alone.tags.shape[1]])
    assert alone.intent[0].argmax() == rows[0].intent
    assert alone.tags[0, 1:-1].argmax(-1).tolist() == rows[0].tags[1:-1]


def test_a_teacher_of_other_labels_or_another_encoder_is_refused(teacher):
    artifact = teacher.artifact("encoder-0", {}, Calibration(), {})
    check_teachers([artifact], teacher.labels, "encoder-0")
    with pytest.raises(ValueError, match="other labels"):
        check_teachers([artifact], ("yes", "no"), "encoder-0")
    with pytest.raises(ValueError, match="belongs to encoder-0"):
        check_teachers([Artifact(artifact.meta, artifact.tensors)], teacher.labels, "encoder-1")
