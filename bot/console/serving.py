"""The console as a process: one to a data folder, on loopback, with TLS in front of it where staff are elsewhere."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from types import FrameType

import uvicorn
from fastapi import FastAPI
from jinja2 import Environment

from bot.console.app import build_app
from bot.console.news import News
from bot.lock import FolderLock
from bot.settings import Settings
from storage.turn_words import asked_words


def bound(port: int) -> socket.socket:
    """A listening socket on loopback; port 0 takes a free one. Raises OSError with a sentence where it is taken."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
        listening.listen()  # so that whoever reads the address waits for the first page rather than be refused
    except OSError as error:
        listening.close()
        raise OSError(f"Port {port} of the console is taken: name another with --port, or 0 for a free one.") from error
    return listening


def warm(app: FastAPI) -> None:
    """Loads what the first pages would wait for: the templates, and the dictionary that parts Chinese words."""
    templates: Environment = app.state.templates
    for name in templates.list_templates():
        templates.get_template(name)
    asked_words("蓝牙耳机")


def serve(settings: Settings, listening: socket.socket, begun: Callable[[], None] = lambda: None) -> None:
    """Serves until a signal; `begun` is called when the folder is ours. Raises FolderBusyError where another console
    serves it.
    """
    with listening, FolderLock(settings.data, owner="console"):
        begun()
        app = build_app(settings)
        threading.Thread(target=warm, args=[app], daemon=True, name="warming").start()
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            # A proxy on this machine says for whom it asks; nobody else is believed.
            proxy_headers=bool(settings.console_origin),
            timeout_graceful_shutdown=5,
        )
        _Server(config, app.state.news).run(sockets=[listening])


class _Server(uvicorn.Server):
    """Ends streams of news at a signal, which would otherwise keep it until they are cut off."""

    def __init__(self, config: uvicorn.Config, news: News) -> None:
        super().__init__(config)
        self._news = news

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._news.close()
        super().handle_exit(sig, frame)
