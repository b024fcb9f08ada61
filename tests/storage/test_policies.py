"""The shop's own pages: read from Markdown, kept by heading, and what stands for them in an index."""

import numpy as np
import pytest

from storage.policy_pages import PageError, Problem, read_pages, sentences

RETURNS = """---
title: Returns
url: https://shop.example/returns
---
Left out.

## How long {#window}
Thirty days. Not *used*, see [the list](https://shop.example/list).

- socks cost $4.90
- hats

## How long {#window}
Twice.

## Nothing here
"""
ZH = "# 退货\n\n## 期限 {#window}\n三十天内可退。先问“客服”。\n"


@pytest.fixture
def folder(tmp_path):
    def write(**files):
        for name, text in files.items():
            path = tmp_path / "pages" / f"{name.replace('__', '/')}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path / "pages"

    return write


def test_a_page_is_cut_by_its_headings(folder):
    pages, problems = read_pages(folder(en__returns=RETURNS, zh__returns=ZH))
    en, zh = pages
    assert (en.title, en.url, zh.title) == ("Returns", "https://shop.example/returns", "退货")
    assert [(section.anchor, section.heading, section.line) for section in en.sections] == [("window", "How long", 7)]
    assert en.sections[0].text.splitlines() == ["Thirty days. Not used, see the list.", "socks cost $4.90", "hats"]
    assert problems == [
        Problem("en/returns.md", 5, "text above the first heading is left out"),
        Problem("en/returns.md", 13, "a second heading named 'window': left out"),
    ]


def test_what_is_no_page_is_said_and_stops_no_other(folder):
    pages, problems = read_pages(
        folder(en__returns=RETURNS, en__BAD=ZH, en__bytes=b"\xff\xfe# x", en__empty="", zh__long="## a\n" + "长" * 5000)
    )
    assert [page.name for page in pages] == ["returns"]
    reasons = {problem.file: problem.reason for problem in problems if problem.file != "en/returns.md"}
    assert set(reasons) == {"en/BAD.md", "en/bytes.md", "en/empty.md", "zh/long.md"}
    with pytest.raises(PageError, match="expected Markdown files"):
        read_pages(folder() / "nowhere")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('It costs $4.90. Write to help@shop.example; we answer. "No." We don\'t!', 4),
        ("三十天内可退。“可以吗？”不行！满 49.5 美元。", 4),
        ("no stop at the end", 1),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text, parts):
    assert len(sentences(text)) == parts


def test_an_import_is_the_whole_truth_and_numbers_stay(shop, folder):
    pages, _ = read_pages(folder(en__returns=RETURNS, zh__returns=ZH))
    assert shop.policies.replace(pages).added == 2
    revision, (en, zh) = shop.policies.revision(), shop.policies.passages()
    assert shop.policies.replace(pages).unchanged == 2
    assert shop.policies.revision() == revision
    assert (en.link, zh.link) == ("https://shop.example/returns#window", "")
    pages, _ = read_pages(folder(zh__returns=ZH.replace("三十", "六十"), en__returns=b"## Other {#o}\nText.\n"))
    changes = shop.policies.replace(pages)
    assert (changes.added, changes.changed, changes.removed) == (1, 1, 1)
    assert shop.policies.get(zh.number).sentences[0] == "六十天内可退。"
    assert shop.policies.get(en.number) is None
    assert en.number not in {passage.number for passage in shop.policies.passages()}


def test_vectors_stay_with_their_texts_and_go_with_them(shop, folder):
    pages, _ = read_pages(folder(en__returns=RETURNS, zh__returns=ZH))
    shop.policies.replace(pages)
    texts = list(shop.policies.embedding_texts())
    assert [id for id, _, _ in shop.policies.missing("v1", texts)] == [id for id, _, _ in texts]
    matrix = np.eye(len(texts), 384, dtype=np.float32)
    shop.policies.put("v1", [id for id, _, _ in texts], [each[2] for each in texts], matrix)
    ids, loaded = shop.policies.load("v1")
    assert ids == [id for id, _, _ in texts]
    assert np.array_equal(loaded, matrix)
    with pytest.raises(ValueError, match="finite"):
        shop.policies.put("v1", ["1/0"], ["x"], np.full((1, 384), np.nan))
    shop.policies.replace(pages[:1])
    assert {id.partition("/")[0] for id in shop.policies.load("v1")[0]} == {texts[0][0].partition("/")[0]}
    assert shop.db.execute("SELECT count(*) FROM policy_vectors").fetchone()[0] == len(shop.policies.load("v1")[0])


def test_the_demos_pages_go_with_the_demo(shop, folder):
    pages, _ = read_pages(folder(zh__returns=ZH))
    shop.policies.replace(pages, demo=True)
    assert shop.policies.withdraw_demo() == 1
    assert shop.policies.passages() == []
    shop.policies.replace(pages)
    assert shop.policies.withdraw_demo() == 0
