// Calls that run while somebody looks: playground, rotation, live rows, many tabs, the queue.
import { fail, member, owner, person, same, send, until } from './world.mjs';

const chat = (model, more = {}) => ({
  model,
  messages: [{ role: 'user', content: 'hello' }],
  ...more,
});

const PRICES = `
prices:
  entries:
    - model: local/gpt-4o-mini
      meters: { input: 0.123457/1k, cache_read: 0.0333/1k, output: 0.77/1k }
    - model: local/other
      meters: { input: 1/1k, cache_read: 1/1k, output: 1/1k }
`;

async function credit(gate, page, usd = '5') {
  await gate.admin(
    'POST',
    '/api/billing/grants',
    { usd, kind: 'paid', note: 'x', organization_id: page.org },
    201,
  );
  await send(page, gate, 'GET', `/api/organizations/${page.org}`);
}

/** The playground, opened by a key that is there. */
async function playground(gate, page, view = '') {
  await gate.admin('POST', '/api/keys', { name: 'player' }, 201);
  await page.goto(`${page.home}/p/all/live/playground${view}`);
  await page.getByRole('button', { name: 'Begin' }).click();
}

export const live = {
  '7 a stream is stopped': async (world) => {
    const gate = await world({ settings: PRICES });
    const page = await owner(gate);
    await credit(gate, page);
    await gate.provider('endless');
    await playground(gate, page);
    await page.getByLabel('Model', { exact: true }).fill('fast');
    await page.getByLabel('Message').fill('count');
    await page.getByLabel('At most, in tokens').fill('2000');
    await page.getByLabel('Message').press('Control+Enter');
    await page.getByText('word 20').waitFor();
    same((await gate.provider('')).open, 1, 'open connections');
    await page.keyboard.press('Escape');
    const begun = Date.now();
    await until(
      'the provider sees the end',
      async () => (await gate.provider('')).open === 0,
      2000,
    );
    const ms = Date.now() - begun;
    if (ms > 1000) fail(`the provider saw the end after ${ms} ms`);
    const told = page.getByText(/^Stopped after .* tokens \(counted\): billed \$/);
    await told.waitFor();
    const amount = /cost \$([\d.]+)/.exec(await told.textContent())[1];
    if (!(Number(amount) > 0 && Number(amount) < 1.54)) fail(`the bill is ${amount}`);
    await page.getByRole('link', { name: 'Its bill and attempts' }).click();
    await page.getByText('cancelled').first().waitFor();
  },

  '8 models compared': async (world) => {
    const gate = await world({ settings: PRICES });
    const page = await owner(gate);
    await playground(gate, page, '?view=compare');
    await page.getByLabel('Models').fill('fast, local/other, down');
    await page.getByLabel('Message').fill('hello');
    await page.getByRole('button', { name: 'Run all' }).click();
    const failing = page.getByRole('region', { name: 'down' });
    await failing.getByRole('alert').waitFor();
    await failing.getByRole('link', { name: /^req_/ }).waitFor();
    for (const name of ['fast', 'local/other'])
      await page
        .getByRole('region', { name, exact: true })
        .getByText(/tokens \(provider\)/)
        .waitFor();
    const rows = async () => (await gate.admin('GET', '/api/usage/events?limit=20')).data;
    const all = await until('three rows', async () => {
      const found = await rows();
      return found.length >= 3 && found;
    });
    const nano = (usd) => {
      const [whole, part = ''] = usd.split('.');
      return BigInt(whole) * 1_000_000_000n + BigInt(part.padEnd(9, '0'));
    };
    const sum = all.reduce((total, each) => total + (each.cost ? nano(each.cost) : 0n), 0n);
    await until('the total', async () => {
      const text = await page.getByText(/^All together/).textContent();
      return nano(/\$([\d.]+)/.exec(text)[1]) === sum;
    });
    await gate.provider('endless');
    await page.getByRole('button', { name: 'Run all' }).click();
    await page.getByRole('region', { name: 'fast' }).getByText('word 3').waitFor();
    await page.keyboard.press('Escape');
    await until('all end', async () => (await gate.provider('')).open === 0, 2000);
  },

  '9 a key rotated with overlap': async (world) => {
    const gate = await world();
    const page = await owner(gate);
    const key = await gate.admin('POST', '/api/keys', { name: 'old', kind: 'test' }, 201);
    const status = async (secret) => (await gate.call(secret, chat('sim/echo'))).status;
    same(await status(key.key), 200, 'the old secret before');
    await page.goto(`${page.home}/p/all/test/keys/${key.id}`);
    await page.getByRole('button', { name: 'Rotate' }).click();
    await page.getByLabel('The former secret stays good for').selectOption('24h');
    await page.getByRole('button', { name: 'Make a new secret' }).click();
    const fresh = await page.getByLabel('Key', { exact: true }).inputValue();
    await page.getByRole('button', { name: 'I have stored it' }).click();
    if (fresh === key.key) fail('the same secret');
    same(await status(fresh), 200, 'the new secret');
    same(await status(key.key), 200, 'the old secret in its overlap');
    await until('three calls of this key', async () => {
      const found = await gate.admin('GET', `/api/usage/events?test=true&key=${key.id}&limit=10`);
      return found.data.length === 3;
    });
    const ends = page.locator('dt', { hasText: 'Former secret ends' }).locator('+ dd');
    await until('the page says until when', async () => /\d/.test(await ends.textContent()));
    await gate.ahead(24.1);
    same(await status(key.key), 401, 'the old secret after it');
    same(await status(fresh), 200, 'the new secret after it');
    await gate.admin('POST', `/api/keys/${key.id}/revoke`, {}, 200);
    await until('no secret works', async () => (await status(fresh)) === 401);
  },

  '10 a live list holds still': async (world) => {
    const gate = await world();
    const page = await owner(gate, { viewport: { width: 1280, height: 500 } });
    const fire = async (times, model = 'sim/echo') => {
      const all = Array.from({ length: times }, () => gate.call(gate.test_key, chat(model)));
      await Promise.all((await Promise.all(all)).map((each) => each.text()));
    };
    await fire(30);
    await until('30 rows', async () => {
      const found = await gate.admin('GET', '/api/usage/events?test=true&limit=100');
      return found.data.length === 30;
    });
    await page.goto(`${page.home}/p/all/test/requests`);
    const row = page.locator('tbody tr').nth(11);
    await row.waitFor();
    await page.getByText('live', { exact: true }).waitFor();
    await row.scrollIntoViewIfNeeded();
    await page.mouse.wheel(0, 200);
    await page.waitForTimeout(500);
    const look = () =>
      row.evaluate((it) => `${it.querySelector('a').href}@${it.getBoundingClientRect().top}`);
    await row.evaluate((it) => getSelection().selectAllChildren(it.cells[2]));
    const before = await look();
    const selection = await page.evaluate(() => getSelection().toString());
    // Ten seconds at fifty a second; how many there are is the machine's business, not the list's.
    let fired = 0;
    const end = Date.now() + 10_000;
    while (Date.now() < end) {
      await Promise.all([fire(50), page.waitForTimeout(900)]);
      fired += 50;
      same(await look(), before, `row 12 after ${fired}`);
    }
    const pill = page.getByRole('button', { name: /new ↑/ });
    await until('the pill counts', async () => {
      const text = (await pill.count()) ? await pill.textContent() : '';
      return text.startsWith(`${fired} new`) || (fired > 100 && /^\d{3}\+? new/.test(text));
    });
    same(await look(), before, 'row 12');
    same(await page.evaluate(() => getSelection().toString()), selection, 'the selection');
    await page.keyboard.press('f');
    await until('more rows', async () => (await page.locator('tbody tr').count()) > 30);
    // What does not fit the filter is not counted.
    await page.goto(`${page.home}/p/all/test/requests?model=sim/story`);
    await page.getByText('Nothing fits').waitFor();
    await fire(1, 'sim/story');
    await page.getByRole('cell', { name: 'sim/story' }).first().waitFor();
    // A list that was empty shows what comes; one that is not holds still.
    await page.reload();
    await page.getByRole('cell', { name: 'sim/story' }).first().waitFor();
    await page.getByText('live', { exact: true }).waitFor();
    await fire(5);
    await fire(2, 'sim/story');
    await until('two that fit', async () =>
      /^2 new/.test((await pill.count()) ? await pill.textContent() : ''),
    );
    same(await page.locator('tbody tr').count(), 1, 'rows that are shown');
  },

  '11 eight tabs over plain HTTP': async (world) => {
    const gate = await world();
    const first = await owner(gate);
    const tabs = [first];
    for (let i = 1; i < 8; i++) tabs.push(await first.context().newPage());
    let streams = 0;
    for (const each of tabs)
      each.on('request', (request) => {
        if (request.url().includes('/api/events')) streams++;
      });
    const begun = Date.now();
    await Promise.all(
      tabs.map(async (each) => {
        await each.goto(`${first.home}/p/all/live/keys`);
        await each.getByRole('heading', { name: 'Keys', level: 1 }).waitFor();
      }),
    );
    console.log(`# eight tabs after ${Date.now() - begun} ms`);
    for (const each of tabs) await each.getByText('live', { exact: true }).waitFor();
    same(streams, 1, 'streams of eight tabs');
    await first.close();
    await gate.admin('POST', '/api/keys', { name: 'while they look' }, 201);
    for (const each of tabs.slice(1))
      await each.getByRole('link', { name: 'while they look' }).waitFor({ timeout: 4000 });
  },

  '13 a lowered role loses its controls': async (world) => {
    const gate = await world();
    const boss = await owner(gate);
    const page = await member(gate, boss, 'admin');
    await page.goto(`${page.home}/team`);
    const control = page.getByRole('button', { name: 'Invite somebody' });
    await control.waitFor();
    await page.getByText('live', { exact: true }).waitFor();
    const path = `/api/team/members/${page.session.person.id}`;
    await send(boss, gate, 'GET', path);
    const begun = Date.now();
    await send(boss, gate, 'PATCH', path, { role: 'viewer' }, { 'if-match': boss.etag });
    await page.getByText('Ask somebody with the role owner or admin.').waitFor();
    same(await control.isEnabled(), false, 'the control');
    const ms = Date.now() - begun;
    console.log(`# lost after ${ms} ms`);
    if (ms > 1500) fail(`the controls were there for ${ms} ms`);
    const refused = await page.request.post(`${gate.base}/api/team/invitations`, {
      headers: { 'sec-fetch-site': 'same-origin', 'x-csrf-token': page.session.csrf_token },
      data: { email: 'x@example.com', role: 'viewer' },
    });
    same(refused.status(), 403, 'what it may not do');
  },

  '14 a queue': async (world) => {
    const gate = await world({
      settings: `
services:
  - id: speech
    preset: ollama
    instances: [http://127.0.0.1:{fake}]
    concurrency: 1
    queue: { length: 20, wait: 600s }
`,
    });
    const page = await owner(gate);
    const key = await gate.admin('POST', '/api/keys', { name: 'caller' }, 201);
    await gate.provider('hang');
    const ends = [];
    for (let i = 0; i < 6; i++) {
      const end = new AbortController();
      ends.push(end);
      fetch(`${gate.base}/speech/api/chat`, {
        method: 'POST',
        signal: end.signal,
        headers: { authorization: `Bearer ${key.key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'm', messages: [] }),
      }).catch(() => {});
    }
    await page.goto(`${page.home}/services`);
    const section = page.getByRole('region', { name: 'speech' });
    const figure = async (name) =>
      section.locator('div', { hasText: name }).last().locator('xpath=..').textContent();
    await until('five wait', async () => {
      await page.getByRole('button', { name: 'Refresh' }).click();
      return (
        /Running1 of 1/.test(await figure('Running')) && /Waiting5/.test(await figure('Waiting'))
      );
    });
    ends.pop().abort();
    await until('four wait', async () => {
      await page.getByRole('button', { name: 'Refresh' }).click();
      return /Waiting4/.test(await figure('Waiting'));
    });
    await section.getByRole('button', { name: /^Drain/ }).click();
    await section.getByText('draining').first().waitFor();
    for (const each of ends) each.abort();
    await until('it is empty', async () => {
      await page.getByRole('button', { name: 'Refresh' }).click();
      return (
        /Running0 of 1/.test(await figure('Running')) && /Waiting0/.test(await figure('Waiting'))
      );
    });
  },
};
void person;
