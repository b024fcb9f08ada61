"""Looks at everything that a shop's bot needs, beside a running bot or on an empty folder, and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from bot.health.doctor import data, online, parts, setup
from bot.health.doctor.verdict import Look, Verdict, fail
from bot.settings import Settings

_OFFLINE: dict[str, tuple[Look, ...]] = {
    "Settings": (setup.settings_found, setup.token, setup.owner, setup.clock, setup.ports),
    "Data": (data.folder, data.disk, data.database, data.catalogue, data.backups),
    "Parts": (parts.running, parts.models, parts.index, parts.look, data.staff),
    "Machine": (parts.machine,),
}
_ONLINE: dict[str, tuple[Look, ...]] = {"Telegram": (online.telegram,)}


def examined(settings: Settings, *, ask_telegram: bool = False) -> Iterator[tuple[str, Verdict]]:
    """(section, verdict) for one thing after the other, as they are found. What a look itself fails at is a verdict."""
    for section, looks in (_OFFLINE | (_ONLINE if ask_telegram else {})).items():
        for look in looks:
            try:
                for verdict in look(settings):
                    yield section, verdict
            except Exception as error:
                what = f"Cannot be looked at ({type(error).__name__}: {' '.join(str(error).split())[:200]})."
                yield section, fail(look.__name__, what, "Mend that first; then run shopbot doctor again.")
