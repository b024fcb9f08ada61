"""What makes a look at a message worth while, how alike two messages are, how far two reviewers agree; and filling."""

import time
from datetime import timedelta

import pytest

from bot.console.desk import Desk
from bot.console.kappa import by_word, kappa
from bot.console.likeness import Likeness, plain
from bot.console.queueing import AT_A_PAGE, BATCH, Filling, last_before
from bot.console.worth import Seen, judged
from bot.settings import Settings
from storage import instants
from storage.console.queue import Queue
from storage.records import Turn
from tests.support.messages import Talks, understood

SURE = understood("a red dress", "en", "search 0.97 refine 0.02")


def worth(**seen):
    value, reasons = judged(Seen(**({"said": SURE} | seen)))
    return value, [code for code, _ in reasons]


def test_a_sure_reading_that_nothing_speaks_against_is_worth_no_look():
    assert worth(twin=SURE, shadow=SURE) == (0.0, [])


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        ({"disliked": 2}, "disliked"),
        ({"shadow": understood("x", "en", "refine 0.9")}, "shadow"),
        ({"asked_back": True}, "asked-back"),
        ({"degraded": True}, "fallback"),
        ({"said": understood("x", "en", "search 0.5 refine 0.45")}, "margin"),
        ({"said": understood("x", "en", "search 0.45 refine 0.1")}, "guess"),
        ({"said": understood("x", "en", "out_of_scope 0.9 help 0.05")}, "outside"),
        ({"twin": understood("x", "en", "refine 0.9")}, "twin"),
    ],
)
def test_each_sign_of_a_misreading_is_a_reason(seen, reason):
    value, reasons = worth(**seen)
    assert reasons == [reason] and 0 < value < 1


def test_more_signs_are_worth_more_and_the_weightiest_is_said_first():
    one, _ = worth(disliked=1)
    both, reasons = worth(disliked=1, twin=understood("x", "en", "refine 0.9"))
    assert both > one and reasons == ["disliked", "twin"]
    close, _ = worth(said=understood("x", "en", "search 0.5 refine 0.5"))
    closer_than, _ = worth(said=understood("x", "en", "search 0.5 refine 0.4"))
    assert close > closer_than


def test_kappa_is_cohens():
    said = [("a", "a")] * 20 + [("a", "b")] * 5 + [("b", "a")] * 10 + [("b", "b")] * 15
    found = kappa(said)
    assert found.value == pytest.approx(0.4)  # po .7, pe .5
    assert found.low < 0.4 < found.high and (found.pairs, found.same) == (50, 35)
    first, second = by_word(said)
    assert (first.word, first.first, first.second, first.both) == ("a", 25, 30, 20)
    assert first.kappa.value == second.kappa.value == pytest.approx(0.4)


def test_kappa_where_there_is_nothing_to_tell():
    assert kappa([]).value is None
    assert kappa([("a", "a")] * 9).value is None, "always the same answer: chance explains it"
    every = kappa([("a", "a"), ("b", "b")] * 3)
    assert every.value == 1.0 and every.low < 0.6, "six pairs alike prove little"


@pytest.mark.parametrize(
    ("text", "alike", "other"),
    [
        ("Thanks!!", "thanks", "what thank-you cards are there"),
        ("show me red shoes size 42", "show me red shoes size 41", "show me the cart"),
        ("红色连衣裙有没有M码", "红色連衣裙有没有L码", "转人工"),
        ("😀", "😀", "😡"),
    ],
)
def test_messages_are_alike_by_their_letters(tmp_path, text, alike, other):
    with Talks(tmp_path) as talks:
        near, far = talks.says(alike), talks.says(other)
        likeness = Likeness()
        likeness.follow(talks.shop)
        assert [turn for turn, _ in likeness.near(text, 10)] == [near]
        later = talks.says(alike)
        likeness.follow(talks.shop)
        assert likeness.same(alike) == [later, near] and far not in likeness.same(alike)


def test_what_is_the_same_but_for_case_marks_and_script():
    assert plain("  Thanks!! ") == plain("thanks") != plain("thank")
    assert plain("紅色，連衣裙。") == plain("红色 连衣裙")
    assert plain("？！") != plain("😀")


@pytest.fixture
def desk(tmp_path):
    with Talks(tmp_path) as talks:
        talks.says("hm", "search 0.5 refine 0.5")
    desk = Desk(Settings(_env_file=None, data=tmp_path, review_sample=0.0))
    yield desk
    desk.close()


def open_in(desk):
    return desk.store.queue.open("ana").worth


def test_a_page_judges_a_batch_and_a_thread_the_rest(tmp_path, desk):
    with Talks(tmp_path) as talks, talks.shop.atomic():
        for place in range(BATCH + 20):
            talks.says(f"hm {place}", "search 0.5 refine 0.5")
    filling = Filling(desk)
    filling.some()
    assert open_in(desk) >= AT_A_PAGE
    until = time.monotonic() + 20
    while open_in(desk) < BATCH + 21 and time.monotonic() < until:
        time.sleep(0.05)
    assert open_in(desk) == BATCH + 21
    filling.some()
    assert open_in(desk) == BATCH + 21, "nothing is queued twice"


def test_what_is_not_answered_yet_is_waited_for(tmp_path, desk):
    with Talks(tmp_path) as talks:
        begun = talks.shop.transcripts.begin(Turn(1, 7, 7, "still thinking", instants.now()))
        talks.says("hm", "search 0.5 refine 0.5")
        Filling(desk).some()
        assert open_in(desk) == 1 and desk.store.queue.mark("turns") < begun.id


def test_old_talk_is_nobodys_work(tmp_path, desk):
    old = instants.now() - timedelta(days=40)
    desk.shop.db.execute("SELECT 1")
    with Talks(tmp_path) as talks:
        talks.shop.db.execute("UPDATE turns SET said_at = ?", [instants.to_text(old)])
        assert last_before(talks.shop, instants.now() - timedelta(days=30)) == 1
        Filling(desk).some()
        assert open_in(desk) == 0
        talks.says("hm", "search 0.5 refine 0.5")
    Filling(desk).some()
    assert open_in(desk) == 1


def test_a_share_of_all_is_drawn_whatever_it_says(tmp_path):
    with Talks(tmp_path) as talks, talks.shop.atomic():
        turns = [talks.says(f"sure {place}", "thanks 0.99 greet 0.0") for place in range(80)]
    desk = Desk(Settings(_env_file=None, data=tmp_path, review_sample=0.25))
    Filling(desk).batch()
    queue: Queue = desk.store.queue
    drawn = [turn for turn in turns if (entry := queue.entry(turn)) and entry.sampled]
    assert 8 <= len(drawn) <= 34 and queue.open("ana").sample == len(drawn)
    desk.close()
