"""From labels to training sets: what is in them, what is left out; nothing personal stays, and nobody erased."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.main import main as whole
from bot.cli.main import shopbot
from bot.labels.exporting import export_settled
from bot.labels.forgetting import sweep_sets
from bot.labels.splitting import held_out
from bot.labels.training_set import examples_of, open_set, versions
from bot.learn.record import Recipe, Run, folder_of, load, save
from finetune.examples import read_examples
from storage import forgetting
from storage.console.labels import Lane, Verdict
from storage.records import Intent
from tests.support.reviewed import Talking


@pytest.fixture
def talk(tmp_path):
    talking = Talking(tmp_path)
    yield talking
    talking.close()


def shell(talk, *arguments):
    return CliRunner().invoke(shopbot, ["labels", *arguments, "--data", str(talk.folder)])


def fill(talk, count=60):
    """As many shoppers with one message each, in both languages, every one corrected."""
    for user in range(count):
        text = f"make it cheaper {chr(97 + user % 26)}{user // 26}" if user % 2 else f"便宜点{chr(0x4E00 + user)}"
        turn = talk.says(user, text)
        talk.label(turn, Intent.REFINE, lane=Lane.SAMPLE if user % 3 == 0 else Lane.WORTH)


def rows_of(found):
    return [row for part in ("train", "test") for row in examples_of(found.path(part))]


def test_labels_become_what_finetune_reads_with_the_screen_they_were_said_into(talk):
    for user in (1, 2):
        talk.says(user, "a red dress", asked="confirm")
        turn = talk.says(user, "not red, 还要便宜点", Intent.SEARCH)
        talk.label(turn, Intent.REFINE, slots=[("color", 4, 7, True)], also=[Intent.MORE])
    found = export_settled(talk.folder)
    [example] = read_examples([found.path("train"), found.path("test")])
    assert (example.text, example.intent, example.also) == ("not red, 还要便宜点", "refine", ("more",))
    assert [(span.name, span.start, span.end, span.negated) for span in example.spans] == [("color", 4, 7, True)]
    assert (example.context.asked, example.context.shown, example.source) == ("confirm", 0, "reviewed")


@pytest.mark.parametrize(
    ("text", "slots", "says", "covered"),
    [
        (
            "send the red one to ann@example.com please",
            [("color", 9, 12)],
            "send the red one to <email> please",
            ["red"],
        ),
        ("打我13812345678，要红色的", [("color", 15, 17)], "打我<phone>，要红色的", ["红色"]),
        ("a lamp under $60", [("category", 2, 6), ("price", 7, 16)], "a lamp under $60", ["lamp", "under $60"]),
    ],
)
def test_what_is_personal_is_replaced_and_spans_move_along(talk, text, slots, says, covered):
    talk.label(talk.says(1, text), Intent.SEARCH, slots=slots)
    [row] = rows_of(export_settled(talk.folder))
    assert row["text"] == says
    assert [row["text"][slot["start"] : slot["end"]] for slot in row["slots"]] == covered


def test_a_message_is_exported_once_and_the_newest_label_holds(talk):
    users = [user for user in range(1, 200)][:30]
    train = []
    for user in users:
        turn = talk.says(user, ["Cheaper please", "cheaper   please", "ＣＨＥＡＰＥＲ please"][user % 3])
        conversation = talk.shop.db.execute("SELECT conversation_id FROM turns WHERE id = ?", [turn]).fetchone()[0]
        if not held_out(conversation):
            train.append(turn)
    for number, turn in enumerate(train):
        talk.now += timedelta(minutes=1)
        talk.label(turn, Intent.REFINE if number else Intent.SEARCH)
    found = export_settled(talk.folder)
    [row] = examples_of(found.path("train"))
    assert row["intent"] == "refine"
    assert found.manifest["conflicts"] == [train[0]]
    assert found.manifest["duplicates"] == len(train) - 2


def test_the_same_words_in_another_place_of_the_talk_are_another_message(talk):
    talk.says(1, "hello", asked="confirm")
    talk.label(talk.says(1, "sure"), Intent.CONFIRM)
    talk.label(talk.says(1, "sure"), Intent.THANKS)
    assert sorted(row["intent"] for row in rows_of(export_settled(talk.folder))) == ["confirm", "thanks"]


def test_a_conversation_is_on_one_side_for_good(talk):
    fill(talk)
    for user in range(60):  # and later another message of the same conversation
        talk.label(
            talk.says(user, f"another word of shopper {chr(97 + user % 26)} {user // 26} no", later=0), Intent.MORE
        )
    found = export_settled(talk.folder)
    sides = {}
    for part, turns in json.loads((found.folder / "turns.json").read_text(encoding="utf-8")).items():
        for turn in turns:
            conversation = talk.shop.db.execute("SELECT conversation_id FROM turns WHERE id = ?", [turn]).fetchone()[0]
            sides.setdefault(conversation, set()).add("train" if part == "train" else "judges")
    assert all(len(side) == 1 for side in sides.values())
    assert {"train"} in sides.values()
    assert {"judges"} in sides.values()


@given(st.integers(0, 2**40), st.floats(0, 1), st.floats(0, 1))
def test_a_larger_share_only_adds_conversations(conversation, one, other):
    assert held_out(conversation, min(one, other)) <= held_out(conversation, max(one, other))


def test_only_what_was_drawn_blindly_and_judges_is_the_sample(talk):
    fill(talk)
    found = export_settled(talk.folder, days=7)
    turns = json.loads((found.folder / "turns.json").read_text(encoding="utf-8"))
    assert set(turns["sample"]) <= set(turns["test"])
    assert 0 < len(turns["sample"]) < len(turns["test"])
    for turn in turns["sample"]:
        assert talk.store.labels.get(turn).lane is Lane.SAMPLE


def test_what_teaches_nothing_is_left_out(talk):
    talk.label(talk.says(1, "asdf"), None, verdict=Verdict.DISCARD)
    talk.label(talk.says(2, "later"), None, verdict=Verdict.LATER)
    talk.label(talk.says(3, "red dress"), Intent.SEARCH, slots=[("color", 0, 4)])  # ends in a blank
    talk.label(talk.says(4, "blue hat"), Intent.SEARCH)
    found = export_settled(talk.folder)
    assert [row["text"] for row in rows_of(found)] == ["blue hat"]
    assert len(found.manifest["unusable"]) == 1


def test_the_same_labels_are_the_same_version_and_a_changed_one_is_another(talk):
    turn = talk.says(1, "cheaper")
    talk.label(turn, Intent.MORE)
    first = export_settled(talk.folder)
    assert export_settled(talk.folder).manifest["made_at"] == first.manifest["made_at"]
    talk.label(turn, Intent.REFINE)
    second = export_settled(talk.folder)
    assert second.version != first.version
    assert second.manifest["labels"] | {"newest": ""} == {
        "settled": 1, "changed": 1, "highest_version": 2, "newest": "", "reviewers": {"ana": 1},
    }  # fmt: skip
    assert [each.version for each in versions(talk.folder)] == [second.version, first.version]
    assert open_set(talk.folder, "latest").version == second.version


def test_an_erased_shopper_leaves_every_version(talk):
    for user, text in ((1, "my secret wish"), (2, "a plain wish")):
        talk.label(talk.says(user, text), Intent.SEARCH)
    found = export_settled(talk.folder)
    run = Run("run-1", Recipe(), "ana", "2026-11-27T10:00:00+00:00", steps={"export": {}, "mix": {"state": "done"}})
    run.steps["judge"] = {
        "said": {"changes": {"won": {"count": 2, "first": [{"text": "my secret wish"}, {"text": "x"}]}}}
    }
    save(talk.folder, run)
    (folder_of(talk.folder, "run-1") / "mix").mkdir()
    (folder_of(talk.folder, "run-1") / "mix" / "train.jsonl").write_text("my secret wish", encoding="utf-8")
    report = talk.folder / "models" / "understander" / "understander-0badcafe" / "promotion.json"
    report.parent.mkdir(parents=True)
    report.write_text(json.dumps({"lost": [{"text": "my secret wish"}, {"text": "a plain wish"}]}), encoding="utf-8")
    forgetting.erase(talk.shop, 1)
    assert sweep_sets(talk.folder) == 1
    for path in (talk.folder / "learning").rglob("*"):
        assert path.is_dir() or "secret" not in path.read_text(encoding="utf-8")
    assert json.loads(report.read_text(encoding="utf-8")) == {"lost": [{"text": "a plain wish"}]}
    assert list(load(talk.folder, "run-1").steps) == ["export"]
    for path in found.folder.iterdir():
        assert "secret" not in path.read_text(encoding="utf-8")
    assert open_set(talk.folder, found.version).manifest["erased"] == 1
    assert len(rows_of(open_set(talk.folder, found.version))) == 1


def test_the_commands_tell_and_refuse_in_a_sentence(talk, capfd):
    fill(talk, 12)
    told = shell(talk, "export").output
    version = told.split(",")[0]
    assert "12 labels" in told
    assert version in shell(talk, "list").output
    assert json.loads(shell(talk, "show", version, "--json").output)["version"] == version
    for arguments, says in (
        (["show", "set-00000000"], "There is no training set set-00000000"),
        (["export", "--data", str(talk.folder / "elsewhere")], "There is no console database"),
    ):
        with pytest.raises(SystemExit) as ended:
            whole(["labels", *arguments, *(["--data", str(talk.folder)] if "--data" not in arguments else [])])
        assert ended.value.code == 1
        assert says in capfd.readouterr().err


def test_without_a_settled_label_nothing_is_written(talk):
    talk.says(1, "hello")
    result = shell(talk, "export")
    assert "There is no settled label yet" in str(result.exception)
    assert not (talk.folder / "training").exists()
