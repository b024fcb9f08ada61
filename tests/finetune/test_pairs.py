import gzip

import pytest

from finetune.pairs import Pair, cedict, phrases, split_held_out, tatoeba
from storage.terms import base_vocabulary


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "bilingual").mkdir()
    (tmp_path / "bilingual" / "tatoeba_en_zh.tsv").write_text(
        "Wait!\t等等！\nA dress.\t一條連衣裙。\n", encoding="utf-8"
    )
    with gzip.open(tmp_path / "bilingual" / "cedict_ts_u8.txt.gz", "wt", encoding="utf-8") as file:
        file.write(
            "# comment\n"
            "鞋 鞋 [xie2] /shoe/CL:雙|双[shuang1],隻|只[zhi1]/\n"
            "亞麻 亚麻 [ya4 ma2] /flax (plant)/linen/a very rare third sense/\n"
            "丁 丁 [Ding1] /surname Ding/\n"
            "DVD DVD [x] /disc/\n"
        )
    return tmp_path


def test_sentences_are_folded_to_simplified(folder):
    assert tatoeba(folder) == [Pair("等等！", "Wait!"), Pair("一条连衣裙。", "A dress.")]


def test_dictionary_entries_keep_short_meanings_only(folder):
    assert cedict(folder) == [Pair("鞋", "shoe"), Pair("亚麻", "flax, linen")]


def test_nothing_held_out_is_trained_on():
    pairs = [Pair(f"句子号{at % 40:03}", f"sentence {at % 30}") for at in range(300)]
    train, held = split_held_out(pairs, 10, seed=3)
    assert len({p.text for p in held}) == len({p.english for p in held}) == len(held) == 10
    assert not {p.text for p in held} & {p.text for p in train}
    assert not {p.english for p in held} & {p.english for p in train}


def test_phrases_say_the_same_in_both_languages_and_repeat_with_the_seed():
    found = phrases(base_vocabulary(), 3000, seed=5)
    assert found == phrases(base_vocabulary(), 3000, seed=5)
    assert found != phrases(base_vocabulary(), 3000, seed=6)
    assert len(found) == 3000
    assert Pair("连衣裙", "dress") in found
    assert not [pair for pair in found if "{" in pair.text + pair.english]
