// Types of the REST interface, from the very fragments the gate joins to /openapi.json.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';
import { parse } from 'yaml';

const folder = new URL('../../server/src/main/resources/openapi/', import.meta.url);
const read = (name) => parse(readFileSync(new URL(name, folder), 'utf8'));
const document = read('document.yaml');
for (const name of readdirSync(folder).sort()) {
  if (name === 'document.yaml' || !name.endsWith('.yaml')) continue;
  const fragment = read(name);
  Object.assign(document.paths, fragment.paths);
  for (const [kind, parts] of Object.entries(fragment.components ?? {})) {
    document.components[kind] = { ...document.components[kind], ...parts };
  }
}
const types = astToString(await openapiTS(document));
writeFileSync(new URL('../src/api/schema.d.ts', import.meta.url), types);
