// The official Node SDKs and the AI SDK against the simulator: structured outputs and forced tools.
// Reads GATE_URL and GATE_TEST_KEY; exits 1 on the first failure.
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { zodResponseFormat, zodTextFormat, zodFunction } from 'openai/helpers/zod';
import Anthropic from '@anthropic-ai/sdk';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { generateText, Output, streamText, tool } from 'ai';
import { createOpenAI } from '@ai-sdk/openai';
import { createAnthropic } from '@ai-sdk/anthropic';
import { z } from 'zod';

const url = process.env.GATE_URL;
const key = process.env.GATE_TEST_KEY;
const gate = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
const claude = new Anthropic({ baseURL: url, apiKey: key, authToken: null, maxRetries: 0 });
const Plan = z.object({
  colour: z.enum(['red', 'green']),
  steps: z.array(z.object({ title: z.string(), minutes: z.number().int() })),
  first: z.object({ title: z.string(), done: z.boolean(), note: z.string().nullable() }),
});
const question = [{ role: 'user', content: 'Plan it.' }];
const schema = z.toJSONSchema(Plan);

async function step(name, body) {
  try {
    await body();
    console.log(`ok ${name}`);
  } catch (error) {
    console.error(`failed: ${name}`, error);
    process.exit(1);
  }
}

await step('openai parses chats', async () => {
  const answer = await gate.chat.completions.parse({
    model: 'm', messages: question, response_format: zodResponseFormat(Plan, 'plan'),
  });
  Plan.parse(answer.choices[0].message.parsed);
});
await step('openai parses responses', async () => {
  const answer = await gate.responses.parse({ model: 'm', input: 'Plan it.', text: { format: zodTextFormat(Plan, 'plan') } });
  Plan.parse(answer.output_parsed);
});
await step('openai calls forced tools', async () => {
  const answer = await gate.chat.completions.parse({
    model: 'm', messages: question, tools: [zodFunction({ name: 'plan', parameters: Plan })], tool_choice: 'required',
  });
  Plan.parse(answer.choices[0].message.tool_calls[0].function.parsed_arguments);
});
await step('openai runs tools to their end', async () => {
  const runner = gate.chat.completions.runTools({
    model: 'm', messages: [{ role: 'user', content: 'call:add {"a": 1}' }],
    tools: [{ type: 'function', function: { name: 'add', parse: JSON.parse, parameters: { type: 'object' }, function: (x) => `sum ${x.a}` } }],
  });
  assert.equal(await runner.finalContent(), 'sum 1');
});
await step('anthropic parses messages', async () => {
  const answer = await claude.messages.parse({
    model: 'm', max_tokens: 500, messages: question, output_config: { format: zodOutputFormat(Plan) },
  });
  Plan.parse(answer.parsed_output);
});
await step('anthropic calls forced tools', async () => {
  const stream = claude.messages.stream({
    model: 'm', max_tokens: 500, messages: question, tools: [{ name: 'plan', input_schema: schema }], tool_choice: { type: 'any' },
  });
  Plan.parse((await stream.finalMessage()).content[0].input);
});
for (const [name, model] of [
  ['ai sdk, responses', createOpenAI({ baseURL: `${url}/v1`, apiKey: key })('gpt-4o')],
  ['ai sdk, chat', createOpenAI({ baseURL: `${url}/v1`, apiKey: key }).chat('gpt-4o')],
  ['ai sdk, messages', createAnthropic({ baseURL: `${url}/v1`, apiKey: key })('claude-sonnet-4-5')],
]) {
  await step(`${name}: object`, async () => {
    const { output } = await generateText({ model, prompt: 'Plan it.', output: Output.object({ schema: Plan }), maxRetries: 0 });
    Plan.parse(output);
  });
  await step(`${name}: stream`, async () => {
    const { textStream, usage } = streamText({ model, prompt: 'Hello there', maxRetries: 0 });
    let text = '';
    for await (const part of textStream) text += part;
    assert.equal(text, 'Hello there');
    assert.equal((await usage).outputTokens, 2);
  });
  await step(`${name}: forced tool`, async () => {
    const { toolCalls } = await generateText({
      model, prompt: 'Plan it.', tools: { plan: tool({ inputSchema: Plan }) }, toolChoice: 'required', maxRetries: 0,
    });
    Plan.parse(toolCalls[0].input);
  });
}
