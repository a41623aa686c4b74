"""The field's baseline: a pass-through proxy of FastAPI and httpx, as most gateways in Python begin.

Checks the client's key, sets the provider's, writes the provider's name of the model, and relays status, body and
events as they come. Environment: UPSTREAM (base URL), CLIENT_KEY, PROVIDER_KEY.
"""

import json
import os
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, StreamingResponse

UPSTREAM = os.environ["UPSTREAM"]
CLIENT = "Bearer " + os.environ["CLIENT_KEY"]
PROVIDER = "Bearer " + os.environ["PROVIDER_KEY"]


@asynccontextmanager
async def lifespan(app: FastAPI):
    limits = httpx.Limits(max_connections=512, max_keepalive_connections=512)
    async with httpx.AsyncClient(limits=limits, timeout=60) as client:
        app.state.client = client
        yield


app = FastAPI(lifespan=lifespan)


@app.post("/v1/chat/completions")
async def chat(request: Request):
    if request.headers.get("authorization") != CLIENT:
        return JSONResponse({"error": {"message": "no such key", "type": "invalid_request_error"}}, status_code=401)
    body = await request.json()
    body["model"] = "upstream-model"
    upstream = app.state.client.build_request(
        "POST",
        UPSTREAM + "/chat/completions",
        content=json.dumps(body).encode(),
        headers={"authorization": PROVIDER, "content-type": "application/json"},
    )
    answer = await app.state.client.send(upstream, stream=True)

    async def events():
        try:
            async for piece in answer.aiter_raw():
                yield piece
        finally:
            await answer.aclose()

    return StreamingResponse(events(), status_code=answer.status_code, media_type=answer.headers.get("content-type"))
