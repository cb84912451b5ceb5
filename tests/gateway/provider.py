"""A provider of all three protocols over real HTTP, which misbehaves as its model's name says.

It counts what it bills: `billed` is what the ledger must say.
"""

import asyncio
import json
import re

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, StreamingResponse
from starlette.routing import Route

SENT, WRITTEN = 50, 5
LIES = {"negative": -5, "text": "many", "huge": 10**30, "zero": 0, "unlikely": 10**8, "beyond": 10**8}


class FakeProvider:
    def __init__(self):
        self.seen: list[dict] = []
        self.headers: list[dict] = []
        self.urls: list[str] = []
        self.billed = 0
        post = ["POST"]
        self.application = Starlette(
            routes=[
                Route("/v1/messages", self.messages, methods=post),
                Route("/v1/messages/count_tokens", self.count, methods=post),
                Route("/v1/chat/completions", self.chat, methods=post),
                Route("/v1/responses", self.responses, methods=post),
                Route("/v1/embeddings", self.embeddings, methods=post),
                Route("/v1beta/models/{call:path}", self.gemini, methods=post),
            ]
        )

    async def _take(self, request: Request, model=""):
        asked = json.loads(await request.body())
        self.seen.append(asked)
        self.headers.append(dict(request.headers))
        self.urls.append(str(request.url))
        return asked, asked.get("model", model)

    async def misbehaves(self, model):
        """The answer that MODEL is named for, None for one that behaves."""
        if refusal := re.fullmatch(r"status-(\d+)", model):
            return JSONResponse({"error": {"message": "The provider's own words."}}, int(refusal[1]))
        if model == "html":
            return HTMLResponse("<p>Sign in to the hotel's network</p>")
        if model == "redirect":
            return RedirectResponse("http://127.0.0.1:9/", 302)
        if model == "silent":
            await asyncio.sleep(60)
        return None

    def use(self, model):
        said = LIES.get(model, SENT)
        self.billed += SENT + WRITTEN
        return said

    async def messages(self, request):
        asked, model = await self._take(request)
        if odd := await self.misbehaves(model):
            return odd
        usage = {"input_tokens": self.use(model), "cache_read_input_tokens": 0, "output_tokens": WRITTEN}
        if '"1h"' in json.dumps(asked):
            kept = {
                "cache_creation": {"ephemeral_1h_input_tokens": SENT},
                "cache_creation_input_tokens": SENT,
            }
            usage |= kept | {"input_tokens": 0}
        if model == "weighty":
            await asyncio.sleep(0.1)
            usage["input_tokens"] = 300_000
        if not asked.get("stream"):
            if model == "mute":
                return JSONResponse({"type": "message", "content": []})
            answer = {"type": "message", "content": [{"type": "text", "text": "Hello"}], "usage": usage}
            return JSONResponse(answer, headers={"request-id": "req_1", "anthropic-organization-id": "org"})
        usage = {} if model == "mute" else usage
        events = [
            {"type": "message_start", "message": {"usage": {**usage, "output_tokens": 1}}},
            *({"type": "content_block_delta", "delta": {"text": "Hel"}} for _ in range(3)),
            {"type": "message_delta", "usage": {"output_tokens": WRITTEN}},
            {"type": "message_stop"},
        ]
        return self.stream(
            model, [f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events]
        )

    def stream(self, model, events):
        async def parts():
            for number, event in enumerate(events):
                yield event.encode()
                if model == "slow":
                    await asyncio.sleep(0.05)
                if model == "flood" and number == 2:
                    for _ in range(300):
                        yield b": " + b"x" * 65_536 + b"\n\n"
                if model == "cut" and number == 2:
                    raise ConnectionError
                if model == "endless" and number == 2:
                    while True:
                        yield b": ping\n\n"
                        await asyncio.sleep(0.05)

        return StreamingResponse(parts(), media_type="text/event-stream")

    async def count(self, request):
        await self._take(request)
        return JSONResponse({"input_tokens": SENT})

    async def chat(self, request):
        asked, model = await self._take(request)
        if odd := await self.misbehaves(model):
            return odd
        details = {"cached_tokens": 10}
        usage = {
            "prompt_tokens": self.use(model),
            "completion_tokens": WRITTEN,
            "prompt_tokens_details": details,
        }
        usage = None if model == "mute" else usage
        if not asked.get("stream"):
            return JSONResponse({"choices": [{"message": {"content": "Hello"}}], "usage": usage})
        chunks = [{"choices": [{"delta": {"content": "Hello"}}], "usage": None}] * 3
        if asked.get("stream_options", {}).get("include_usage"):
            chunks = [*chunks, {"choices": [], "usage": usage}]
        return self.stream(
            model, [f"data: {json.dumps(chunk)}\n\n" for chunk in chunks] + ["data: [DONE]\n\n"]
        )

    async def responses(self, request):
        asked, model = await self._take(request)
        if odd := await self.misbehaves(model):
            return odd
        usage = {"input_tokens": self.use(model), "output_tokens": WRITTEN}
        usage = None if model == "mute" else usage
        if not asked.get("stream"):
            return JSONResponse({"object": "response", "usage": usage})
        events = [
            {"type": "response.created", "response": {"usage": None}},
            {"type": "response.output_text.delta", "delta": "Hello"},
            {"type": "response.completed", "response": {"usage": usage}},
        ]
        return self.stream(model, [f"data: {json.dumps(event)}\n\n" for event in events])

    async def embeddings(self, request):
        await self._take(request)
        self.billed += SENT
        return JSONResponse({"data": [{"embedding": [0.1]}], "usage": {"prompt_tokens": SENT}})

    async def gemini(self, request):
        call = request.path_params["call"]
        _, model = await self._take(request, call.partition(":")[0])
        if odd := await self.misbehaves(model):
            return odd
        usage = {"promptTokenCount": self.use(model), "candidatesTokenCount": 2, "thoughtsTokenCount": 3}
        usage = {} if model == "mute" else usage
        part = {"content": {"parts": [{"text": "Hello"}]}}
        begin = {"candidates": [part], "usageMetadata": {"promptTokenCount": SENT}}
        answers = [*([begin] * 3), {"candidates": [{**part, "finishReason": "STOP"}], "usageMetadata": usage}]
        if call.endswith(":generateContent"):
            return JSONResponse(answers[-1])
        if request.query_params.get("alt") != "sse":
            return JSONResponse(answers)
        return self.stream(model, [f"data: {json.dumps(answer)}\r\n\r\n" for answer in answers])
