"""Labels, their events for good, second opinions and the queue, on real databases."""

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from storage.console.database import ConsoleStore
from storage.console.labels import Act, Label, Lane, SlotSpan, StaleLabel, TurnGone, Verdict
from storage.console.personal import sweep
from storage.console.queue import CLAIM, Entry
from storage.records import Intent, SlotName, Turn
from storage.shop import Shop

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
TEXTS = ("a red dress", "便宜点的", "👗 not leather", "thanks", "第二个防水吗", "order 48213?", "more", "hm")


@pytest.fixture
def turns(tmp_path):
    """Ids of stored turns, two shoppers in turn."""
    shop = Shop.open(tmp_path)
    begun = [
        shop.transcripts.begin(Turn(100 + place, 7 + place % 2, 7 + place % 2, text, NOW + timedelta(minutes=place)))
        for place, text in enumerate(TEXTS)
    ]
    yield [turn.id for turn in begun]
    shop.close()


@pytest.fixture
def store(tmp_path, turns):
    with ConsoleStore.open(tmp_path) as opened:
        yield opened


def said(turn, intent=Intent.SEARCH, by="mei", **more):
    return Label(turn, Verdict.WRONG, intent, by=by, **more)


def test_a_label_comes_back_as_it_was_put_with_its_version(store, turns):
    spans = (SlotSpan(SlotName.MATERIAL, 6, 13, True), SlotSpan(SlotName.CATEGORY, 0, 1))
    put = store.labels.put(said(turns[2], Intent.REFINE, also=(Intent.MORE,), slots=spans), 0)
    assert put.version == 1 and put.at is not None
    assert [span.start for span in put.slots] == [0, 6]
    assert store.labels.get(turns[2]) == put
    assert store.labels.get(turns[3]) is None


def test_the_second_of_two_reviewers_is_refused_and_sees_what_the_first_said(store, turns):
    store.labels.put(said(turns[0], Intent.SEARCH, "mei"), 0)
    with pytest.raises(StaleLabel) as refused:
        store.labels.put(said(turns[0], Intent.REFINE, "ana"), 0)
    assert refused.value.current.by == "mei"
    assert store.labels.get(turns[0]).intent is Intent.SEARCH
    assert store.labels.put(said(turns[0], Intent.REFINE, "ana"), 1).version == 2


@pytest.mark.parametrize(
    "odd",
    [
        {"intent": None},
        {"also": (Intent.SEARCH,)},
        {"also": (Intent.MORE, Intent.MORE)},
        {"slots": (SlotSpan(SlotName.COLOR, 2, 2),)},
        {"slots": (SlotSpan(SlotName.COLOR, -1, 2),)},
        {"slots": (SlotSpan(SlotName.COLOR, 2, 5), SlotSpan(SlotName.CATEGORY, 4, 9))},
        {"verdict": Verdict.DISCARD},
    ],
)
def test_a_label_that_says_nothing_or_contradicts_itself_is_refused(store, turns, odd):
    fields = {"verdict": Verdict.WRONG, "intent": Intent.SEARCH} | odd
    with pytest.raises(ValueError):
        store.labels.put(Label(turns[0], by="mei", **fields), 0)
    assert store.labels.events(turns[0]) == []


def test_events_say_who_when_from_what_to_what_and_cannot_be_changed(store, turns):
    store.labels.put(said(turns[0], Intent.SEARCH, "mei"), 0)
    store.labels.put(said(turns[0], Intent.REFINE, "ana"), 1)
    first, second = store.labels.events(turns[0])
    assert (first.by, first.before, first.after.intent) == ("mei", None, Intent.SEARCH)
    assert (second.by, second.before.intent, second.after.intent) == ("ana", Intent.SEARCH, Intent.REFINE)
    assert first.at <= second.at
    for attempt in ("UPDATE label_events SET by = 'x'", "DELETE FROM label_events"):
        with pytest.raises(sqlite3.IntegrityError, match="for good"):
            store.db.execute(attempt)
    assert len(store.labels.events(turns[0])) == 2


def test_a_shopper_who_is_erased_takes_labels_and_events_along_and_nobody_elses(store, turns, tmp_path):
    for turn in turns[:2]:
        store.labels.put(said(turn), 0)
    with sqlite3.connect(tmp_path / "shop.db") as shop:
        shop.execute("DELETE FROM turns WHERE user_id = 7")
    gone = sweep(store)
    assert gone["labels"] == 1 and gone["label_events"] == 1
    assert store.labels.events(turns[0]) == [] and len(store.labels.events(turns[1])) == 1
    with pytest.raises(TurnGone):
        store.labels.put(said(turns[0]), 0)
    with pytest.raises(sqlite3.IntegrityError):
        store.db.execute("DELETE FROM label_events")


