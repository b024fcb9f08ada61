"""What corrections are learned among: all intents, in their proportions, and the shop's own messages in their share."""

import json
from collections import Counter

import pytest
from click.testing import CliRunner

from finetune.examples import Example, read_examples
from finetune.mix import contrasting, drawn, main, mixed, plain
from nlu.tags import Span
from storage.records import Context, SlotName
from tests.support.adapters import ROWS, write_rows

SHIPPED = [Example(f"message {n}", ("search", "refine", "thanks")[n % 3], ("en", "zh")[n % 2]) for n in range(300)]
SHIPPED += [Example("help", "help")]
OWN = [Example("price match", "payment"), Example("差价", "return_refund", "zh")]


def test_a_draw_holds_every_intent_in_its_proportion_and_is_the_same_again():
    found = drawn(SHIPPED, 60, seed=3)
    count = Counter(example.intent for example in found)
    assert count["help"] == 1
    assert abs(count["search"] - count["thanks"]) <= 2
    assert 57 <= len(found) <= 64
    assert found == drawn(SHIPPED, 60, seed=3) != drawn(SHIPPED, 60, seed=4)
    assert drawn(SHIPPED, 10_000, seed=3) == SHIPPED


@pytest.mark.parametrize(("share", "times"), [(0.0, 1), (0.02, 3), (0.2, 6), (0.9, 6)])
def test_the_shops_own_messages_come_as_often_as_gives_them_their_share(share, times):
    rows, found = mixed(OWN, SHIPPED, share, seed=3)
    assert found == times
    assert len(rows) == len(SHIPPED) + times * len(OWN)


def test_many_messages_of_the_shop_come_once():
    assert mixed(SHIPPED, OWN, 0.2, seed=3)[1] == 1


@pytest.mark.parametrize(
    ("text", "language", "near"),
    [("you lowered the price after I paid", "en", "how do I pay the price"), ("买完就降价了", "zh", "降价了怎么付")],
)
def test_beside_a_correction_stands_what_merely_looks_like_it(text, language, near):
    shipped = [
        Example(near, "payment", language),
        Example("vvv", "payment", language),
        Example(near, "search", language),
    ]
    shipped += [Example(near, "payment", "en" if language == "zh" else "zh")]
    shipped += [Example(f"zzz {n}", "payment", language) for n in range(8)]
    corrected = Example(text, "return_refund", language)
    found = contrasting([(corrected, "payment"), (corrected, "payment")], shipped)
    assert len(found) == 6
    assert found[0].text == near
    assert {(example.intent, example.language) for example in found} == {("payment", language)}
    assert contrasting([(corrected, "return_refund"), (corrected, "")], shipped) == []


def test_a_line_comes_back_as_it_was(tmp_path):
    example = Example(
        "not red, 便宜点",
        "refine",
        "en",
        (Span(SlotName.COLOR, 4, 7, True),),
        ("more",),
        Context("confirm", 3),
        "reviewed",
    )
    (tmp_path / "one.jsonl").write_text(json.dumps(plain(example)), encoding="utf-8")
    assert read_examples([tmp_path / "one.jsonl"]) == [example]
    (tmp_path / "one.jsonl").write_text(json.dumps(plain(OWN[0])), encoding="utf-8")
    assert read_examples([tmp_path / "one.jsonl"])[0].spans is None


def test_the_command_writes_both_files_and_says_how_many(tmp_path):
    for name in ("train", "dev"):
        write_rows(tmp_path / f"{name}.jsonl")
    write_rows(tmp_path / "own.jsonl", ROWS[:2])
    given = ["--own", str(tmp_path / "own.jsonl"), "--corpus", str(tmp_path), "--out", str(tmp_path / "mix")]
    result = CliRunner().invoke(main, given)
    assert json.loads(result.stdout) == {"train": 10, "replayed": 8, "contrast": 0, "times": 1, "dev": 8}
    (tmp_path / "own.jsonl").write_text("{", encoding="utf-8")
    result = CliRunner().invoke(main, given)
    assert result.exit_code == 1
    assert "own.jsonl:1: not a labelled message" in result.stderr
