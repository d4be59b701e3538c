import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { anchorsOf, follow, type Anchor } from './audit-check';

const hash = (text: string) => createHash('sha256').update(text).digest('base64url');
const START = 'A'.repeat(43);
const CHAIN = 'org_1';

/** An export of so many links, as the gate writes it. */
function exported(links: number): { text: string; anchors: Anchor[] } {
  const lines = [JSON.stringify({ kind: 'header', chain: CHAIN, from: 1, previous_hash: START })];
  const anchors: Anchor[] = [];
  let head = START;
  for (let seq = 1; seq <= links; seq++) {
    const link = JSON.stringify({ kind: 'entry', v: 3, seq, chain: CHAIN, note: `né ${seq}` });
    const own = link.slice(0, -1);
    head = hash(`${head}\n${own}`);
    lines.push(`${own},"hash":"${head}"}`);
    anchors.push({ organization_id: CHAIN, seq, hash: head });
  }
  lines.push(`{"kind":"trailer","head":"${head}","count":${links}}`);
  return { text: lines.join('\n'), anchors };
}

const told = () => undefined;

test('a chain is followed to its end, and its anchors are counted', async () => {
  const { text, anchors } = exported(3);
  const elsewhere = { organization_id: 'org_2', seq: 9, hash: START };
  expect(await follow(text, [...anchors.slice(1), elsewhere], told)).toMatchObject({
    intact: true,
    links: 3,
    anchors: 2,
    unchecked: 0,
  });
});

test('what was changed, cut or made anew is found', async () => {
  const { text, anchors } = exported(3);
  const brokenAt = async (changed: string, known: Anchor[] = []) =>
    (await follow(changed, known, told)).broken_at;
  expect(await brokenAt(text.replace('né 2', 'ne 2'))).toBe(2);
  expect(await brokenAt(text.split('\n').toSpliced(2, 1).join('\n'))).toBe(2);
  expect(await brokenAt(text.split('\n').slice(0, -1).join('\n'))).toBe(4);
  expect(await brokenAt(exported(2).text, anchors)).toBe(3);
  expect(await brokenAt(text.replaceAll('né', 'ne'), anchors)).toBe(1);
  expect(await brokenAt(text.replace('"chain":"org_1","note"', '"chain":"org_2","note"'))).toBe(1);
});

test('a file of anchors is read, and a line that is none is named', () => {
  const { anchors } = exported(2);
  const file = anchors.map((each) => JSON.stringify(each)).join('\n');
  expect(anchorsOf(`${file}\n\n`)).toEqual(anchors);
  for (const wrong of ['nonsense', '{}', '[]', '1', 'null', '{"seq":"1"}'])
    expect(() => anchorsOf(`${file}\n${wrong}`)).toThrow('Line 3 of the file is no anchor');
});