def test_what_was_done_last_can_be_undone_one_after_another(store, turns):
    store.labels.put(said(turns[0]), 0)
    batch = store.labels.last_event("mei")
    store.labels.put(said(turns[1], lane=Lane.BULK), 0, batch=batch)
    assert [event.turn_id for event in store.labels.undoable("mei")] == turns[:2]
    store.labels.take_back(turns[0], "mei", 1, undoes=batch)
    assert store.labels.get(turns[0]) is None and store.labels.version(turns[0]) == 2
    assert [event.act for event in store.labels.events(turns[0])] == [Act.LABEL, Act.UNDO]
    assert store.labels.undoable("mei") == []
    assert store.labels.put(said(turns[0]), 2).version == 3


def test_a_label_teaches_unless_a_second_reviewer_disagrees_and_nobody_resolved_it(store, turns):
    for turn in turns[:4]:
        store.opinions.ask(store.labels.put(said(turn), 0), share=1.0)
    assert len(list(store.labels.settled())) == 4, "nobody has given a second opinion yet"
    assert store.opinions.give(said(turns[0], by="ana"))
    assert not store.opinions.give(said(turns[1], Intent.REFINE, "ana"))
    assert not store.opinions.give(said(turns[2], by="ana", slots=(SlotSpan(SlotName.COLOR, 0, 1),)))
    with pytest.raises(LookupError):
        store.opinions.give(said(turns[3], by="mei"))
    assert [label.turn_id for label in store.labels.settled()] == [turns[0], turns[3]]
    assert [pair.turn_id for pair in store.opinions.open()] == turns[1:3]
    store.labels.put(said(turns[1], Intent.MORE, "boss"), 1, act=Act.RESOLVE)
    store.opinions.resolve(turns[1], "boss", NOW)
    assert [label.turn_id for label in store.labels.settled()] == [turns[0], turns[1], turns[3]]
    store.labels.put(said(turns[2], by="mei", slots=(SlotSpan(SlotName.COLOR, 0, 1),)), 1)
    assert store.opinions.open() == [], "the first came round to what the second said"
    first, second, third = store.opinions.pairs()
    assert (first.agree, second.agree, third.agree) == (True, False, False), "agreement is told as it was then"


def entry(turn, worth, *reasons):
    return Entry(turn, worth, tuple(reasons), NOW)


def test_the_queue_serves_by_worth_and_two_reviewers_never_the_same(store, turns):
    store.queue.add([entry(turn, worth / 10, ("margin", 0.1)) for worth, turn in enumerate(turns)], 0.0)
    mei, ana = store.queue.take("mei", NOW), store.queue.take("ana", NOW)
    assert (mei.turn_id, ana.turn_id) == (turns[7], turns[6])
    assert store.queue.take("mei", NOW) == mei, "what is in hand stays in hand"
    late = NOW + CLAIM
    assert store.queue.take("zoe", late).turn_id == turns[7], "a claim runs out"


def test_later_means_after_everything_else(store, turns):
    store.queue.add([entry(turn, 0.5, ("margin", 0.1)) for turn in turns[:3]], 0.0)
    first = store.queue.take("mei", NOW)
    store.queue.put_off(first.turn_id, NOW)
    served = []
    while task := store.queue.take("mei", NOW):
        served.append(task.turn_id)
        store.queue.close(task.turn_id, task.lane)
    assert sorted(served) == turns[:3] and served[-1] == first.turn_id


def test_the_sample_is_drawn_blindly_and_leaves_nothing_out_that_somebody_chose_to_look_at(store, turns):
    store.queue.add([entry(turn, 0.9, ("disliked", 1)) for turn in turns], 1.0)
    store.queue.add([entry(turn, 0.9, ("disliked", 1)) for turn in turns], 0.0)
    assert store.queue.open("mei").sample == len(turns), "once drawn, always drawn"
    store.queue.close(turns[0], Lane.DIRECT)
    assert store.queue.open("mei").sample == len(turns)
    store.queue.close(turns[0], Lane.SAMPLE)
    assert store.queue.open("mei").sample == len(turns) - 1
    assert not store.queue.add([Entry(99, 0.0, (), NOW)], 0.0), "nothing to gain, not drawn: not queued"


def test_a_second_opinion_is_asked_of_somebody_else(store, turns):
    store.opinions.ask(store.labels.put(said(turns[0]), 0), share=1.0)
    assert store.queue.take("mei", NOW) is None
    assert store.queue.take("ana", NOW).lane is Lane.OPINION
