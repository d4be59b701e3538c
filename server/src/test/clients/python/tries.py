"""The official Python SDKs, with their own retries: each case past the gate and through it. The provider counts.

Reads GATE_URL, GATE_KEY, DIRECT_URL and CASES (names with commas between them).
"""

import os

import anthropic
import openai

GATE, DIRECT = os.environ["GATE_URL"], os.environ["DIRECT_URL"]
QUESTION = [{"role": "user", "content": "Say hello."}]
openais = {
    "direct-": openai.OpenAI(base_url=f"{DIRECT}/v1", api_key="any"),
    "local/gate-": openai.OpenAI(base_url=f"{GATE}/v1", api_key=os.environ["GATE_KEY"]),
}
anthropics = {
    "direct-": anthropic.Anthropic(base_url=DIRECT, api_key="any"),
    "claudes/gate-": anthropic.Anthropic(base_url=GATE, api_key=os.environ["GATE_KEY"]),
}


def fails(error, call):
    try:
        call()
    except error:
        return
    raise AssertionError("nothing was raised")


for case in os.environ["CASES"].split(","):
    for prefix, client in openais.items():
        fails(
            openai.APIStatusError,
            lambda: client.chat.completions.create(model=prefix + case, messages=QUESTION),
        )
    for prefix, client in anthropics.items():
        fails(
            anthropic.APIStatusError,
            lambda: client.messages.create(model=prefix + case, messages=QUESTION, max_tokens=9),
        )
print("ok tries")
