// Opens every page of a real gate in Debian's Chromium: both themes, three widths. Wants no script
// error, no failed call, nothing that the page's own policy refuses, and nothing from axe.
// pages.mjs URL SETUP_LINK OUT
import { mkdirSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
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

const state = await owner.storageState();
const LOOKS = [
  ['light', 1280],
  ['dark', 1280],
  ['dark', 768],
  ['light', 320],
];
for (const [colorScheme, width] of LOOKS) {
  {
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme,
      storageState: state,
      locale: 'en-US',
      reducedMotion: 'reduce',
    });
    const looked = watched(await context.newPage());
    for (const each of PAGES) {
      const address = each.startsWith('/')
        ? `${url}/console${each}`
        : `${url}/console/o/${organization}/${each}`;
      await looked.goto(address);
      await looked.locator('h1').waitFor();
      await looked.waitForFunction(() => !document.querySelector('[class*=skeleton]'));
      const beyond = await looked.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (beyond > 0) faults.push(`${each} at ${width}: ${beyond} px beyond the edge`);
      const { violations } = await new AxeBuilder({ page: looked }).analyze();
      for (const found of violations) {
        faults.push(
          `${each} at ${width}, ${colorScheme}: ${found.id}: ${found.nodes[0].html.slice(0, 160)}`,
        );
      }
      if (width === 1280) {
        const name = each.replaceAll('/', '_');
        await looked.screenshot({ path: `${out}/${name}-${colorScheme}.png`, fullPage: true });
      }
    }
    await context.close();
  }
}
await browser.close();
for (const each of new Set(faults)) console.error(each);
console.log(`${PAGES.length} pages, ${LOOKS.length} looks: ${new Set(faults).size} faults`);
process.exit(faults.length ? 1 : 0);
