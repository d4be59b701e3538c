// Opens every page of a real gate in Debian's Chromium, once, and looks at it in both themes and three
// widths, with forced colours, and with words of another language's length. Wants no script error, no
// failed call, nothing that the page's own policy refuses, nothing beyond the edge, nothing from axe,
// and the budgets of a page kept. pages.mjs URL SETUP_LINK OUT
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const [url, link, out] = process.argv.slice(2);
const PAGES = [
  'p/all/live',
  'p/all/test',
  'p/all/test/keys',
  'p/all/live/keys/new',
  'p/all/test/requests',
  'p/all/test/usage',
  'p/all/test/playground',
  'p/all/test/playground?view=compare',
  'models',
  'policy',
  'policy/explain',
  'limits',
  'credentials',
  'services',
  'rooms',
  'webhooks',
  'team',
  'billing',
  'audit',
  'settings',
  '/platform/health',
  '/platform/tenants',
  '/platform/people',
  '/platform/prices',
  '/platform/sites',
  '/platform/config',
  '/platform/doctor',
  '/account',
  '/sign-in-failed',
];
const faults = [];
mkdirSync(out, { recursive: true });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
});

function watched(page) {
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`${page.url()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`${page.url()}: ${error.message}`));
  page.on('response', (answer) => {
    if (answer.status() >= 400) faults.push(`${page.url()}: ${answer.status()} ${answer.url()}`);
  });
  return page;
}

// The first owner, by the link the first start printed.
const owner = await browser.newContext({ locale: 'en-US' });
const page = watched(await owner.newPage());
await page.goto(link);
await page.getByLabel('Your e-mail address').fill('ana@example.com');
await page.getByLabel('Name of your organization').fill('Example Ltd');
await page.getByRole('button', { name: 'Become the owner' }).click();
await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
if (page.url().includes('#')) faults.push('the token stayed in the address');
const organization = /\/o\/(org_[^/]+)/.exec(page.url())[1];

// A key, whose text is nowhere once its panel is closed.
await page.goto(`${url}/console/o/${organization}/p/all/test/keys/new`);
await page.getByLabel('Name', { exact: true }).fill('a browser made it');
await page.getByRole('button', { name: 'Create', exact: true }).click();
const secret = await page.getByLabel('Key', { exact: true }).inputValue();
if (!secret.startsWith('gw_test_')) faults.push(`the panel shows ${secret.slice(0, 8)}`);
await page.keyboard.press('Escape');
if (!(await page.getByLabel('Key', { exact: true }).isVisible()))
  faults.push('Escape closed the panel');
await page.getByRole('button', { name: 'I have stored it' }).click();
await page.getByRole('heading', { name: 'a browser made it' }).waitFor();
const kept = await page.evaluate(
  () =>
    document.documentElement.outerHTML +
    JSON.stringify(localStorage) +
    JSON.stringify(sessionStorage) +
    location.href,
);
if (kept.includes(secret)) faults.push('the secret is still in the page');

// A call by it is on the screen without a reload.
await page.goto(`${url}/console/o/${organization}/p/all/test/requests`);
await page.getByRole('heading', { name: 'Requests', level: 1 }).waitFor();
const answer = await fetch(`${url}/v1/chat/completions`, {
  method: 'POST',
  headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
  body: JSON.stringify({ model: 'sim/echo', messages: [{ role: 'user', content: 'hello' }] }),
});
if (answer.status !== 200) faults.push(`the call was ${answer.status}`);
await page.getByRole('cell', { name: 'sim/echo' }).first().waitFor({ timeout: 15_000 });

// Another tenant's id gives the page of a random one.
for (const id of ['org_0199aa00000070008000000000000000', 'org_nothing']) {
  await page.goto(`${url}/console/o/${id}/policy`);
  await page.getByRole('heading', { name: 'Not found' }).waitFor();
}

const axe = readFileSync(
  createRequire(createRequire(import.meta.url).resolve('@axe-core/playwright')).resolve(
    'axe-core/axe.min.js',
  ),
  'utf8',
);
// All rules where the page is another one (the rail is a menu at 320 px); else those that what
// changed can break.
const ALL = {};
const LOOKS = [
  { name: 'light', colorScheme: 'light', width: 1280, rules: ALL, shot: true },
  { name: 'dark', colorScheme: 'dark', width: 1280, rules: only('color-contrast'), shot: true },
  {
    name: 'dark',
    colorScheme: 'dark',
    width: 768,
    rules: only('target-size', 'scrollable-region-focusable'),
  },
  { name: 'light', colorScheme: 'light', width: 320, rules: ALL },
];
const API_CALLS = 4;

function only(...values) {
  return { runOnly: { type: 'rule', values } };
}

const beyondTheEdge = (looked) =>
  looked.evaluate(() => document.documentElement.scrollWidth - innerWidth);

async function look(looked, each) {
  const address = each.startsWith('/')
    ? `${url}/console${each}`
    : `${url}/console/o/${organization}/${each}`;
  await looked.emulateMedia({
    colorScheme: 'light',
    reducedMotion: 'reduce',
    forcedColors: 'none',
  });
  await looked.setViewportSize({ width: 1280, height: 900 });
  looked.calls = new Set();
  await looked.goto(address);
  await looked.locator('h1').waitFor();
  await looked.waitForFunction(() => !document.querySelector('[class*=skeleton]'));
  const calls = [...looked.calls];
  if (calls.length > API_CALLS)
    faults.push(`${each}: ${calls.length} calls of the interface: ${calls.join(' ')}`);
  await looked.evaluate(axe);
  for (const { name, colorScheme, width, rules, shot } of LOOKS) {
    await looked.emulateMedia({ colorScheme });
    await looked.setViewportSize({ width, height: 900 });
    const beyond = await beyondTheEdge(looked);
    if (beyond > 0) faults.push(`${each} at ${width}: ${beyond} px beyond the edge`);
    const violations = await looked.evaluate(
      async (terms) =>
        (await window.axe.run(document, { resultTypes: ['violations'], ...terms })).violations.map(
          (found) => `${found.id}: ${found.nodes[0].html.slice(0, 160)}`,
        ),
      rules,
    );
    for (const found of violations) faults.push(`${each} at ${width}, ${name}: ${found}`);
    if (shot)
      await looked.screenshot({
        path: `${out}/${each.replaceAll(/\W/g, '_')}-${name}.png`,
        fullPage: true,
      });
  }
  const moving = await looked.evaluate(() => document.getAnimations().length);
  if (moving > 0) faults.push(`${each}: ${moving} animations, though less motion was asked for`);
  // en-XA: each word accented and two fifths longer. What is typed stays.
  await looked.evaluate(() => {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walk.nextNode()) texts.push(walk.currentNode);
    for (const text of texts) {
      if (text.parentElement.closest('script,style,code,pre,option,[class*=mono]')) continue;
      text.data = text.data.replace(
        /[A-Za-z]{2,}/g,
        (word) => word.replaceAll('e', 'é') + 'ö'.repeat(Math.ceil(word.length * 0.4)),
      );
    }
  });
  const beyond = await beyondTheEdge(looked);
  if (beyond > 0) faults.push(`${each} at 320 in en-XA: ${beyond} px beyond the edge`);
  // Forced colours: what is focused shows it by more than a colour of ours.
  await looked.emulateMedia({ forcedColors: 'active' });
  await looked.keyboard.press('Tab');
  const ring = await looked.evaluate(() => {
    const style = getComputedStyle(document.activeElement);
    return document.activeElement === document.body || style.outlineStyle !== 'none';
  });
  if (!ring) faults.push(`${each}: no focus ring with forced colours`);
}

// Two at once: as many as the machine that this is measured on has cores.
const left = [...PAGES];
await Promise.all(
  [0, 1].map(async () => {
    const looked = watched(await owner.newPage());
    looked.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (/^\/(api|v1|health)/.test(pathname) && !/^\/api\/(auth|events)/.test(pathname))
        looked.calls?.add(`${pathname}${new URL(request.url()).search}`);
    });
    for (let each = left.shift(); each !== undefined; each = left.shift()) await look(looked, each);
    await looked.close();
  }),
);

// The first paint: in a browser that has seen nothing, four times slower than this machine. The best
// of six: other tests use the machine, too, and a clock says little there. What is held is that it
// does not come to be a matter of many seconds; the aim is one, on a machine of one's own.
const LARGEST_MILLIS = 4000;
let best = Infinity;
for (let i = 0; i < 6 && best > LARGEST_MILLIS; i++) {
  const context = await browser.newContext({
    storageState: await owner.storageState(),
    viewport: { width: 1280, height: 900 },
  });
  const slow = await context.newPage();
  const cdp = await context.newCDPSession(slow);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await slow.goto(`${url}/console/o/${organization}/p/all/test`);
  await slow.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  await slow.waitForTimeout(500);
  const told = await slow.evaluate(
    () =>
      new Promise((resolve) => {
        new PerformanceObserver((list) => {
          const paint = performance.getEntriesByName('first-contentful-paint')[0].startTime;
          resolve({
            largest: list.getEntries().at(-1).startTime,
            requests:
              1 +
              performance.getEntriesByType('resource').filter((e) => e.startTime < paint).length,
          });
        }).observe({ type: 'largest-contentful-paint', buffered: true });
      }),
  );
  best = Math.min(best, told.largest);
  if (told.requests > 8) faults.push(`${told.requests} requests until the first paint`);
  console.log(
    `largest paint ${told.largest} ms at a fourth, ${told.requests} requests before the first`,
  );
  await context.close();
}
if (best > LARGEST_MILLIS) faults.push(`the largest paint came after ${best} ms`);
await browser.close();
for (const each of new Set(faults)) console.error(each);
console.log(`${PAGES.length} pages, ${LOOKS.length} looks: ${new Set(faults).size} faults`);
process.exit(faults.length ? 1 : 0);
