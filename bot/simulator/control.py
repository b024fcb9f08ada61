"""The control API under /control: the shoppers' side of the simulator, and the levers of a test.

Loopback only and JSON throughout; errors are `{"error": "one sentence"}` with status 400. The web chat and
`shopper.Shopper` are its clients.

    GET  /control/state                       the bot, whether it asks for updates, the shoppers, their newest messages
    POST /control/shoppers                    {first_name, language_code, username}
    GET  /control/chats/ID?after=N            messages (with ids above N), menu of commands, counters
    GET  /control/chats/ID/wait?version=N     counters, once they differ from N
    POST /control/chats/ID/text               {text, reply_to, whole}
    POST /control/chats/ID/photo              multipart: photo, caption (both optional)
    POST /control/chats/ID/document           multipart: document, caption (optional)
    POST /control/chats/ID/sticker|voice      {}
    POST /control/chats/ID/edit               {text, message_id}
    POST /control/chats/ID/tap                {label | data, message_id}
    POST /control/chats/ID/inline             {text}: "@bot text" in some other chat
    POST /control/chats/ID/block              {blocked}
    POST /control/chats/ID/update             {kind, content}: any other update in this shopper's name
    GET  /control/queries/ID                  what the bot answered to a tap
    GET  /control/events                      server-sent events
    GET  /control/calls?method=&chat_id=      recorded calls; DELETE forgets them
    GET  /control/alarms                      methods that are not served
    GET  /control/faults   POST {method, kind, ...}   DELETE
    POST /control/flood                       {chat_burst, ...}: flood control from here on; DELETE ends it
    POST /control/updates                     {kind, body}: any update, well formed or not
    POST /control/clock                       {advance: seconds}
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from aiohttp import web

from bot.simulator import acts
from bot.simulator.arguments import Arguments, read_arguments
from bot.simulator.chats import Person
from bot.simulator.errors import ApiError
from bot.simulator.faults import Fault
from bot.simulator.flood import Flood
from bot.simulator.simulator import Simulator
from bot.simulator.store import Store

SIMULATOR = web.AppKey("simulator", Simulator)
MAX_WAIT = 60.0
HEARTBEAT = 15.0
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def _sentences(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turns what a shopper cannot do into a 400 with a sentence."""
    try:
        return await handler(request)
    except (acts.ActError, ApiError, ValueError, TypeError) as error:
        return web.json_response({"error": str(error)}, status=400)


def build_control(simulator: Simulator) -> web.Application:
    """The sub-application to be mounted at /control."""
    app = web.Application(middlewares=[_sentences], client_max_size=60 * 1024 * 1024)
    app[SIMULATOR] = simulator
    chat = r"/chats/{chat_id:\d{1,15}}"
    app.add_routes(
        [
            web.get("/state", _state),
            web.post("/shoppers", _join),
            web.get(chat, _chat),
            web.get(chat + "/wait", _wait),
            web.post(chat + "/{act:text|photo|document|sticker|voice|edit|tap|inline|block|update}", _act),
            web.get("/queries/{query_id}", _query),
            web.get("/events", _events),
            web.get("/calls", _calls),
            web.delete("/calls", _forget_calls),
            web.get("/alarms", _alarms),
            web.get("/faults", _faults),
            web.post("/faults", _add_fault),
            web.delete("/faults", _clear_faults),
            web.post("/flood", _control_flood),
            web.delete("/flood", _end_flood),
            web.post("/updates", _push),
            web.post("/clock", _clock),
        ]
    )
    return app


async def _state(request: web.Request) -> web.Response:
    simulator = request.app[SIMULATOR]
    return web.json_response({**await simulator.act(_everybody), "listening": await simulator.listening()})


def _everybody(store: Store) -> dict[str, Any]:
    people = [{**_shown(store, person), "last": _last(store, person.id)} for person in store.chats.people()]
    return {"bot": store.bot(), "description": store.profile.get("description", ""), "people": people}


def _last(store: Store, chat_id: int) -> Any:
    newest = store.chats.history(chat_id, limit=1)
    return newest[0] if newest else None


def _shown(store: Store, person: Person) -> dict[str, Any]:
    return {**asdict(person), "menu": store.profile.menu(person.id, person.language_code)}


async def _join(request: web.Request) -> web.Response:
    given = await read_arguments(request)
    name, language, username = (given.text(key) for key in ("first_name", "language_code", "username"))
    simulator = request.app[SIMULATOR]
    return web.json_response(
        await simulator.act(lambda store: _shown(store, acts.join(store, name, language, username)))
    )


async def _chat(request: web.Request) -> web.Response:
    simulator, chat_id = request.app[SIMULATOR], int(request.match_info["chat_id"])
    after = int(request.query.get("after", "0"))
    found = await simulator.act(lambda store: _whole_chat(store, chat_id, after))
    return web.json_response({**found, **asdict(simulator.feed.tally(chat_id))})


def _whole_chat(store: Store, chat_id: int, after: int) -> dict[str, Any]:
    person = store.chats.person(chat_id)
    if person is None:
        raise acts.ActError(f"There is no shopper {chat_id}.")
    return {
        "person": _shown(store, person),
        "messages": store.chats.history(chat_id, after=after),
        "pending": store.updates.count(chat_id),
    }


