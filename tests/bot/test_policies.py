"""The shop's own pages from the shell, and what a shopper is told of them: quoted, in either language, or nothing."""

import asyncio
import json
from dataclasses import replace

import pytest
import pytest_asyncio

from bot.assistant import Assistant
from bot.errands.errands import Errands
from bot.errands.policies import PolicyErrand
from bot.errands.policy_answers import PolicyAnswers, excerpt
from bot.errands.policy_questions import wordings_of
from bot.reply import Action
from storage.records import Passage
from storage.shop import Shop
from tests.bot.test_catalog_commands import beside, shopbot
from tests.support.talk import Talk, codes

QUESTION = {"en": "how much is shipping?", "zh": "运费多少钱"}
UNKNOWN = {"en": "can the courier carry the sofa to the third floor", "zh": "快递能搬上三楼吗"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(stage):
    """One bot serves the talk without doors and the shopper over HTTP."""
    return stage.bot.house


@pytest_asyncio.fixture(loop_scope="module")
async def asking(house, talk):
    """The talk with an assistant that answers from the shop's pages."""
    errands = Errands([PolicyErrand(house.database, PolicyAnswers(house.search))])
    return Talk(Assistant(replace(talk.assistant.parts, errands=errands)), talk.language)


@pytest.fixture
def pages(tmp_path):
    folder = tmp_path / "pages"
    (folder / "en").mkdir(parents=True)
    (folder / "en" / "shipping.md").write_text("# Delivery\n\n## Costs\nDelivery costs 7 dollars, always.\n")
    return folder


@pytest.mark.asyncio(loop_scope="module")
async def test_what_the_page_says_is_quoted_letter_for_letter(asking, reader):
    reply = await asking.says(QUESTION[asking.language])
    assert codes(reply) == ["policy-says", "policy-quote"]
    passage = reader.policies.get(reply.options[0].does.target)
    assert (passage.page, passage.anchor, passage.language) == ("shipping", "cost", asking.language)
    assert reply.lines[1].facts["text"] == (" " if asking.language == "en" else "").join(passage.sentences)


@pytest.mark.asyncio(loop_scope="module")
async def test_what_no_page_says_is_not_known_and_a_person_is_offered(asking):
    reply = await asking.says(UNKNOWN[asking.language])
    assert codes(reply)[0] == "policy-unknown"
    assert Action.HUMAN in [option.act.action for option in reply.options if option.act]


@pytest.mark.asyncio(loop_scope="module")
async def test_pages_are_read_whole_and_a_forged_number_shows_none(asking):
    reply = await asking.says(QUESTION[asking.language])
    number = reply.options[0].does.target
    page = await asking.presses(Action.ERRAND, number, "policy:page")
    assert codes(page).count("policy-heading") == 9
    listed = await asking.presses(Action.ERRAND, 0, "policy:pages")
    assert len(listed.options) == 8
    for forged in (0, -1, 2**62):
        assert (await asking.presses(Action.ERRAND, forged, "policy:page")).state == "gone"


def test_a_long_passage_is_cut_at_sentences():
    parts = tuple(
        f"Sentence {number} of a passage that goes on for quite some time, and then more." for number in range(9)
    )
    passage = Passage(1, "en", "p", "a", "T", "H", parts)
    assert excerpt(passage, 4) == f"… {parts[3]} {parts[4]} {parts[5]} …"
    assert excerpt(passage, 0) == f"{parts[0]} {parts[1]} …"


def test_a_message_is_looked_up_whole_and_by_its_clauses():
    assert wordings_of("It is $4.90, right? And do you take PayPal?")[1:] == [
        "It is $4.90",
        "right",
        "And do you take PayPal",
    ]
    assert wordings_of("有红裙子吗？运费多少") == ["有红裙子吗？运费多少", "有红裙子吗", "运费多少"]


def test_pages_are_imported_checked_and_shown(pages, tmp_path):
    Shop.open(tmp_path / "data").close()
    checked = shopbot("policies", "check", pages, folder=tmp_path / "data", expect=2)  # writes nothing, needs no folder
    assert "No such option" in checked.stderr
    done = shopbot("policies", "import", pages, folder=tmp_path / "data")
    assert "read 1 pages (1 English, 0 Chinese), 1 passages: added 1" in done.stdout
    assert "one language alone" in done.stdout
    assert "#costs  Costs (1 sentences)" in shopbot("policies", "show", folder=tmp_path / "data").stdout
    (pages / "en" / "shipping.md").write_text("no heading at all")
    failed = shopbot("policies", "import", pages, "--json", folder=tmp_path / "data", expect=1)
    assert json.loads(failed.stdout)["problems"]
    assert (
        "expected Markdown files" in shopbot("policies", "import", tmp_path, folder=tmp_path / "data", expect=1).stderr
    )


@pytest.mark.asyncio(loop_scope="module")
async def test_a_running_bot_follows_an_import_and_says_which_language_a_page_is_in(stage, ann, pages):
    done = await asyncio.to_thread(beside, "policies", "import", pages, folder=stage.folder)
    assert "added" in done.stdout
    seen = await ann.says(QUESTION[ann.language])
    assert "7 dollars" in seen[-1].text
    assert ("只有英文" in seen[-1].text) == (ann.language == "zh")
