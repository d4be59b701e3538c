// The official Node SDKs, unmodified: everything a caller does with them has to work through the gate.
// Reads GATE_URL, GATE_KEY and GATE_NARROW_KEY (allowed `other-model` only); exits 1 on the first failure.
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import Anthropic from '@anthropic-ai/sdk';

const url = process.env.GATE_URL;
const openai = (key) => new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
const anthropic = (key) => new Anthropic({ baseURL: url, apiKey: key, authToken: null, maxRetries: 0 });
const gate = openai(process.env.GATE_KEY);
const claude = anthropic(process.env.GATE_KEY);
const question = [{ role: 'user', content: 'Say hello.' }];
const tool = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };

async function step(name, body) {
  try {
    await body();
    console.log(`ok ${name}`);
  } catch (error) {
    console.error(`failed: ${name}`, error);
    process.exit(1);
  }
}

await step('openai models', async () => {
  const ids = [];
  for await (const model of gate.models.list()) ids.push(model.id);
  assert.ok(ids.includes('fast'), ids.join());
  assert.equal((await gate.models.retrieve('fast')).id, 'fast');
});
await step('openai chat', async () => {
  const answer = await gate.chat.completions.create({ model: 'fast', messages: question });
  assert.equal(answer.choices[0].message.content, 'Hello, wörld é!');
  assert.equal(answer.usage.prompt_tokens, 11);
});
await step('openai stream', async () => {
  let text = '';
  const stream = await gate.chat.completions.create({ model: 'fast', messages: question, stream: true });
  for await (const chunk of stream) {
    assert.equal(chunk.choices.length, 1);
    text += chunk.choices[0].delta.content ?? '';
  }
  assert.equal(text, 'Hello, wörld – ünïcode!');
});
await step('openai stream with usage', async () => {
  let usage;
  const stream = await gate.chat.completions.create({
    model: 'fast', messages: question, stream: true, stream_options: { include_usage: true },
  });
  for await (const chunk of stream) usage = chunk.usage ?? usage;
  assert.equal(usage.completion_tokens, 7);
});
await step('openai tools', async () => {
  const answer = await gate.chat.completions.create({
    model: 'fast', messages: question, tools: [{ type: 'function', function: { name: 'weather', parameters: tool } }],
  });
  assert.equal(answer.choices[0].message.tool_calls[0].function.arguments, '{"city":"Bern"}');
});
await step('openai responses', async () => {
  const answer = await gate.responses.create({ model: 'fast', input: 'Say hello.' });
  assert.equal(answer.output_text, 'Hello, wörld');
  let last;
  for await (const event of await gate.responses.create({ model: 'fast', input: 'Hi', stream: true })) last = event;
  assert.equal(last.type, 'response.completed');
});
await step('openai embeddings', async () => {
  const answer = await gate.embeddings.create({ model: 'fast', input: 'x' });
  assert.deepEqual([...answer.data[0].embedding], [0.5, -0.25, 1]);
});
await step('openai images', async () => {
  const answer = await gate.images.generate({ model: 'fast', prompt: 'a dot' });
  assert.equal(answer.data[0].b64_json, 'iVBORw0KGgo=');
});
await step('openai abort', async () => {
  const abort = new AbortController();
  const stream = await gate.chat.completions.create(
    { model: 'endless', messages: question, stream: true }, { signal: abort.signal });
  let seen = 0;
  for await (const _ of stream) if (++seen === 3) abort.abort();
  assert.ok(seen >= 3);
});
await step('openai errors', async () => {
  const call = (client, model) => client.chat.completions.create({ model, messages: question });
  await assert.rejects(call(openai('wrong'), 'fast'), OpenAI.AuthenticationError);
  await assert.rejects(call(openai(process.env.GATE_NARROW_KEY), 'fast'), OpenAI.PermissionDeniedError);
  await assert.rejects(call(gate, 'no-such-model'), OpenAI.NotFoundError);
  await assert.rejects(call(gate, 'down'), OpenAI.InternalServerError);
  await assert.rejects(
    gate.responses.create({ model: 'fast', input: 'x', previous_response_id: 'resp_1' }), OpenAI.BadRequestError);
});
await step('anthropic messages', async () => {
  const answer = await claude.messages.create({ model: 'claude', max_tokens: 100, messages: question });
  assert.equal(answer.content[0].text, 'Hello, wörld');
  assert.equal(answer.usage.output_tokens, 7);
});
await step('anthropic stream', async () => {
  const stream = claude.messages.stream({ model: 'claude', max_tokens: 100, messages: question });
  assert.equal(await stream.finalText(), 'Hello, wörld');
});
await step('anthropic tools', async () => {
  const answer = await claude.messages.create({
    model: 'claude', max_tokens: 100, messages: question, tools: [{ name: 'weather', input_schema: tool }],
  });
  assert.deepEqual(answer.content[0].input, { city: 'Bern' });
});
await step('anthropic count_tokens', async () => {
  const count = await claude.messages.countTokens({ model: 'claude', messages: question });
  assert.equal(count.input_tokens, 14);
});
await step('anthropic models', async () => {
  const ids = [];
  for await (const model of claude.models.list()) ids.push(model.id);
  assert.ok(ids.includes('claude'), ids.join());
});
await step('anthropic errors', async () => {
  const call = (client, model) => client.messages.create({ model, max_tokens: 10, messages: question });
  await assert.rejects(call(anthropic('wrong'), 'claude'), Anthropic.AuthenticationError);
  await assert.rejects(call(anthropic(process.env.GATE_NARROW_KEY), 'claude'), Anthropic.PermissionDeniedError);
  await assert.rejects(call(claude, 'no-such-model'), Anthropic.NotFoundError);
});
