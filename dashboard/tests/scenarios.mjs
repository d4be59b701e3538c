// What people do at the console (the numbers are those of the design's list), each from an empty
// folder. scenarios.mjs CONTROL OUT; ONLY='^6' for some.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { hands } from './hands.mjs';
import { live } from './scenarios-live.mjs';
import { trust } from './scenarios-trust.mjs';
import { everything, fail, member, owner, person, same, scenarios, send, until } from './world.mjs';

const shell = promisify(execFile);

const chat = (model, more = {}) => ({
  model,
  messages: [{ role: 'user', content: 'hello' }],
  ...more,
});

const nanoOf = (usd) => {
  const [whole, part = ''] = usd.split('.');
  return BigInt(whole) * 1_000_000_000n + BigInt(part.padEnd(9, '0'));
};

/** The first call of the list; by the keyboard from where the heading has the focus. */
async function openFirst(page, keyboard) {
  const row = page.locator('tbody a').first();
  await row.waitFor();
  if (!keyboard) return row.click();
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press('Tab');
    if (await row.evaluate((it) => it === document.activeElement)) break;
  }
  await page.keyboard.press('Enter');
}

const both = {};
for (const keyboard of [false, true]) {
  const by = keyboard ? ', by keyboard' : '';

  both[`1 the first owner${by}`] = async (world) => {
    const gate = await world();
    // Somebody guesses, and is told to wait; who has the link gets in all the same.
    const guesser = await person();
    const guessing = hands(guesser, keyboard);
    await guesser.goto(`${gate.base}/console/setup#${'A'.repeat(43)}`);
    await guessing.fill('Your e-mail address', 'eve@example.com');
    await guessing.fill('Name of your organization', 'Evil Ltd');
    const alert = guesser.getByRole('alert');
    for (let tries = 1; tries <= 5; tries++) {
      const answered = guesser.waitForResponse(/\/api\/auth\/setup$/);
      await guessing.press('Become the owner');
      same((await answered).status(), 401, `try ${tries}`);
      await alert.getByText('not one of a set-up link that is good').waitFor();
    }
    await guessing.press('Become the owner');
    await alert.getByText('Too many tokens of no set-up link came from there.').waitFor();
    await guesser
      .getByRole('timer')
      .getByText(/^Again in \d+:\d\d\.$/)
      .waitFor();
    if ((await everything(guesser)).includes('A'.repeat(43))) fail('the guess is in the page');

    const link = /http:\S+\/console\/setup#\S+/.exec(gate.greeting)[0];
    const page = await person();
    const { fill, press } = hands(page, keyboard);
    await page.goto(link);
    await page.getByRole('heading', { name: 'Set up' }).waitFor();
    await fill('Your e-mail address', 'ana@example.com');
    await fill('Name of your organization', 'Example Ltd');
    await press('Become the owner');
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    if (page.url().includes('#')) fail('the token stayed in the address');
    if ((await everything(page)).includes(link.split('#')[1])) fail('the token is still there');

    const second = await person();
    const other = hands(second, keyboard);
    const claim = async (address) => {
      await second.goto('about:blank');
      await second.goto(address);
      await other.fill('Your e-mail address', 'eve@example.com');
      await other.fill('Name of your organization', 'Evil Ltd');
      await other.press('Become the owner');
      return (await second.getByRole('alert').textContent()) ?? '';
    };
    if (readFileSync(`${gate.data}/access.log`, 'utf8').includes(link.split('#')[1]))
      fail('the token is in the access log');
    const used = await claim(link);
    if (!/the link is used up/.test(used)) fail(`a used link says: ${used}`);
    await second.getByText('gatewright setup-link').waitFor();
    await second.goto(`${gate.base}/console/`);
    await second.getByRole('heading', { name: 'Sign in' }).waitFor();
    same(await second.getByRole('navigation').count(), 0, 'rails that a stranger sees');
  };

  both[`2 the first call${by}`] = async (world) => {
    const gate = await world();
    const page = await owner(gate);
    const { follow } = hands(page, keyboard);
    await page.goto(`${page.home}/p/all/test`);
    const steps = page.getByRole('listitem').filter({ hasText: 'See a call to the simulator' });
    await steps.waitFor();
    await page.getByText('live', { exact: true }).waitFor();
    if ((await steps.textContent()).includes('done')) fail('the step was ticked before the call');
    const balance = async () => JSON.stringify(await gate.admin('GET', '/api/billing/balance'));
    await gate.admin(
      'POST',
      '/api/billing/grants',
      { usd: '5', kind: 'paid', note: 'x', organization_id: page.org },
      201,
    );
    const had = await balance();
    const curl = /curl http.*/.exec(gate.greeting)[0];
    const answer = await shell('bash', ['-c', curl]);
    if (!answer.stdout.includes('chat.completion')) fail(`curl said ${answer.stdout}`);
    const begun = Date.now();
    // Two seconds are the aim; the rest is for a machine on which other tests run, too.
    await until('the step', async () => (await steps.textContent()).includes('done'), 5000);
    console.log(`# ticked after ${Date.now() - begun} ms`);
    await follow('Requests');
    await page.getByRole('cell', { name: 'sim/echo' }).first().waitFor();
    await openFirst(page, keyboard);
    await page.getByText('Test: simulator only, never billed.').waitFor();
    same(await balance(), had, 'the balance');
  };

  both[`3 from a credential to a live call${by}`] = async (world) => {
    const gate = await world({
      settings: 'sites:\n  - { host: gate.lan, public-url: "http://gate.lan:{port}" }',
    });
    const claimed = await owner(gate);
    const lan = `http://gate.lan:${gate.port}`;
    await gate.provider('keyed', { key: 'sk-right-0123456789abcdef' });
    const page = await person();
    const { fill, press, choose } = hands(page, keyboard);
    await page.goto(`${lan}/console/o/${claimed.org}/credentials`);
    await fill('E-mail address', 'ana@example.com');
    await press('Send me a code');
    await page.getByLabel('Code', { exact: true }).waitFor();
    await fill('Code', await gate.code('ana@example.com'));
    await press('Sign in');
    await press('Store a credential');
    if (await page.evaluate(() => isSecureContext)) fail('this is a secure context');
    await fill('Name', 'prod');
    await fill('Provider', 'local');
    await fill('Secret', 'sk-wrong-0123456789abcdef');
    await press('Store');
    await page.getByRole('cell', { name: 'prod', exact: true }).waitFor();
    if ((await everything(page)).includes('sk-wrong')) fail('the credential is in the page');
    await press('Check prod');
    await page.getByText('does not work').waitFor();
    const said = await page.getByRole('alert').textContent();
    if (!said.includes('401')) fail(`the check said ${said}`);
    await press('Replace the secret of prod');
    await fill('New secret', 'sk-right-0123456789abcdef');
    await press('Check and replace');
    await until('the dialog closes', async () => !(await page.getByRole('dialog').count()));
    await press('Check prod');
    await page.getByText('works', { exact: false }).first().waitFor();
    await until('it works', async () =>
      /prod: works/.test(await page.locator('main').textContent()),
    );
    if ((await everything(page)).includes('sk-right')) fail('the credential is in the page');

    await page.goto(`${lan}/console/o/${claimed.org}/p/all/live/keys/new`);
    await fill('Name', 'mine');
    await press('Create');
    const field = page.getByLabel('Key', { exact: true });
    const secret = await field.inputValue();
    const selected = () =>
      field.evaluate((it) => it.value.slice(it.selectionStart, it.selectionEnd));
    same(await selected(), secret, 'what is selected');
    await page.evaluate(() => (document.execCommand = () => false));
    await press(/^Copy/);
    await page.getByText('Select the text and press Ctrl C').waitFor();
    await press('I have stored it');
    await page.getByRole('heading', { name: 'mine', level: 1 }).waitFor();
    if ((await everything(page)).includes(secret)) fail('the secret is still there');
    same((await gate.call(secret, chat('fast'))).status, 200, 'the first live call');
    await page.goto(`${lan}/console/o/${claimed.org}/p/all/live/requests`);
    await page.getByRole('cell', { name: 'fast', exact: true }).first().waitFor();
    void choose;
  };

  both[`4 a key that cannot work${by}`] = async (world) => {
    const gate = await world();
    const boss = await owner(gate);
    await gate.admin(
      'POST',
      '/api/policy/rules',
      { on: 'organization', effect: 'deny', type: 'models', values: ['fast'], name: 'no-fast' },
      201,
    );
    const page = await member(gate, boss, 'developer');
    const { fill, follow } = hands(page, keyboard);
    await page.goto(`${page.home}/p/all/live/keys/new`);
    await fill('Name', 'never');
    await fill('Models', 'fast');
    await page.getByText('None of what you named is reached').waitFor();
    const create = page.getByRole('button', { name: 'Create', exact: true });
    same(await create.isDisabled(), true, 'Create is disabled');
    await follow(/The rules that stand above it/);
    await page.getByRole('cell', { name: 'no-fast', exact: true }).waitFor();
  };

  both[`5 from a bill to its attempts${by}`] = async (world) => {
    const gate = await world({
      settings: `
prices:
  entries:
    - model: local/*
      meters: { input: 0.59/1M, cache_read: 0.0590001/1M, output: 0.79/1M }
`,
    });
    const page = await owner(gate);
    const { follow } = hands(page, keyboard);
    await gate.admin(
      'POST',
      '/api/billing/grants',
      { usd: '5', kind: 'paid', note: 'x', organization_id: page.org },
      201,
    );
    const key = await gate.admin('POST', '/api/keys', { name: 'caller' }, 201);
    await gate.provider('second', {
      body: {
        id: 'chatcmpl-1',
        object: 'chat.completion',
        created: 1,
        model: 'gpt-4o-mini',
        choices: [
          { index: 0, message: { role: 'assistant', content: 'x' }, finish_reason: 'stop' },
        ],
        usage: {
          prompt_tokens: 430_798,
          completion_tokens: 47,
          total_tokens: 430_845,
          prompt_tokens_details: { cached_tokens: 430_464 },
        },
      },
    });
    // What the provider says of itself goes to the caller, who tries again: a call of its own.
    const busy = await gate.call(key.key, chat('fast'));
    same(busy.status, 503, 'the first try');
    const answer = await gate.call(key.key, chat('fast'));
    same(answer.status, 200, 'the second try');
    const id = answer.headers.get('x-request-id');
    await until('both are written', async () => {
      const rows = await gate.admin('GET', '/api/usage/events?limit=10');
      return rows.data.length === 2;
    });
    await page.goto(`${page.home}/p/all/live`);
    await follow('Requests');
    await page.getByRole('heading', { name: 'Requests', level: 1 }).waitFor();
    await openFirst(page, keyboard);
    await page.getByRole('heading', { name: id, level: 1 }).waitFor();
    const attempts = page.getByRole('group', { name: 'Attempts over time' }).locator('tbody tr');
    await attempts.first().waitFor();
    same(await attempts.count(), 1, 'attempts');
    // Line by line as tokens × price, in whole nano-dollars, against what the wallet paid.
    const lines = page.getByRole('group', { name: 'Lines of the bill' }).locator('tbody tr');
    await lines.nth(2).waitFor();
    const cells = (await lines.allInnerTexts()).map((each) => each.split('\t').join('|')).sort();
    same(
      cells.join(' '),
      [
        'cache read|430,464|$0.0590001/1M|$0.0253974190464',
        'input|334|$0.59/1M|$0.00019706',
        'output|47|$0.79/1M|$0.00003713',
      ]
        .map((each) => each.replace('$0.0253974190464', '≈ $0.025397419046'))
        .join(' '),
      'the lines',
    );
    const settled = 25_631_610n;
    await page.getByText('The lines add up to $0.02563161, rounded up').waitFor();
    const paid = await gate.admin('GET', `/api/billing/requests/${id}`);
    same(paid.billed, '0.02563161', 'what the wallet paid');
    await until('the ledger', async () => {
      const balance = await gate.admin('GET', '/api/billing/balance');
      return balance.reserved === '0' && nanoOf('5') - nanoOf(balance.available) === settled;
    });
    await page.getByText('of which read from the provider’s cache').first().waitFor();
    await follow('All requests');
    const refused = page.locator('tbody tr').nth(1);
    await refused.getByText('503').waitFor();
    same(
      (await gate.admin('GET', `/api/billing/requests/${busy.headers.get('x-request-id')}`)).billed,
      '0',
      'what the busy one cost',
    );
    if ((await everything(page)).includes(key.key)) fail('the key is in the page');
  };

  both[`6 a refusal explained${by}`] = async (world) => {
    const gate = await world();
    const page = await owner(gate);
    const { fill, press, choose } = hands(page, keyboard);
    const key = await gate.admin('POST', '/api/keys', { name: 'caller' }, 201);
    for (let i = 0; i < 3; i++)
      same((await gate.call(key.key, chat('fast'))).status, 200, 'a call before');
    same((await gate.call(key.key, chat('local/other'))).status, 200, 'a call of another model');
    await until('the calls are written', async () => {
      const rows = await gate.admin('GET', '/api/usage/events?limit=100');
      return rows.data.length === 4;
    });
    await page.goto(`${page.home}/policy`);
    await press('Add a rule');
    await choose('Effect', 'deny');
    await fill('Values', 'fast');
    await fill('Name', 'no-fast');
    await press('See what it would refuse');
    const impact = await page.getByText(/Would have refused/).textContent();
    if (!/refused 3 of 4 calls, 1 key/.test(impact)) fail(`the preview says ${impact}`);
    await press('Add the rule');
    await page.getByRole('cell', { name: 'no-fast', exact: true }).waitFor();
    const refused = await until('the refusal', async () => {
      const answer = await gate.call(key.key, chat('fast'));
      return answer.status === 403 && answer.json();
    });
    const told = refused.error.help ?? '';
    if (!/no-fast/.test(told + refused.error.message)) fail(`the refusal says ${told}`);

    await page.goto(`${page.home}/policy/explain?key=${key.id}&model=fast`);
    await press('Explain');
    await page.getByText('It would be refused: 403.').waitFor();
    await page.getByText('no-fast (organization)').waitFor();
    await page.goto(`${page.home}/policy`);
    await press('Remove no-fast');
    await press('Remove');
    await until(
      'the same call',
      async () => (await gate.call(key.key, chat('fast'))).status === 200,
    );
    await page.goto(`${page.home}/audit`);
    const entries = (await gate.admin('GET', '/api/audit?limit=50')).data.filter((each) =>
      /^(policy|rule)/.test(each.action),
    );
    same(entries.length, 2, `entries of ${JSON.stringify(entries.map((each) => each.action))}`);
    for (const each of entries)
      await page.getByRole('cell', { name: each.action, exact: true }).first().waitFor();
  };
}

void send;
await scenarios({ ...both, ...live, ...trust });
