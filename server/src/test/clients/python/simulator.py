"""The official Python SDKs against the simulator: structured outputs, forced tools, strict types.

Reads GATE_URL and GATE_TEST_KEY; an assertion ends it.
"""

import os
from typing import Literal, Optional

import anthropic
import openai
from pydantic import BaseModel

URL = os.environ["GATE_URL"]
KEY = os.environ["GATE_TEST_KEY"]
gate = openai.OpenAI(base_url=f"{URL}/v1", api_key=KEY, max_retries=0)
claude = anthropic.Anthropic(base_url=URL, api_key=KEY, max_retries=0)


class Step(BaseModel):
    title: str
    minutes: int
    next: Optional["Step"]


class Plan(BaseModel):
    colour: Literal["red", "green"]
    steps: list[Step]
    first: Step


WHO = [{"role": "user", "content": "Plan it."}]
SCHEMA = Plan.model_json_schema()


def strictly(value):
    """As the SDK's own type, without any leniency."""
    type(value).model_validate(value.model_dump(by_alias=True, warnings="error"), strict=True)
    return value


def openai_parses_chats():
    answer = gate.chat.completions.parse(model="m", messages=WHO, response_format=Plan)
    assert isinstance(answer.choices[0].message.parsed, Plan)
    with gate.chat.completions.stream(model="m", messages=WHO, response_format=Plan) as stream:
        assert isinstance(stream.get_final_completion().choices[0].message.parsed, Plan)


def openai_parses_responses():
    assert isinstance(gate.responses.parse(model="m", input="Plan it.", text_format=Plan).output_parsed, Plan)
    with gate.responses.stream(model="m", input="Plan it.", text_format=Plan) as stream:
        for _ in stream:
            pass
        assert isinstance(stream.get_final_response().output_parsed, Plan)


def openai_calls_forced_tools():
    tools = [openai.pydantic_function_tool(Plan)]
    answer = gate.chat.completions.parse(model="m", messages=WHO, tools=tools, tool_choice="required")
    assert isinstance(answer.choices[0].message.tool_calls[0].function.parsed_arguments, Plan)
    answer = gate.responses.create(
        model="m", input="x", tools=[{"type": "function", "name": "plan", "parameters": SCHEMA, "strict": False}],
        tool_choice={"type": "function", "name": "plan"})
    Plan.model_validate_json(answer.output[0].arguments)


def openai_types_hold():
    strictly(gate.chat.completions.create(model="m", messages=WHO, logprobs=True, top_logprobs=2))
    for chunk in gate.chat.completions.create(
            model="m", messages=WHO, stream=True, stream_options={"include_usage": True}):
        strictly(chunk)
    strictly(gate.responses.create(model="m", input="Hi you"))
    tools = [{"type": "function", "name": "plan", "parameters": SCHEMA, "strict": False}]
    for text in ("Hi you", "now call:plan {\"a\": 1}"):
        for event in gate.responses.create(model="m", input=text, tools=tools, stream=True):
            strictly(event)
    strictly(gate.images.generate(model="m", prompt="a dot"))
    for event in gate.images.generate(model="m", prompt="a dot", stream=True):
        strictly(event)
    strictly(gate.embeddings.create(model="m", input=["a", "b"], encoding_format="float"))


def anthropic_parses_messages():
    answer = claude.messages.parse(model="m", max_tokens=500, messages=WHO, output_format=Plan)
    assert isinstance(answer.parsed_output, Plan)


def anthropic_calls_forced_tools():
    tools = [{"name": "plan", "input_schema": SCHEMA}]
    answer = claude.messages.create(
        model="m", max_tokens=500, messages=WHO, tools=tools, tool_choice={"type": "any"})
    Plan.model_validate(answer.content[0].input)
    with claude.messages.stream(
            model="m", max_tokens=500, messages=WHO, tools=tools,
            tool_choice={"type": "tool", "name": "plan"}) as stream:
        Plan.model_validate(stream.get_final_message().content[0].input)


def anthropic_types_hold():
    strictly(claude.messages.create(model="m", max_tokens=9, messages=WHO, stop_sequences=["it"]))
    for event in claude.messages.create(model="m", max_tokens=9, messages=WHO, stream=True):
        strictly(event)
    parts = [{"type": "text", "text": "<system-reminder>Be kind.</system-reminder>"},
             {"type": "text", "text": 'call:Read {"file_path": "/a"}'}]
    answer = claude.messages.create(
        model="m", max_tokens=500, messages=[{"role": "user", "content": parts}],
        tools=[{"name": "Read", "input_schema": {"type": "object"}}])
    assert strictly(answer).content[0].input == {"file_path": "/a"}


def anthropic_wants_max_tokens():
    try:
        claude.post("/v1/messages", body={"model": "m", "messages": WHO}, cast_to=object)
    except anthropic.BadRequestError as error:
        assert "max_tokens" in str(error)
        return
    raise AssertionError("BadRequestError was not raised")


for step in [value for name, value in list(globals().items()) if name.startswith(("openai_", "anthropic_"))]:
    step()
    print("ok", step.__name__)
