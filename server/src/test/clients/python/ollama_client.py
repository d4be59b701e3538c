"""Ollama's official Python client, unmodified, on every base URL it may be given.

Reads GATE_URLS (which need the key in a header), GATE_KEYED_URLS (which hold it), GATE_KEY and
GATE_STRANGER (may not use this service); an assertion ends it.
"""

import asyncio
import os

import ollama

KEY = os.environ["GATE_KEY"]
URLS = os.environ["GATE_URLS"].split()
KEYED_URLS = os.environ["GATE_KEYED_URLS"].split()
MODEL = "llama3.2"
TEXT = "Hello, wörld – ünïcode!"
QUESTION = [{"role": "user", "content": "Say hello."}]


def bearer(key):
    return {"Authorization": f"Bearer {key}"}


def refused(status, text, call):
    try:
        call()
    except ollama.ResponseError as error:
        assert error.status_code == status, error
        assert text in error.error, error
        return
    raise AssertionError("ollama.ResponseError was not raised")


def serves(client):
    assert [model.model for model in client.list().models] == ["llama3.2:latest"]
    assert client.ps().models[0].size_vram == 3338801804
    assert client.show(MODEL).capabilities == ["completion"]
    answer = client.chat(model=MODEL, messages=QUESTION)
    assert answer.message.content == TEXT, answer
    assert (answer.prompt_eval_count, answer.eval_count) == (26, 8)
    parts = list(client.chat(model=MODEL, messages=QUESTION, stream=True))
    assert "".join(part.message.content for part in parts) == TEXT
    assert parts[-1].done and len(parts) == 8
    assert client.generate(model=MODEL, prompt="Say hello.").response == TEXT
    assert list(client.embed(model=MODEL, input="x").embeddings[0]) == [0.5, -0.25, 1.0]


def fails_as_ollama_does(client):
    refused(404, "model 'nobody' not found", lambda: client.chat(model="nobody", messages=QUESTION))
    # An error line in a stream of status 200: the client has no status for it.
    refused(-1, "unexpectedly stopped", lambda: list(client.chat(model="breaks", messages=QUESTION, stream=True)))


def is_not_managed(client):
    calls = [
        lambda: client.pull(MODEL),
        lambda: list(client.pull(MODEL, stream=True)),
        lambda: client.push(MODEL),
        lambda: client.delete(MODEL),
        lambda: client.create(model="mine", from_=MODEL),
        lambda: client.copy(MODEL, "mine"),
    ]
    for call in calls:
        refused(403, "chat:manage", call)


async def serves_asynchronously(client):
    text = ""
    async for part in await client.chat(model="llama3.2:latest", messages=QUESTION, stream=True):
        text += part.message.content
    assert text == TEXT
    try:
        await client.pull(MODEL)
    except ollama.ResponseError as error:
        assert error.status_code == 403, error
        return
    raise AssertionError("ollama.ResponseError was not raised")


def check(client):
    serves(client)
    fails_as_ollama_does(client)
    is_not_managed(client)


for url in URLS:
    check(ollama.Client(host=url, headers=bearer(KEY)))
    asyncio.run(serves_asynchronously(ollama.AsyncClient(host=url + "/", headers=bearer(KEY))))
    refused(401, "key", lambda: ollama.Client(host=url).list())
    refused(401, "key", lambda: ollama.Client(host=url, headers=bearer("wrong")).list())
    stranger = ollama.Client(host=url, headers=bearer(os.environ["GATE_STRANGER"]))
    refused(403, "", stranger.list)
    refused(403, "", lambda: stranger.chat(model=MODEL, messages=QUESTION))
for url in KEYED_URLS:
    check(ollama.Client(host=url))
    refused(401, "key", lambda: ollama.Client(host=url.replace(KEY, "wrong")).list())

# By environment alone, for programs that cannot be changed.
os.environ["OLLAMA_HOST"] = URLS[0]
os.environ["OLLAMA_API_KEY"] = KEY
assert ollama.Client().list().models
print("ok", len(URLS + KEYED_URLS), "base URLs")
