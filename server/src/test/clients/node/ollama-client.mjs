// Ollama's official JavaScript client, unmodified, on every base URL it may be given.
// Reads GATE_URLS (which need the key in a header), GATE_KEYED_URLS (which hold it), GATE_KEY and
// GATE_STRANGER (may not use this service); an assertion ends it.
import assert from 'node:assert/strict';
import { Ollama } from 'ollama';

const key = process.env.GATE_KEY;
const urls = process.env.GATE_URLS.split(' ');
const keyedUrls = process.env.GATE_KEYED_URLS.split(' ');
const model = 'llama3.2';
const text = 'Hello, wörld – ünïcode!';
const messages = [{ role: 'user', content: 'Say hello.' }];
const bearer = (secret) => ({ Authorization: `Bearer ${secret}` });

async function collect(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

// The client does not export its error's class; it is known by its name.
const refused = (status, part, call) =>
  assert.rejects(call, (error) => {
    assert.equal(error.name, 'ResponseError', error);
    assert.equal(error.status_code, status, error.message);
    assert.equal(typeof error.error, 'string');
    assert.ok(error.message.includes(part), error.message);
    return true;
  });

async function serves(client) {
  assert.deepEqual((await client.list()).models.map((each) => each.model), ['llama3.2:latest']);
  assert.equal((await client.ps()).models[0].size_vram, 3338801804);
  assert.deepEqual((await client.show({ model })).capabilities, ['completion']);
  const answer = await client.chat({ model, messages });
  assert.equal(answer.message.content, text);
  assert.equal(answer.eval_count, 8);
  const parts = await collect(await client.chat({ model, messages, stream: true }));
  assert.equal(parts.map((part) => part.message.content).join(''), text);
  assert.ok(parts.at(-1).done);
  assert.equal(parts.length, 8);
  assert.equal((await client.generate({ model, prompt: 'Say hello.' })).response, text);
  assert.deepEqual((await client.embed({ model, input: 'x' })).embeddings, [[0.5, -0.25, 1]]);
}

async function failsAsOllamaDoes(client) {
  await refused(404, "model 'nobody' not found", () => client.chat({ model: 'nobody', messages }));
  await assert.rejects(
    async () => collect(await client.chat({ model: 'breaks', messages, stream: true })), /unexpectedly stopped/);
}

async function isNotManaged(client) {
  for (const call of [
    () => client.pull({ model }),
    () => client.pull({ model, stream: true }),
    () => client.push({ model }),
    () => client.delete({ model }),
    () => client.create({ model: 'mine', from: model }),
    () => client.copy({ source: model, destination: 'mine' }),
  ]) await refused(403, 'chat:manage', call);
}

async function check(client) {
  await serves(client);
  await failsAsOllamaDoes(client);
  await isNotManaged(client);
}

for (const host of urls) {
  await check(new Ollama({ host, headers: bearer(key) }));
  assert.ok(await new Ollama({ host: `${host}/`, headers: new Headers(bearer(key)) }).list());
  await refused(401, 'key', () => new Ollama({ host }).list());
  await refused(401, 'key', () => new Ollama({ host, headers: bearer('wrong') }).list());
  const stranger = new Ollama({ host, headers: bearer(process.env.GATE_STRANGER) });
  await refused(403, '', () => stranger.list());
  await refused(403, '', () => stranger.chat({ model, messages }));
}
for (const host of keyedUrls) {
  await check(new Ollama({ host }));
  await refused(401, 'key', () => new Ollama({ host: host.replace(key, 'wrong') }).list());
}
console.log('ok', urls.length + keyedUrls.length, 'base URLs');
