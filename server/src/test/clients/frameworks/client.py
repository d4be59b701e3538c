"""LangChain, LangGraph and pydantic-ai against the simulator, unmodified.

Reads GATE_URL and GATE_TEST_KEY; an assertion ends it.
"""

import os
from typing import Literal, Optional

from langchain_anthropic import ChatAnthropic
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from langgraph.checkpoint.memory import MemorySaver
from langgraph.prebuilt import create_react_agent
from pydantic import BaseModel

URL = os.environ["GATE_URL"]
KEY = os.environ["GATE_TEST_KEY"]


class Step(BaseModel):
    title: str
    minutes: int
    next: Optional["Step"]


class Plan(BaseModel):
    """A plan."""

    colour: Literal["red", "green"]
    steps: list[str]
    first: Step


@tool
def add(a: int, b: int) -> str:
    """Adds two numbers."""
    return f"sum {a + b}"


def models():
    openai = dict(model="gpt-4o", base_url=f"{URL}/v1", api_key=KEY, max_retries=0)
    yield "chat", ChatOpenAI(**openai)
    yield "responses", ChatOpenAI(use_responses_api=True, output_version="responses/v1", **openai)
    yield "messages", ChatAnthropic(model="claude-sonnet-4-5", base_url=URL, api_key=KEY, max_retries=0)


for name, model in models():
    for method in ("json_schema", "function_calling"):
        got = model.with_structured_output(Plan, method=method).invoke("Plan it.")
        assert isinstance(got, Plan), got
    print("ok langchain", name, "structured outputs")
    assert "".join(part.text for part in model.stream("Hello there")) == "Hello there"
    called = model.bind_tools([add], tool_choice="any").invoke("Plan it.")
    assert called.tool_calls[0]["name"] == "add", called
    print("ok langchain", name, "streams and forced tools")
    agent = create_react_agent(model, [add], checkpointer=MemorySaver())
    thread = {"configurable": {"thread_id": "1"}}
    for turn in range(1, 4):
        state = agent.invoke({"messages": [("user", 'Please call:add {"a": 1, "b": 2} now')]}, thread)
        assert state["messages"][-1].text == "sum 3", state
        assert len(state["messages"]) == 4 * turn, [m.id for m in state["messages"]]
    print("ok langgraph", name, "keeps every turn")

embeddings = OpenAIEmbeddings(model="text-embedding-3-small", base_url=f"{URL}/v1", api_key=KEY, max_retries=0,
                              check_embedding_ctx_length=False)
assert len(embeddings.embed_documents(["a", "b"])) == 2
print("ok langchain embeddings")

from pydantic_ai import Agent
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.openai import OpenAIProvider

provider = OpenAIProvider(base_url=f"{URL}/v1", api_key=KEY)
import anthropic
claude = AnthropicProvider(anthropic_client=anthropic.AsyncAnthropic(base_url=URL, api_key=KEY, max_retries=0))
for name, model in (("chat", OpenAIChatModel("gpt-4o", provider=provider)),
                    ("responses", OpenAIResponsesModel("gpt-4o", provider=provider)),
                    ("messages", AnthropicModel("claude-sonnet-4-5", provider=claude))):
    assert isinstance(Agent(model, output_type=Plan).run_sync("Plan it.").output, Plan)
    print("ok pydantic-ai", name)
