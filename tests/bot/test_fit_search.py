"""`shopbot fit-search`: from files and from clicks to weights in use, and back."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from bot.judgements import TooFewPagesError, judged_by_clicks
from bot.lock import FolderLock
from bot.search_fitting import fit_search
from bot.upkeep.weights import fusion_in_use
from nlu.language import language_of
from nlu.loading import load_encoder
from recommender.attention import Attention
from recommender.bandit import teaches
from recommender.exact import ExactIndex
from recommender.fusion import SHIPPED
from recommender.matcher import Matcher
from recommender.matching import PARTS
from storage.records import Need, Reaction
from storage.shop import Shop
from tests.bot.test_catalog_commands import shopbot
from tests.bot.test_replay_command import Street
from tests.recommender.conftest import HashingEncoder, shelf

ENGLISH = [product.title.rpartition(" ")[0] + f" {number % 7}" for number, product in enumerate(shelf())]
CHINESE = [product.title_zh[:-2] + str(number % 9) for number, product in enumerate(shelf())]


@pytest.fixture(scope="module")
def planted(tmp_path_factory, derived_models):
    """A small shop with pages of searches, and files that judge by one part of a match alone: English by overlap,
    Chinese by words.
    """
    folder = tmp_path_factory.mktemp("planted")
    (folder / "models").mkdir()
    for path in derived_models:
        shutil.copy(path, folder / "models")
    street = Street(folder)
    for number in range(130):
        street.visit(number % 40 + 1, need=Need(query=ENGLISH[number % len(ENGLISH)]), propensities=False)
    shop, encode = street.shop, load_encoder(folder / "models", threads=1)
    matcher = Matcher(shop.catalogue, ExactIndex(shop.catalogue, shop.vectors, encode, encode.version), encode)
    queries, judgements = [], []
    for part, texts in (("overlap", ENGLISH), ("words", CHINESE)):
        for number, text in enumerate(dict.fromkeys(texts)):
            ids, parts = matcher.found(Need(query=text, language=language_of(text)))
            worth = parts[:, PARTS.index(part)]
            queries.append(f"{part}{number}\t{text}")
            grades = np.floor(3.99 * worth / worth.max()).astype(int)
            judgements += [f"{part}{number}\t{id}\t{grade}" for id, grade in zip(ids[:30], grades[:30], strict=True)]
    (folder / "queries.tsv").write_text("\n".join(queries), encoding="utf-8")
    (folder / "qrels.tsv").write_text("\n".join(judgements), encoding="utf-8")
    shop.close()
    return folder


@pytest.fixture
def folder(planted, tmp_path):
    return shutil.copytree(planted, tmp_path / "data")


@pytest.fixture
def encode():
    return HashingEncoder()


@pytest.fixture
def files(folder):
    return "--queries", folder / "queries.tsv", "--judgements", folder / "qrels.tsv"


@pytest.mark.long
def test_better_weights_are_put_to_use_in_both_languages_and_taken_back(folder, files):
    before = found(folder)
    report = json.loads(shopbot("fit-search", *files, "--json", folder=folder).stdout)
    assert report["version"] == 1
    for language, part in (("en", "overlap"), ("zh", "words")):
        assert report["figures"][language]["gain_low"] > 0
        assert report["weights"][language][part] > dict(zip(PARTS, SHIPPED.of(language), strict=True))[part]
    assert used(folder).of("en")[PARTS.index("overlap")] == pytest.approx(report["weights"]["en"]["overlap"])
    assert all(now != then for now, then in zip(found(folder), before, strict=True))
    assert "shipped" in shopbot("fit-search", "--rollback", folder=folder).stdout
    assert found(folder) == before
    assert "nothing to take back" in shopbot("fit-search", "--rollback", folder=folder, expect=1).stderr


def test_a_language_with_few_queries_keeps_its_weights(folder, files):
    few = [line for line in files[1].read_text(encoding="utf-8").split("\n") if not line.startswith("words")]
    files[1].write_text("\n".join(few), encoding="utf-8")
    told = [line for line in files[3].read_text(encoding="utf-8").split("\n") if not line.startswith("words")]
    files[3].write_text("\n".join(told), encoding="utf-8")
    printed = shopbot("fit-search", *files, folder=folder).stdout
    assert "Chinese: 0 queries" in printed
    assert "In use as version 1" in printed
    assert used(folder).of("zh") == pytest.approx(SHIPPED.of("zh"))
    assert used(folder).of("en") != pytest.approx(SHIPPED.of("en"))


def test_clicks_by_chance_change_nothing(folder):
    done = shopbot("fit-search", "--from-clicks", folder=folder, expect=1)
    assert "English: fitted on" in done.stdout
    assert "certain" in done.stderr
    assert used(folder) is SHIPPED


def test_clicks_on_one_kind_of_match_are_learned(folder, encode):
    """On long pages what overlaps most is liked, whatever its place."""
    shop = Shop.open(folder)
    matcher = Matcher(shop.catalogue, ExactIndex(shop.catalogue, shop.vectors, encode, encode.version), encode)
    pages = []
    for page in shop.page_log.pages():
        shown = [replace(item, position=place) for place, item in enumerate(page.candidates, start=1)]
        overlap = matcher.match(page.need, [item.product.id for item in shown])[:, PARTS.index("overlap")]
        liked = {shown[int(overlap.argmax())].id: frozenset({Reaction.LIKE})}
        pages.append(replace(page, candidates=tuple(shown), reactions=liked))
    fit = fit_search(shop, judged_by_clicks(matcher, pages, Attention((1.0,)))).fits["en"]
    assert fit.after >= fit.before
    assert fit.weights[PARTS.index("overlap")] > 1.3 * SHIPPED.of("en")[PARTS.index("overlap")]
    shop.close()


def test_a_reaction_far_down_counts_for_more(folder, encode):
    shop = Shop.open(folder)
    matcher = Matcher(shop.catalogue, ExactIndex(shop.catalogue, shop.vectors, encode, encode.version), encode)
    for page in shop.page_log.pages():
        shown = sorted((item for item in page.candidates if item.position), key=lambda item: item.position)
        if len(shown) == 3 and all(teaches(item.features) for item in shown):
            break
    first, _, last = shown
    both = replace(page, reactions={item.id: frozenset({Reaction.LIKE}) for item in (first, last)})
    query = judged_by_clicks(matcher, [both] * 50, Attention((1.0, 0.8, 0.5)))[0]
    assert sorted(query.gains / query.gains[query.gains > 0].min()) == pytest.approx([0.0, 1.0, 2.0])
    refused = replace(page, reactions={first.id: frozenset({Reaction.DISLIKE})})
    with pytest.raises(TooFewPagesError):
        judged_by_clicks(matcher, [refused] * 50, Attention())
    shop.close()


@pytest.mark.long
def test_a_dry_run_writes_nothing_and_may_run_beside_the_bot(folder, files):
    lock = FolderLock(folder)
    lock.acquire()
    try:
        assert "stop it first" in shopbot("fit-search", *files, folder=folder, expect=1).stderr
        assert "Nothing was put to use" in shopbot("fit-search", *files, "--dry-run", folder=folder).stdout
    finally:
        lock.release()
    assert used(folder) is SHIPPED


@pytest.mark.parametrize(
    ("which", "text", "sentence"),
    [
        (1, "a\tred dress\nb only", "line 2: expected id<TAB>text"),
        (1, "a\tred\na\tblue", "line 2: the query a is there twice"),
        (3, "\nnobody\tp1\t1", "line 2: queries.tsv has no query nobody"),
        (3, "overlap0\tp1", "line 1: expected query<TAB>product<TAB>gain"),
        (3, "overlap0\tp1\t红", "line 1: a gain is a number"),
        (3, "overlap0\tp1\tnan", "line 1: a gain is a number"),
    ],
)
def test_a_bad_line_is_named(planted, tmp_path, which, text, sentence):
    files = ["--queries", planted / "queries.tsv", "--judgements", planted / "qrels.tsv"]
    files[which] = tmp_path / files[which].name
    files[which].write_text(text, encoding="utf-8")
    assert sentence in shopbot("fit-search", *files, folder=planted, expect=1).stderr


def test_what_is_missing_is_one_sentence(folder, files, tmp_path):
    assert "no shop database" in shopbot("fit-search", *files, folder=tmp_path / "none", expect=1).stderr
    assert "--judgements" in shopbot("fit-search", "--queries", "q.tsv", folder=folder, expect=2).stderr
    assert (
        "nowhere.tsv"
        in shopbot("fit-search", "--queries", "nowhere.tsv", "--judgements", files[3], folder=folder, expect=1).stderr
    )
    with pytest.raises(TooFewPagesError, match=r"0 pages .* 50 are needed"):
        judged_by_clicks(None, [], Attention())


def test_weights_that_cannot_be_read_are_not_used(folder, caplog):
    from datetime import UTC, datetime

    shop = Shop.open(folder)
    shop.fitted.put("fusion", {"weights": {"en": {"magic": 1}}}, figures={}, at=datetime.now(UTC))
    assert fusion_in_use(shop) is SHIPPED
    assert "cannot be used" in caplog.text
    shop.close()


def found(folder):
    """Rankings of a question in either language, by one command."""
    asked, run = folder / "asked.tsv", folder / "run.txt"
    asked.write_text("en\tlinen dress for summer\nzh\t皮靴", encoding="utf-8")
    shopbot("search", "--queries", asked, "--trec", run, folder=folder)
    lines = [line.split() for line in run.read_text(encoding="utf-8").splitlines()]
    return [[line[2] for line in lines if line[0] == language] for language in ("en", "zh")]


def used(folder):
    shop = Shop.open(folder, readonly=True)
    try:
        return fusion_in_use(shop)
    finally:
        shop.close()
