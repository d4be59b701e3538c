// Compresses what was built, once, and holds it to its budgets: the gate serves these very bytes.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const out = process.env.GATEWRIGHT_CONSOLE_OUT ?? new URL('../dist', import.meta.url).pathname;
const KB = 1000;

function* files(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* files(path);
    else if (/\.(js|css|svg|html)$/.test(name)) yield path;
  }
}

const sizes = new Map();
for (const path of files(out)) {
  const content = readFileSync(path);
  const gz = gzipSync(content, { level: 9 });
  writeFileSync(`${path}.gz`, gz);
  writeFileSync(
    `${path}.br`,
    brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
  );
  sizes.set(path.slice(out.length + 1), gz.length);
}

writeFileSync(join(out, 'files.txt'), [...sizes.keys()].sort().join('\n') + '\n');

const html = readFileSync(join(out, 'index.html'), 'utf8');
const first = [...html.matchAll(/\/console\/(assets\/[^"]+)"/g)].map((found) => found[1]);
const script = first
  .filter((name) => name.endsWith('.js'))
  .reduce((all, name) => all + sizes.get(name), 0);
const style = [...sizes]
  .filter(([name]) => name.endsWith('.css'))
  .reduce((all, [, size]) => all + size, 0);
const largest = Math.max(
  ...[...sizes]
    .filter(([name]) => name.endsWith('.js') && !first.includes(name))
    .map(([, size]) => size),
);

const budgets = [
  ['initial JavaScript', script, 150 * KB],
  ['styles', style, 20 * KB],
  ['the largest chunk that is loaded later', largest, 40 * KB],
];
for (const [name, size, most] of budgets) {
  console.log(`${name}: ${(size / KB).toFixed(1)} kB gzip, at most ${(most / KB).toFixed(1)}`);
  if (size >= most) process.exitCode = 1;
}
if (process.exitCode) console.error('dashboard: over its budget');
