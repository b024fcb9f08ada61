import json

import pytest

from finetune.examples import BadExample, Example
from finetune.material import Wanted, gather
from finetune.portions import draw_each, hold_out

MANY = [Example(f"message {at}", f"label {at % 3}") for at in range(60)]


def write(path, examples):
    rows = [{"text": example.text, "intent": example.intent} for example in examples]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def labels(examples):
    return [example.intent for example in examples]


def test_a_share_of_every_label_is_held_out_by_the_seed():
    train, dev, whole = hold_out(MANY, 0.1, 5)
    assert sorted(labels(dev)) == ["label 0"] * 2 + ["label 1"] * 2 + ["label 2"] * 2
    assert sorted([*train, *dev], key=MANY.index) == MANY
    assert not whole
    assert hold_out(MANY, 0.1, 5)[1] == dev
    assert hold_out(MANY, 0.1, 6)[1] != dev


def test_a_label_of_one_sentence_is_not_parted():
    few = [*MANY, Example("alone", "rare"), Example("Alone", "rare"), Example("a", "pair"), Example("b", "pair")]
    train, dev, whole = hold_out(few, 0.1, 5)
    assert whole == ["rare"]
    assert labels(train).count("rare") == 2
    assert labels(train).count("pair") == labels(dev).count("pair") == 1


def test_the_same_number_of_every_label_is_drawn_by_the_seed():
    drawn = draw_each([*MANY, Example("alone", "rare")], 4, 5)
    assert sorted(set(labels(drawn))) == ["label 0", "label 1", "label 2", "rare"]
    assert len(drawn) == 13
    assert draw_each(MANY, 4, 5) == drawn[:-1] != draw_each(MANY, 4, 6)


def test_files_of_one_name_keep_a_hash_each(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    files = (write(tmp_path / "a" / "x.jsonl", MANY), write(tmp_path / "b" / "x.jsonl", MANY[:30]))
    material = gather(Wanted(files))
    assert material.hashes.keys() == {"a/x.jsonl", "b/x.jsonl"}
    assert len(set(material.hashes.values())) == 2


def test_a_folder_brings_its_development_examples(tmp_path):
    write(tmp_path / "train.jsonl", MANY)
    write(tmp_path / "dev.jsonl", MANY[:5])
    material = gather(Wanted((tmp_path,)))
    assert (len(material.train), len(material.dev)) == (60, 5)
    assert "5 of 5 messages to judge on are also trained on" in material.warnings[0]


def test_messages_outside_may_be_judged_without_being_trained(tmp_path):
    train = write(tmp_path / "train.jsonl", MANY)
    dev = write(tmp_path / "dev.jsonl", [Example("what is love", "elsewhere"), Example("message", "label 1")])
    with pytest.raises(BadExample, match="'elsewhere', which nothing trains"):
        gather(Wanted((train,), (dev,)))
    material = gather(Wanted((train,), (dev,), outside="elsewhere"))
    assert material.labels == ("label 0", "label 1", "label 2")
    assert len(material.dev) == 2
