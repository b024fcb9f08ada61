"""What of personal data is found: 500 written messages a language, and hundreds that hold none."""

import pytest

from bot.privacy.finding import find_personal
from bot.privacy.kinds import Personal
from tests.bench.redaction import clean, labelled, over_masked, recall, titles


def kinds(text):
    return {found.kind for found in find_personal(text)}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_at_least_98_of_100_are_found(language):
    outcomes = recall(language)
    assert len({text for _, _, text, _ in outcomes}) > 480
    missed = [(text, span) for _, found, text, span in outcomes if not found]
    assert len(missed) <= 0.02 * len(outcomes), missed


@pytest.mark.parametrize(("language", "least"), [("en", 0.9), ("zh", 0.15)])
def test_names_and_handles_that_nothing_announces(language, least):
    """In Chinese handles alone: a bare name looks like any words there."""
    found = [found for _, found, *_ in recall(language, "bare")]
    assert sum(found) >= least * len(found)


@pytest.mark.parametrize(
    "text",
    ["a Calvin Klein belt", "the Rose Gold one", "img_2034 shows it", "harry potter mug, Harry Potter of course"],
)
def test_brands_colours_and_files_of_a_camera_are_nobody(text):
    assert find_personal(text) == ()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_stands_beside_it_stays(language):
    beside, signs = over_masked(language)
    assert beside < 0.05 * signs


@pytest.mark.parametrize("language", ["en", "zh"])
def test_ordinary_wishes_hold_nothing_personal(language):
    messages = clean(language)
    assert len(messages) >= 160
    wrong = [text for text in messages if find_personal(text)]
    assert len(wrong) <= 1, wrong


@pytest.mark.long
def test_labelled_examples_and_titles_are_left_whole():
    examples = list(labelled())[::25]
    assert len(examples) > 1_900
    wrong = [text for text in examples if find_personal(text)]
    assert len(wrong) < 0.004 * len(examples), wrong
    assert not [title for title in titles() if find_personal(title)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("call 415-555-0132", Personal.PHONE),
        ("打１３８ ００１３ ８０００", Personal.PHONE),
        ("一三八零零一三八零零零", Personal.PHONE),
        ("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 card", Personal.CARD),
        ("身份证110101199003078515", Personal.ID),
        ("GB29 NWBK 6016 1331 9268 19 please", Personal.BANK),
        ("1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣", Personal.PHONE),
        ("1\u200b3\u200b8\u200b0\u200b0\u200b1\u200b3\u200b8\u200b0\u200b0\u200b0", Personal.PHONE),
    ],
)
def test_numbers_in_every_dress(text, kind):
    assert kind in kinds(text)


def test_an_odd_identity_number_is_no_fault():
    assert kinds("311111111111111134")


@pytest.mark.parametrize("text", ["", " ", "\n", "•", "<phone>", "call <phone> or •••", "我叫<name>"])
def test_nothing_is_found_where_nothing_is(text):
    assert find_personal(text) == ()


@pytest.mark.parametrize(
    "piece",
    [
        *("a_", "a.", "a-", "a dot ", "a at ", "a@", "@a", "1 ", "1-", "(1)", "1 Aa ", "A-1", "#1-", "one ", "GB1"),
        *("路", "区", "北京市区", "小区", "1号楼", "一", "张", "我叫", "my name is ", "12 Main Street, Apt ", "order "),
    ],
)
def test_a_message_made_to_take_for_ever_does_not(piece):
    """The longest message there is; patterns that go back and forth would not come to an end (pytest ends them)."""
    find_personal((piece * 1000)[:1000])
