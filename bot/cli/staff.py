"""`shopbot staff`: who may sign in to the console."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bot.cli.options import data_option
from bot.settings import load_settings
from bot.wording import LANGUAGES, Wording
from storage.console.database import ConsoleStore
from storage.console.staff import Role

_ROLES = click.Choice([role.value for role in Role])


@click.group()
def staff() -> None:
    """Accounts of the staff console.

    \b
    shopbot staff add ana --role admin
    shopbot staff list
    """


@staff.command()
@click.argument("name")
@click.option("--role", type=_ROLES, default=Role.REVIEWER.value, show_default=True, help="What the account may do.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of its pages.")
@click.option("--invent", is_flag=True, help="Invent a password and print it, instead of asking for one.")
@data_option
def add(name: str, role: str, language: str, invent: bool, data: Path | None) -> None:
    """Make an account. The password is asked for; from a pipe, its first line is taken.

    \b
    shopbot staff add ana --role admin
    shopbot staff add wei --language zh --invent
    """
    password = _password(invent)
    with _store(data) as store:
        store.staff.add(name, Role(role), _hashed(password, name), language)
        store.audit.add("", "account added", name, role)
    click.echo(f"{name} may sign in as {role}." + (f" Password: {password}" if invent else ""))


@staff.command("list")
@data_option
def listed(data: Path | None) -> None:
    """Print the accounts."""
    with _store(data) as store:
        for each in store.staff.all():
            click.echo(f"{each.name:<32} {each.role.value:<9} {each.language}{'' if each.active else '   closed'}")


@staff.command()
@click.argument("name")
@click.option("--invent", is_flag=True, help="Invent a password and print it, instead of asking for one.")
@data_option
def password(name: str, invent: bool, data: Path | None) -> None:
    """Set another password; the account is signed out everywhere."""
    chosen = _password(invent)
    with _store(data) as store:
        store.staff.set_password(name, _hashed(chosen, name))
        store.audit.add("", "password reset", name)
    click.echo(f"{name} has another password." + (f" Password: {chosen}" if invent else ""))


@staff.command()
@click.argument("name")
@data_option
def remove(name: str, data: Path | None) -> None:
    """Close an account; what it did keeps its name."""
    with _store(data) as store:
        store.staff.set_active(name, False)
        store.audit.add("", "account closed", name)
    click.echo(f"{name} can no longer sign in.")


def _store(data: Path | None) -> ConsoleStore:
    return ConsoleStore.open(load_settings(data=data).data, guest=True)


def _password(invent: bool) -> str:
    if invent:
        from bot.console.passwords import invented

        return invented()
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")


def _hashed(password: str, name: str) -> str:
    from bot.console.passwords import SHORTEST, PasswordError, hashed
    from bot.reply import Line

    try:
        return hashed(password, name)
    except PasswordError as error:
        raise click.ClickException(Wording().say(Line(error.code, {"shortest": SHORTEST}), "en")) from error
