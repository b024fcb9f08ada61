"""A loopback chat-completions server in OpenAI's manner: it tells the truth, lies, obeys injected orders, breaks down.

    async with LyingServer(seed=1) as server:
        server.manner = "mixed"          # or another of MANNERS
        ... point a client at server.url ...
        server.told                      # every sentence it said, labelled: the oracle

It speaks the streamed and the plain form, with `response_format` and with tool calls, and reports usage.
"""

import asyncio
import json
import random
import re

from aiohttp import web

from tests.support.phrasing import Speaker, Told

_DATA = re.compile(r"<<data (\w+)>>\n(.*)\n<<end of data \1>>", re.DOTALL)
_PIECE = 24  # characters in one event of the stream
LIE_SHARE = 0.5
SAYING = ("truth", "held", "lie", "mixed")
BREAKING = ("stall", "slow", "429", "500", "cut", "broken", "shape", "oversize", "silent", "endless", "page")
MANNERS = (*SAYING, *BREAKING)


class LyingServer:
    """One server. `requests` are the bodies it was sent; `pause` is in seconds, between the pieces of a stream."""

    def __init__(self, seed=1, manner="mixed", pause=0.0):
        self.manner, self.pause = manner, pause
        self.told, self.requests, self.keys = [], [], []
        self._rng = random.Random(seed)
        self._runner = None
        self.url = ""

    async def __aenter__(self):
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._complete)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"
        return self

    async def __aexit__(self, *_):
        await self._runner.cleanup()

    def labels(self, text):
        """Every label this sentence was said with; "" is the truth."""
        return {told.lie for told in self.told if told.text.strip() == text.strip()}

    # --- what it says --------------------------------------------------------------------------------

    def answer(self, facts):
        """The labelled sentences for the facts of one prompt, by the manner."""
        speaker = Speaker(facts, self._rng, held=self.manner == "held")
        told = []
        for number in (0, *speaker.cards):
            lying = self.manner == "lie" or (self.manner == "mixed" and self._rng.random() < LIE_SHARE)
            if number == 0:
                told.append(speaker.lying_opening() if lying else speaker.opening())
            else:
                told.append(speaker.lie(number) if lying else speaker.truth(number))
        return told

    def _body(self, request):
        """The JSON text of the answer."""
        user = next(each["content"] for each in request["messages"] if each["role"] == "user")
        facts = json.loads(_DATA.search(user)[2])
        told = self.answer(facts)
        self.told += told
        cards = [{"card": each.card, "sentence": each.text} for each in told if each.card]
        if self.manner == "oversize":
            self.told.append(Told(1, "x" * 200, "oversize"))
            cards = [{"card": 1, "sentence": "x" * 200} for _ in range(1000)]
        body = json.dumps({"opening": told[0].text, "cards": cards}, ensure_ascii=False)
        return {"broken": body[: len(body) // 2] + "}}", "shape": '{"page": [1, 2]}', "silent": ""}.get(
            self.manner, body
        )

    # --- how it says it ------------------------------------------------------------------------------

    async def _complete(self, request):
        body = await request.json()
        self.requests.append(body)
        self.keys.append(request.headers.get("Authorization", ""))
        if self.manner in ("429", "500"):
            return web.json_response({"error": {"message": "no", "type": "trouble"}}, status=int(self.manner))
        if self.manner == "page":
            return web.Response(text="<html>Sign in to the network</html>", content_type="text/html")
        if self.manner == "stall":
            await asyncio.sleep(60)
        text = self._body(body)
        usage = {"prompt_tokens": 700, "completion_tokens": max(len(text) // 4, 1)}
        usage["total_tokens"] = sum(usage.values())
        if body.get("stream"):
            return await self._stream(request, body, text, usage)
        message = _message(body, text)
        choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": "stop"}
        return web.json_response({**_frame("chat.completion"), "choices": [choice], "usage": usage})

    async def _stream(self, request, body, text, usage):
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        while self.manner == "endless":
            await _send(response, _event({"role": "assistant", **_delta(body, " ", False)}))
            await asyncio.sleep(0.005)
        pieces = [text[at : at + _PIECE] for at in range(0, len(text), _PIECE)]
        for number, piece in enumerate(pieces):
            if self.manner == "cut" and number == len(pieces) // 2:
                request.transport.close()
                return response
            if self.manner == "slow" and number == len(pieces) // 2:
                await asyncio.sleep(60)
            await asyncio.sleep(self.pause)
            await _send(response, _event({"role": "assistant", **_delta(body, piece, number == 0)}))
        await _send(response, _event({}, "stop"))
        if (body.get("stream_options") or {}).get("include_usage"):
            await _send(response, {**_frame("chat.completion.chunk"), "choices": [], "usage": usage})
        await response.write(b"data: [DONE]\n\n")
        return response


def _frame(kind):
    return {"id": "lie", "object": kind, "created": 1, "model": "liar"}


def _event(delta, finish=None):
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {**_frame("chat.completion.chunk"), "choices": [choice]}


def _delta(body, piece, first):
    """A piece of the text, as content or as the arguments of the tool that the request names."""
    if "tools" not in body:
        return {"content": piece}
    function = {"arguments": piece} | ({"name": body["tools"][0]["function"]["name"]} if first else {})
    call = {"index": 0, "function": function} | ({"id": "call", "type": "function"} if first else {})
    return {"tool_calls": [call]}


def _message(body, text):
    if "tools" not in body:
        return {"content": text}
    function = {"name": body["tools"][0]["function"]["name"], "arguments": text}
    return {"content": None, "tool_calls": [{"id": "call", "type": "function", "function": function}]}


async def _send(response, event):
    await response.write(f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode())
