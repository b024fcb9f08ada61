"""Router: the loop from a correction to a better model, on one page: what serves, what is on trial, what is learned,
and whether the talk changes. Everybody reads; admins act. Long work is a process of its own; the page looks after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.console.visit import ActingAdmin, Viewer, Visit
from bot.drift.watching import kept
from bot.labels.training_set import TrainingSetError, open_set, versions
from bot.learn import jobs
from bot.learn.changing import ChangeError, change
from bot.learn.overview import overview
from bot.learn.prior import USE_PRIOR, USE_PROPOSED, proposal
from bot.learn.record import Run, load, progress, runs
from bot.learn.running import is_busy
from bot.learn.told import confusion_rows, intent_rows, moment
from bot.reply import Line
from nlu.promoted import is_version
from storage.console.staff import Role
from storage.database import DatabaseError
from storage.records import Intent

router = APIRouter()
Text = Annotated[str, Form()]
_RUNS, _SETS = 12, 8
LEARN, DRIFT, PRIOR, EXPORT = "learn", "drift", "prior", "export"
_JOBS = {
    EXPORT: ["labels", "export"],
    DRIFT: ["models", "drift"],
    PRIOR: ["taste", "propose"],
}
_HOME = "/models"
_INTENTS = frozenset(map(str, Intent))


@router.get("/models")
def models(visit: Viewer) -> Response:
    """Everything on one page."""
    data = visit.desk.settings.data
    return visit.page(
        "models.html",
        overview=overview(data),
        moment=moment,
        known_intents=_INTENTS,
        sets=versions(data)[:_SETS],
        drift=kept(data),
        proposal=proposal(data),
        priors=_priors(visit),
        admin=visit.may(Role.ADMIN),
        **_work(visit),
    )


@router.get("/models/work")
def work(visit: Viewer) -> Response:
    """What is going on, for a page that asks every few seconds."""
    return visit.page("models_work.html", moment=moment, **_work(visit))


@router.get("/models/versions/{version}")
def version(visit: Viewer, version: str) -> Response:
    """What is known of a promoted version: who, when, why, figures before and after."""
    found = next((each for each in overview(visit.desk.settings.data).shelf if each.version == version), None)
    if found is None or not found.report:
        raise HTTPException(404)
    sets = found.report.get("sets") or {}
    return visit.page("models_version.html", found=found, moment=moment, **_measured(sets))


@router.get("/models/runs/{run}")
def run(visit: Viewer, run: str) -> Response:
    """What a run did, and what it found."""
    found = load(visit.desk.settings.data, run) if run.replace("-", "").isalnum() else None
    if found is None:
        raise HTTPException(404)
    sets = found.said("judge").get("sets") or {}
    return visit.page("models_run.html", run=found, moment=moment, **_measured(sets))


@router.get("/models/sets/{version}")
def training_set(visit: Viewer, version: str) -> Response:
    """What is in a training set, and what was left out."""
    try:
        found = open_set(visit.desk.settings.data, version)
    except TrainingSetError as error:
        raise HTTPException(404) from error
    return visit.page("models_set.html", found=found, moment=moment, known_intents=_INTENTS)


# --- acts -----------------------------------------------------------------------------------------------------------


@router.post("/models/learn")
def learn(visit: ActingAdmin, how: Text = "dry", share: Text = "10", epochs: Text = "2") -> Response:
    """Begins a run: `how` is dry (judge only), shadow, share or all; `share` in percent."""
    percent, times = _number(share, 0, 100), _number(epochs, 1, 10)
    if percent is None or times is None or how not in ("dry", "shadow", "share", "all"):
        return visit.back(_HOME, Line("console-models-odd"))
    ways = {"dry": ["--dry-run"], "shadow": ["--shadow"], "share": ["--share", str(percent / 100)], "all": []}
    arguments = ["learn", "--epochs", str(int(times)), "--by", visit.staff.name, *ways[how]]
    return _begin(visit, LEARN, arguments, f"{how} {percent if how == 'share' else ''}".strip())


@router.post("/models/jobs/{name}")
def job(visit: ActingAdmin, name: str) -> Response:
    """Begins an export, a look at the talk, or a fit of the prior."""
    if name not in _JOBS:
        raise HTTPException(404)
    return _begin(visit, name, _JOBS[name], "")


@router.post("/models/share")
def share(visit: ActingAdmin, share: Text = "") -> Response:
    """Another share of the shoppers for the one on trial, in percent."""
    percent = _number(share, 0, 100)
    if percent is None:
        return visit.back(_HOME, Line("console-models-odd"))
    return _change(visit, "model share", f"{percent:g} %", "finetune.trial", "share", str(percent / 100))


@router.post("/models/shadow")
def shadow(visit: ActingAdmin, on: Text = "") -> Response:
    """Reading along, or no longer."""
    state = "on" if on == "yes" else "off"
    return _change(visit, "model shadow", state, "finetune.trial", "shadow", state)


@router.post("/models/adopt")
def adopt(visit: ActingAdmin) -> Response:
    """The one on trial serves everybody."""
    return _change(visit, "model adopted", "", "finetune.trial", "adopt")


@router.post("/models/drop")
def drop(visit: ActingAdmin) -> Response:
    """The trial ends."""
    return _change(visit, "model trial ended", "", "finetune.trial", "drop")


@router.post("/models/rollback")
def rollback(visit: ActingAdmin, to: Text = "") -> Response:
    """One step back, or to a version of the shelf."""
    if to and not is_version(to):
        return visit.back(_HOME, Line("console-models-odd"))
    return _change(visit, "model rolled back", to, "finetune.rollback", *(["--to", to] if to else []))


@router.post("/models/prior")
def prior(visit: ActingAdmin, proposed: Text = "", version: Text = "") -> Response:
    """Puts the proposal of that moment to use, or an earlier version of the prior (0: the shipped one)."""
    if proposed:
        used = visit.desk.bot(USE_PROPOSED, at=proposed)["version"]
    else:
        number = _number(version, 0, 1_000_000)
        if number is None:
            return visit.back(_HOME, Line("console-models-odd"))
        used = visit.desk.bot(USE_PRIOR, version=int(number))["version"]
    visit.audit("prior in use", str(used))
    return visit.back(f"{_HOME}#prior", Line("console-models-prior-used", {"version": used}))


def _begin(visit: Visit, name: str, arguments: Sequence[str], detail: str) -> Response:
    try:
        jobs.start(visit.desk.settings.data, name, arguments)
    except jobs.JobBusyError:
        return visit.back(_HOME, Line("console-models-busy"))
    visit.audit(f"models {name}", "", detail)
    return visit.back(f"{_HOME}#work", Line("console-models-begun"))


def _change(visit: Visit, act: str, detail: str, module: str, *arguments: str) -> Response:
    data = visit.desk.settings.data
    before = overview(data)
    try:
        change(data, visit.staff.name, module, *arguments)
    except ChangeError as error:
        return visit.back(_HOME, Line("console-problem", {"text": str(error)}))
    subject = before.candidate.version if before.candidate else before.serving
    visit.audit(act, subject, detail)
    return visit.back(_HOME, Line("console-models-changed"))


def _number(text: str, low: float, high: float) -> float | None:
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        return None
    return found if low <= found <= high else None


# --- what pages show ------------------------------------------------------------------------------------------------


def _work(visit: Visit) -> dict[str, Any]:
    data = visit.desk.settings.data
    busy = [name for name in (LEARN, *_JOBS) if jobs.is_running(data, name) or (name == LEARN and is_busy(data))]
    found: list[tuple[Run, float]] = [(each, progress(data, each)) for each in runs(data)[:_RUNS]]
    words = "" if LEARN in busy else jobs.last_words(data, LEARN)
    return {"busy": busy, "runs": found, "last_words": words}


def _measured(sets: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "sets": {name: sets[name] for name in ("frozen", "reviewed", "held", "challenge") if name in sets},
        "known_intents": _INTENTS,
        "intent_rows": intent_rows,
        "confusion_rows": confusion_rows,
    }


def _priors(visit: Visit) -> list[object]:
    try:
        return list(visit.desk.shop.fitted.history("prior"))
    except DatabaseError:
        return []