async def _wait(request: web.Request) -> web.Response:
    simulator, chat_id = request.app[SIMULATOR], int(request.match_info["chat_id"])
    timeout = min(float(request.query.get("timeout", "10")), MAX_WAIT)
    tally = await simulator.feed.changed(chat_id, int(request.query.get("version", "-1")), timeout)
    return web.json_response({**asdict(tally), **await simulator.act(lambda store: _counts(store, chat_id))})


def _counts(store: Store, chat_id: int) -> dict[str, int]:
    person = store.chats.person(chat_id)
    return {"pending": store.updates.count(chat_id), "newest": person.last_message_id if person else 0}


async def _act(request: web.Request) -> web.Response:
    chat_id, act = int(request.match_info["chat_id"]), request.match_info["act"]
    given = await read_arguments(request)
    perform = _ACTS[act]
    return web.json_response({"result": await request.app[SIMULATOR].act(lambda store: perform(store, chat_id, given))})


def _photo(store: Store, chat_id: int, given: Arguments) -> Any:
    upload = given.upload("photo")
    return acts.send_photo(store, chat_id, upload.content if upload else b"", given.text("caption"))


def _document(store: Store, chat_id: int, given: Arguments) -> Any:
    upload = given.upload("document")
    if upload is None:
        raise acts.ActError("There is no document in the request.")
    return acts.send_document(store, chat_id, upload.content, upload.name, upload.content_type, given.text("caption"))


def _tap(store: Store, chat_id: int, given: Arguments) -> Any:
    return acts.tap(
        store,
        chat_id,
        label=given.text("label"),
        data=given.text("data"),
        message_id=given.integer("message_id"),
    )


_ACTS: dict[str, Callable[[Store, int, Arguments], Any]] = {
    "text": lambda store, chat_id, given: acts.say(
        store, chat_id, given.text("text"), reply_to=given.integer("reply_to"), whole=given.flag("whole")
    ),
    "photo": _photo,
    "document": _document,
    "sticker": lambda store, chat_id, given: acts.send_sticker(store, chat_id, given.text("emoji") or "👍"),
    "voice": lambda store, chat_id, given: acts.send_voice(store, chat_id, given.integer("seconds", 3)),
    "edit": lambda store, chat_id, given: acts.edit(store, chat_id, given.text("text"), given.integer("message_id")),
    "tap": _tap,
    "inline": lambda store, chat_id, given: acts.ask_inline(store, chat_id, given.text("text")),
    "block": lambda store, chat_id, given: asdict(acts.block(store, chat_id, given.flag("blocked"))),
    "update": lambda store, chat_id, given: acts.send(
        store, chat_id, given.text("kind"), given.json("content", "content is no object")
    ),
}


async def _query(request: web.Request) -> web.Response:
    query_id = request.match_info["query_id"]
    answer = await request.app[SIMULATOR].act(lambda store: store.queries.answered(query_id))
    return web.json_response({"answer": answer})


async def _events(request: web.Request) -> web.StreamResponse:
    """Every event as it is committed; a comment now and then keeps the connection honest."""
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    )
    async with request.app[SIMULATOR].feed.watch() as queue:
        await response.prepare(request)
        await response.write(b"retry: 1000\nevent: hello\ndata: {}\n\n")
        await _stream(response, queue)
    return response


async def _stream(response: web.StreamResponse, queue: asyncio.Queue[dict[str, Any] | None]) -> None:
    while True:
        try:
            event = await asyncio.wait_for(queue.get(), HEARTBEAT)
        except TimeoutError:
            chunk = ": still here\n\n"
        else:
            if event is None:
                return
            chunk = f"data: {json.dumps(event, ensure_ascii=False)}\n\n"
        try:
            await response.write(chunk.encode())
        except ConnectionError:
            return


async def _calls(request: web.Request) -> web.Response:
    chat = request.query.get("chat_id")
    found = await request.app[SIMULATOR].calls(
        request.query.get("method", ""), int(chat) if chat else None, float(request.query.get("since", "0"))
    )
    return web.json_response({"calls": [asdict(call) for call in found]})


async def _forget_calls(request: web.Request) -> web.Response:
    await request.app[SIMULATOR].act(lambda store: store.calls.clear())
    return web.json_response({})


async def _alarms(request: web.Request) -> web.Response:
    return web.json_response({"alarms": await request.app[SIMULATOR].alarms()})


async def _faults(request: web.Request) -> web.Response:
    return web.json_response({"faults": [asdict(fault) for fault in request.app[SIMULATOR].faults.all]})


async def _add_fault(request: web.Request) -> web.Response:
    fault = request.app[SIMULATOR].faults.add(Fault(**await request.json()))
    return web.json_response(asdict(fault))


async def _clear_faults(request: web.Request) -> web.Response:
    request.app[SIMULATOR].faults.clear()
    return web.json_response({})


async def _control_flood(request: web.Request) -> web.Response:
    limits = await request.json()
    request.app[SIMULATOR].flood = Flood(**{name: float(limit) for name, limit in limits.items()})
    return web.json_response({})


async def _end_flood(request: web.Request) -> web.Response:
    request.app[SIMULATOR].flood = None
    return web.json_response({})


async def _push(request: web.Request) -> web.Response:
    given = await request.json()
    update_id = await request.app[SIMULATOR].act(lambda store: acts.push(store, given["kind"], given["body"]))
    return web.json_response({"update_id": update_id})


async def _clock(request: web.Request) -> web.Response:
    given = await request.json()
    clock = request.app[SIMULATOR].clock
    clock.advance(float(given.get("advance", 0)))
    return web.json_response({"now": clock.now()})
