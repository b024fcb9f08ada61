"""Router: who may sign in, and what was done. For admins; the first account is made by `shopbot staff add`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from bot.console import passwords
from bot.console.visit import ActingAdmin, Admin, Visit
from bot.reply import Line
from bot.wording import LANGUAGES
from storage.console.staff import Role, StaffError

router = APIRouter()
Text = Annotated[str, Form()]
_A_PAGE = 100


@router.get("/people")
def people(visit: Admin) -> Response:
    """Every account with its role and sessions."""
    store = visit.desk.store
    return visit.page(
        "people.html",
        people=[(each, store.sessions.of(each.name)) for each in store.staff.all()],
        roles=list(Role),
        languages=LANGUAGES,
    )


@router.post("/people/add")
def add(visit: ActingAdmin, name: Text = "", role: Text = "viewer", language: Text = "en") -> Response:
    """A new account with an invented password, shown once."""
    if role not in list(Role) or language not in LANGUAGES:
        return visit.back("/people", Line("console-people-odd"))
    return _with_invented(
        visit,
        name.strip(),
        lambda kept: visit.desk.store.staff.add(name.strip(), Role(role), kept, language),
        "account added",
    )


@router.post("/people/{name}/password")
def new_password(visit: ActingAdmin, name: str) -> Response:
    """A new invented password, shown once; the account is signed out everywhere."""
    return _with_invented(visit, name, lambda kept: visit.desk.store.staff.set_password(name, kept), "password reset")


@router.post("/people/{name}/role")
def set_role(visit: ActingAdmin, name: str, role: Text = "") -> Response:
    """What an account may do."""
    if role not in list(Role):
        return visit.back("/people", Line("console-people-odd"))
    return _changed(visit, name, lambda: visit.desk.store.staff.set_role(name, Role(role)), "role changed", role)


@router.post("/people/{name}/active")
def set_active(visit: ActingAdmin, name: str, active: Text = "") -> Response:
    """Closes an account, or opens it again."""
    wanted = active == "yes"
    act = "account opened" if wanted else "account closed"
    return _changed(visit, name, lambda: visit.desk.store.staff.set_active(name, wanted), act)


@router.post("/people/{name}/sign-out")
def sign_out(visit: ActingAdmin, name: str) -> Response:
    """Ends every session of an account."""
    return _changed(visit, name, lambda: visit.desk.store.sessions.end_all(name), "signed out")


@router.get("/audit")
def audit(visit: Admin, before: int = 0, staff: str = "", act: str = "") -> Response:
    """What was done, the newest first."""
    log = visit.desk.store.audit
    deeds = log.latest(_A_PAGE + 1, before=before, staff=staff, act=act)
    more = deeds[_A_PAGE - 1].id if len(deeds) > _A_PAGE else 0
    return visit.page(
        "audit.html",
        deeds=deeds[:_A_PAGE],
        more=more,
        people=visit.desk.store.staff.all(),
        acts=log.acts(),
        asked={"staff": staff, "act": act},
    )


def _with_invented(visit: Visit, name: str, keep: Callable[[str], object], act: str) -> Response:
    password = passwords.invented()
    try:
        keep(passwords.hashed(password))
    except StaffError as error:
        return visit.back("/people", Line("console-problem", {"text": str(error)}))
    visit.audit(act, name)
    return visit.page("invented.html", name=name, password=password)


def _changed(visit: Visit, name: str, change: Callable[[], object], act: str, detail: str = "") -> Response:
    try:
        change()
    except StaffError as error:
        return visit.back("/people", Line("console-problem", {"text": str(error)}))
    visit.audit(act, name, detail)
    return visit.back("/people", Line("console-people-done", {"name": name}))
