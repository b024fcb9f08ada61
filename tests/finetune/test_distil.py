"""The recipe of the bilingual encoder, on a handful of pairs."""

import gzip
import json

import pytest
import torch
from click.testing import CliRunner

from finetune.distil import Distiller, main
from finetune.lesson import DistilConfig, Lesson, starting_rows
from finetune.pairs import Pair
from nlu.artifact import load_artifact
from nlu.network import load_base
from nlu.tokens import load_tokenizer

pytestmark = pytest.mark.long


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "bilingual").mkdir()
    rows = [f"Sentence {at} about shoes.\t关于鞋子的句子{at}。" for at in range(40)]
    (tmp_path / "bilingual" / "tatoeba_en_zh.tsv").write_text("\n".join(rows), encoding="utf-8")
    with gzip.open(tmp_path / "bilingual" / "cedict_ts_u8.txt.gz", "wt", encoding="utf-8") as file:
        file.write("鞋 鞋 [xie2] /shoe/\n鞋子 鞋子 [xie2 zi5] /shoe/\n")
    return tmp_path


def test_a_character_begins_at_its_meaning():
    table = load_base().embeddings.word_embeddings.weight
    rows = starting_rows(Lesson([], [], "鞋龘", {"鞋": ["shoe"]}), table)
    shoe = load_tokenizer().encode("shoe", add_special_tokens=False).ids
    torch.testing.assert_close(rows[0], table[shoe].mean(0))
    torch.testing.assert_close(rows[1], table.mean(0))


def test_a_perfect_student_has_only_the_contrast_to_lose():
    distiller = Distiller(Lesson([], [], "鞋", {}), DistilConfig(bf16=False))
    targets = distiller.targets(["red shoes", "a laptop", "red shoes"], quiet=True)
    assert distiller.loss(targets, targets) < 0.05
    assert distiller.loss(-targets, targets) > 1.9


def test_a_few_steps_bring_a_pair_together():
    pairs = [Pair("红鞋", "red shoes"), Pair("电脑", "computer"), Pair("苹果", "apple"), Pair("雨伞", "umbrella")] * 40
    config = DistilConfig(batch=8, bf16=False)
    distiller = Distiller(Lesson(pairs, pairs[:4], "红鞋电脑苹果雨伞", {}), config)
    before = distiller.retrieval()["cosine"]
    distiller.train(quiet=True)
    after = distiller.retrieval()
    assert after["cosine"] > before + 0.2
    assert after["zh_en_top1"] == 1


def test_the_command_writes_an_encoder_and_its_figures(folder, tmp_path):
    out = tmp_path / "encoder"
    arguments = [
        "--data-dir",
        str(folder),
        "--out",
        str(out),
        "--phrases",
        "0",
        "--framed",
        "64",
        "--limit",
        "64",
        "--json",
    ]
    arguments += ["--threads", "1"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["pairs"] > 0
    encoder = load_artifact(out, "encoder")
    assert "鞋" in encoder.meta["characters"]
    assert {"tatoeba_en_zh.tsv", "words.tsv", "titles.tsv"} <= encoder.meta["data"].keys()
    assert encoder.tensors["embeddings"].shape == (len(encoder.meta["characters"]), 384)


def test_absent_data_is_one_sentence(tmp_path):
    result = CliRunner().invoke(main, ["--data-dir", str(tmp_path), "--out", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert "--data-dir" in result.output


def test_distillation_goes_on_from_an_earlier_encoder_and_adds_characters_behind(folder, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    small = ["--data-dir", str(folder), "--phrases", "0", "--framed", "0", "--limit", "64", "--threads", "1", "--json"]
    assert CliRunner().invoke(main, [*small, "--out", str(first)]).exit_code == 0
    with (folder / "bilingual" / "tatoeba_en_zh.tsv").open("a", encoding="utf-8") as file:
        file.write("\nA rare word.\t一个生僻的字龘龘。")
    result = CliRunner().invoke(main, [*small, "--start", str(first), "--out", str(second)])
    assert result.exit_code == 0, result.output
    old, new = load_artifact(first, "encoder"), load_artifact(second, "encoder")
    assert new.meta["characters"].startswith(old.meta["characters"]) and "龘" in new.meta["characters"]
    assert len(new.tensors["embeddings"]) == len(new.meta["characters"])


def test_going_on_from_a_folder_without_an_encoder_is_one_sentence(folder, tmp_path):
    result = CliRunner().invoke(
        main, ["--data-dir", str(folder), "--start", str(tmp_path), "--out", str(tmp_path / "x")]
    )
    assert result.exit_code == 1
    assert "Traceback" not in result.output and str(tmp_path) in result.output
