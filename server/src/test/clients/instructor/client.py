"""instructor against the simulator, unmodified."""

import os
from typing import Literal

import anthropic
import instructor
import openai
from pydantic import BaseModel

URL = os.environ["GATE_URL"]
KEY = os.environ["GATE_TEST_KEY"]


class Plan(BaseModel):
    colour: Literal["red", "green"]
    steps: list[str]
    minutes: int


QUESTION = [{"role": "user", "content": "Plan it."}]
for mode in (instructor.Mode.TOOLS, instructor.Mode.TOOLS_STRICT, instructor.Mode.JSON_SCHEMA):
    client = instructor.from_openai(openai.OpenAI(base_url=f"{URL}/v1", api_key=KEY), mode=mode)
    assert isinstance(client.chat.completions.create(
        model="m", messages=QUESTION, response_model=Plan, max_retries=0), Plan)
    print("ok instructor openai", mode)
client = instructor.from_anthropic(anthropic.Anthropic(base_url=URL, api_key=KEY))
assert isinstance(client.messages.create(
    model="m", max_tokens=500, messages=QUESTION, response_model=Plan, max_retries=0), Plan)
print("ok instructor anthropic")
