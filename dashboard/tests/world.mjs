// What the browser's scenarios share: one browser, a gate of its own for each (ConsoleWorlds.java),
// people who sign in, faults that are told. A scenario's line is a test of ConsoleScenariosSystemTest.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { launch } from './browsers.mjs';

export const [control, out, ...more] = process.argv.slice(2);
mkdirSync(out, { recursive: true });

export const browser = await launch();

const steer = async (path, body = {}) => {
  const answer = await fetch(control + path, { method: 'POST', body: JSON.stringify(body) });
  const json = await answer.json();
  if (!answer.ok) throw new Error(`${path}: ${json.failed}`);
  return json;
};

export async function world(asked = {}) {
  const it = await steer('/world', asked);
  const at = (path, body) => steer(`/world/${it.id}/${path}`, body);
  const base = `http://localhost:${it.port}`;
  const admin = async (method, path, body, expected) => {
    const told = await at('admin', { method, path, ...(body !== undefined && { body }) });
    if (expected && told.status !== expected)
      throw new Error(`${method} ${path}: ${told.status} ${JSON.stringify(told.body)}`);
    return told.body;
  };
  return {
    ...it,
    base,
    admin,
    provider: (script, given = {}) => at('provider', { script, ...given }),
    ahead: (hours) => at('clock', { ahead_ms: hours * 3_600_000 }),
    stop: () => at('stop'),
    start: () => at('start'),
    end: () => at('end'),
    /** `gatewright` as somebody at the gate’s machine types it: `code`, `out`, `err`. */
    gatewright: (...words) => at('cli', { words }),
    call: (key, body, path = '/v1/chat/completions') =>
      fetch(base + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    /** A code for somebody, as the gate's own machine reads it out. */
    code: async (email) => (await admin('POST', '/api/auth/login-code', { email }, 200)).code,
  };
}

export const contexts = [];

/** A browser of somebody's own. */
export async function person(settings = {}) {
  const context = await browser.newContext({ locale: 'en-US', ...settings });
  contexts.push(context);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.faults = [];
  page.on('console', (message) => {
    if (/Content.Security.Policy|Refused to|Trusted/i.test(message.text()))
      page.faults.push(message.text());
  });
  page.on('pageerror', (error) => page.faults.push(error.message));
  return page;
}

/** The owner of a fresh gate, signed in, by the interface; `page.org` is the organization. */
export async function owner(gate, settings) {
  const page = await person(settings);
  const link = (await gate.admin('POST', '/api/auth/setup/link', undefined, 201)).link;
  const token = link.split('#')[1];
  const session = await send(page, gate, 'POST', '/api/auth/setup', {
    token,
    email: 'ana@example.com',
    organization: 'Example Ltd',
  });
  page.session = session;
  page.org = session.organizations[0].id;
  page.home = `${gate.base}/console/o/${page.org}`;
  return page;
}

/** As a page of the gate sends it, with the browser's own cookies. */
export async function send(page, gate, method, path, data, headers = {}) {
  const answer = await page.request.fetch(gate.base + path, {
    method,
    headers: {
      'sec-fetch-site': 'same-origin',
      ...(page.session && { 'x-csrf-token': page.session.csrf_token }),
      ...headers,
    },
    ...(data !== undefined && { data }),
  });
  const text = await answer.text();
  if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${text}`);
  page.etag = answer.headers().etag;
  return text ? JSON.parse(text) : null;
}

/** Somebody who was invited, signed in and accepted. */
export async function member(gate, by, role, settings) {
  const email = `${role}@example.com`;
  const projects =
    role === 'developer'
      ? (await send(by, gate, 'GET', '/api/projects')).data.map((each) => each.id)
      : [];
  const invited = await send(by, gate, 'POST', '/api/team/invitations', { email, role, projects });
  const page = await person(settings);
  await send(page, gate, 'POST', '/api/auth/code', { email });
  page.session = await send(page, gate, 'POST', '/api/auth/session', {
    email,
    code: await gate.code(email),
  });
  await send(page, gate, 'POST', '/api/team/invitations/accept', {
    token: invited.link.split('#')[1],
  });
  page.session = await send(page, gate, 'GET', '/api/auth/session');
  page.org = by.org;
  page.home = `${gate.base}/console/o/${by.org}`;
  return page;
}

export const fail = (why) => {
  throw new Error(why);
};
export const same = (found, wanted, what) => {
  if (found !== wanted) fail(`${what}: ${found}, wanted ${wanted}`);
};

export async function until(what, holds, millis = 10_000) {
  const end = Date.now() + millis;
  for (;;) {
    const found = await holds();
    if (found) return found;
    if (Date.now() > end) fail(`${what}: not within ${millis} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * Moves by Tab alone until what is focused answers to the name; back again where it goes no further,
 * as at the end of a dialog in Firefox, behind which the browser's own buttons would be.
 */
export async function tab(page, name) {
  let key = 'Tab';
  for (let i = 0; i < 80; i++) {
    const before = await page.evaluateHandle(() => document.activeElement);
    await page.keyboard.press(key);
    if (await before.evaluate((it) => it === document.activeElement)) key = 'Shift+Tab';
    const now = await page.evaluate(() => {
      const it = document.activeElement;
      const label =
        it?.labels?.[0]?.querySelector('span')?.textContent ?? it?.labels?.[0]?.textContent;
      return it?.getAttribute('aria-label') ?? label ?? it?.textContent ?? '';
    });
    if (typeof name === 'string' ? now.trim() === name : name.test(now)) return;
  }
  fail(`Tab never comes to ${name}`);
}

/** Everything of a page that could hold a secret. */
export const everything = (page) =>
  page.evaluate(
    () =>
      document.documentElement.outerHTML +
      [...document.querySelectorAll('input,textarea')].map((each) => each.value).join() +
      JSON.stringify({ ...localStorage }) +
      JSON.stringify({ ...sessionStorage }) +
      location.href +
      document.cookie +
      JSON.stringify(history.state) +
      // The query and mutation caches, found as React's own tools find them.
      (() => {
        const root = document.getElementById('root');
        const name = Object.keys(root).find((each) => each.startsWith('__reactContainer'));
        for (let fiber = root[name]; fiber; fiber = fiber.child) {
          const client = fiber.memoizedProps?.client;
          if (!client?.getQueryCache) continue;
          const told = (each) => [each.queryKey ?? null, each.state];
          return JSON.stringify([
            client.getQueryCache().getAll().map(told),
            client.getMutationCache().getAll().map(told),
          ]);
        }
        throw new Error('no query cache was found');
      })(),
  );

const axe = readFileSync(
  createRequire(createRequire(import.meta.url).resolve('@axe-core/playwright')).resolve(
    'axe-core/axe.min.js',
  ),
  'utf8',
);

/** What axe says of the page as it is now: nothing. */
export async function accessible(page, what) {
  await page.evaluate(axe);
  const found = await page.evaluate(async () =>
    (await window.axe.run(document, { resultTypes: ['violations'] })).violations.map(
      (each) => `${each.id}: ${each.nodes[0].html.slice(0, 160)}`,
    ),
  );
  if (found.length) fail(`${what}: ${found.join(' | ')}`);
}

let failed = 0;

/** Whoever waits for what never comes fails, and the next one begins. */
const SCENARIO_MS_MAX = 90_000 + Number(process.env.LIVE_SECONDS ?? 0) * 1000;

function within(work) {
  let alarm;
  const late = new Promise((_, reject) => {
    alarm = setTimeout(
      () => reject(new Error(`not over after ${SCENARIO_MS_MAX} ms`)),
      SCENARIO_MS_MAX,
    );
  });
  return Promise.race([work, late]).finally(() => clearTimeout(alarm));
}

export async function scenarios(all) {
  const only = process.env.ONLY;
  for (const [name, run] of Object.entries(all)) {
    if (only && !name.match(new RegExp(only))) continue;
    const begun = Date.now();
    const gates = [];
    try {
      await within(
        run(async (asked) => {
          const gate = await world(asked);
          gates.push(gate);
          return gate;
        }),
      );
      const faults = contexts.flatMap((each) => each.pages().flatMap((page) => page.faults ?? []));
      if (faults.length) fail(faults.join(' | '));
      console.log(`ok ${name}`);
    } catch (why) {
      failed++;
      const said = String(why?.message ?? why)
        .replaceAll(/\s+/g, ' ')
        .slice(0, 700);
      console.log(`not ok ${name}: ${said}`);
      for (const [index, context] of contexts.entries())
        for (const page of context.pages())
          await page
            .screenshot({
              path: `${process.env.SHOTS ?? out}/failed-${name.replaceAll(/\W+/g, '-')}-${index}.png`,
              timeout: 5000,
            })
            .catch(() => {});
    }
    console.log(`# ${name}: ${Date.now() - begun} ms`);
    await Promise.all(contexts.splice(0).map((each) => each.close().catch(() => {})));
    await Promise.all(gates.map((each) => each.end().catch(() => {})));
  }
  await browser.close();
  process.exit(failed ? 1 : 0);
}
