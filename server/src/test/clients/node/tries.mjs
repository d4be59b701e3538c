// The official Node SDKs, with their own retries: each case past the gate and through it. The provider counts.
// Reads GATE_URL, GATE_KEY, DIRECT_URL and CASES (names with commas between them).
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import Anthropic from '@anthropic-ai/sdk';

const { GATE_URL: gate, GATE_KEY: key, DIRECT_URL: direct, CASES } = process.env;
const messages = [{ role: 'user', content: 'Say hello.' }];
const openais = {
  'direct-': new OpenAI({ baseURL: `${direct}/v1`, apiKey: 'any' }),
  'local/gate-': new OpenAI({ baseURL: `${gate}/v1`, apiKey: key }),
};
const anthropics = {
  'direct-': new Anthropic({ baseURL: direct, apiKey: 'any', authToken: null }),
  'claudes/gate-': new Anthropic({ baseURL: gate, apiKey: key, authToken: null }),
};

for (const name of CASES.split(',')) {
  for (const [prefix, client] of Object.entries(openais)) {
    await assert.rejects(client.chat.completions.create({ model: prefix + name, messages }), OpenAI.APIError);
  }
  for (const [prefix, client] of Object.entries(anthropics)) {
    await assert.rejects(client.messages.create({ model: prefix + name, messages, max_tokens: 9 }), Anthropic.APIError);
  }
}
console.log('ok tries');
