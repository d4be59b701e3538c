"""The official Python SDKs, unmodified: everything a caller does with them has to work through the gate.

Reads GATE_URL, GATE_KEY and GATE_NARROW_KEY (allowed `other-model` only); an assertion ends it.
"""

import os

import anthropic
import openai

URL = os.environ["GATE_URL"]
QUESTION = [{"role": "user", "content": "Say hello."}]
TOOL = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}


def openai_client(key):
    return openai.OpenAI(base_url=f"{URL}/v1", api_key=key, max_retries=0)


def anthropic_client(key):
    return anthropic.Anthropic(base_url=URL, api_key=key, max_retries=0)


gate = openai_client(os.environ["GATE_KEY"])
claude = anthropic_client(os.environ["GATE_KEY"])
narrow = os.environ["GATE_NARROW_KEY"]


def refuses(error, call):
    try:
        call()
    except error:
        return
    raise AssertionError(f"{error.__name__} was not raised")


def openai_models():
    assert "fast" in [model.id for model in gate.models.list()]
    assert gate.models.retrieve("fast").id == "fast"


def openai_chat():
    answer = gate.chat.completions.create(model="fast", messages=QUESTION)
    assert answer.choices[0].message.content == "Hello, wörld é!"
    assert answer.usage.prompt_tokens == 11


def openai_stream():
    text = ""
    for chunk in gate.chat.completions.create(model="fast", messages=QUESTION, stream=True):
        assert len(chunk.choices) == 1
        text += chunk.choices[0].delta.content or ""
    assert text == "Hello, wörld – ünïcode!", text


def openai_tools():
    function = {"type": "function", "function": {"name": "weather", "parameters": TOOL}}
    answer = gate.chat.completions.create(model="fast", messages=QUESTION, tools=[function])
    assert answer.choices[0].message.tool_calls[0].function.arguments == '{"city":"Bern"}'


def openai_responses():
    assert gate.responses.create(model="fast", input="Hi").output_text == "Hello, wörld"
    events = list(gate.responses.create(model="fast", input="Hi", stream=True))
    assert events[-1].type == "response.completed"


def openai_embeddings():
    answer = gate.embeddings.create(model="fast", input="x")
    assert answer.data[0].embedding == [0.5, -0.25, 1.0]


def openai_images():
    assert gate.images.generate(model="fast", prompt="a dot").data[0].b64_json == "iVBORw0KGgo="


def openai_abort():
    stream = gate.chat.completions.create(model="endless", messages=QUESTION, stream=True)
    for seen, _ in enumerate(stream):
        if seen == 3:
            break
    stream.close()


def openai_errors():
    def call(client, model):
        return lambda: client.chat.completions.create(model=model, messages=QUESTION)

    refuses(openai.AuthenticationError, call(openai_client("wrong"), "fast"))
    refuses(openai.PermissionDeniedError, call(openai_client(narrow), "fast"))
    refuses(openai.NotFoundError, call(gate, "no-such-model"))
    refuses(openai.InternalServerError, call(gate, "down"))


def anthropic_messages():
    answer = claude.messages.create(model="claude", max_tokens=100, messages=QUESTION)
    assert answer.content[0].text == "Hello, wörld"
    assert answer.usage.output_tokens == 7


def anthropic_stream():
    with claude.messages.stream(model="claude", max_tokens=100, messages=QUESTION) as stream:
        assert stream.get_final_text() == "Hello, wörld"


def anthropic_tools():
    tools = [{"name": "weather", "input_schema": TOOL}]
    answer = claude.messages.create(model="claude", max_tokens=100, messages=QUESTION, tools=tools)
    assert answer.content[0].input == {"city": "Bern"}


def anthropic_count_tokens():
    assert claude.messages.count_tokens(model="claude", messages=QUESTION).input_tokens == 14


def anthropic_models():
    assert "claude" in [model.id for model in claude.models.list()]


def anthropic_errors():
    def call(client, model):
        return lambda: client.messages.create(model=model, max_tokens=10, messages=QUESTION)

    refuses(anthropic.AuthenticationError, call(anthropic_client("wrong"), "claude"))
    refuses(anthropic.PermissionDeniedError, call(anthropic_client(narrow), "claude"))
    refuses(anthropic.NotFoundError, call(claude, "no-such-model"))


for step in [value for name, value in list(globals().items()) if name.startswith(("openai_", "anthropic_"))]:
    if not step.__name__.endswith("_client"):
        step()
        print("ok", step.__name__)
