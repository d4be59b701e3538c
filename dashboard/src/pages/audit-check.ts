// Follows an export of the chain in the browser itself, with no trust in the gate that made it: each
// link's hash is SHA-256 over the hash before, a line feed and the link's own text (EntryText.java).
// The trailer's signature is the command line's to check: `gatewright audit verify FILE`.
import { sha256 } from '@noble/hashes/sha2.js';

export interface Anchor {
  organization_id: string;
  seq: number;
  hash: string;
}

export interface Verdict {
  intact: boolean;
  links: number | null;
  anchors: number;
  broken_at: number | null;
  reason: string | null;
  /** Links of forms before, which only the gate's own key checks. */
  unchecked?: number;
}

const HASH = ',"hash":"';
const HASH_CHARACTERS = 43;
const FORM_PLAIN = 3;
const EVERY = 500;

/** @throws Error that says which line is none, and what was expected */
export function anchorsOf(text: string): Anchor[] {
  return text.split('\n').flatMap((line, index) => {
    if (!line.trim()) return [];
    const anchor = anchorOf(line);
    if (!anchor)
      throw new Error(
        `Line ${index + 1} of the file is no anchor (expected: {"organization_id":"org_…","seq":1,"hash":"…"}).`,
      );
    return [anchor];
  });
}

/** With its signature, which the gate checks. */
function anchorOf(line: string): Anchor | undefined {
  try {
    const anchor = JSON.parse(line) as Partial<Anchor> | null;
    return typeof anchor?.organization_id === 'string' &&
      Number.isSafeInteger(anchor.seq) &&
      typeof anchor.hash === 'string'
      ? (anchor as Anchor)
      : undefined;
  } catch {
    return undefined;
  }
}

const encoder = new TextEncoder();

// Not by crypto.subtle, which a page over plain HTTP from another machine lacks.
const hashOf = (text: string): string =>
  btoa(String.fromCharCode(...sha256(encoder.encode(text))))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');

/** @param told how far it has come */
export async function follow(
  text: string,
  anchors: readonly Anchor[],
  told: (links: number) => void,
): Promise<Verdict> {
  const lines = text.split('\n').filter((line) => line !== '');
  const header = JSON.parse(lines[0] ?? '{}') as {
    kind?: string;
    chain?: string;
    previous_hash?: string;
    from?: number;
  };
  const broken = (at: number, reason: string): Verdict => ({
    intact: false,
    links: null,
    anchors: 0,
    broken_at: at,
    reason,
  });
  if (header.kind !== 'header' || header.from === undefined || header.previous_hash === undefined)
    return broken(0, 'the first line is no header of an export');
  const ours = new Map(
    anchors
      .filter((each) => each.organization_id === header.chain)
      .map((each) => [each.seq, each.hash]),
  );
  let before = header.previous_hash;
  let seq = header.from - 1;
  let unchecked = 0;
  let held = 0;
  for (const line of lines.slice(1)) {
    if (line.startsWith('{"kind":"trailer"')) {
      const trailer = JSON.parse(line) as { head: string; count: number };
      if (trailer.head !== before || trailer.count !== seq - header.from + 1)
        return broken(seq + 1, `link ${seq + 1} is missing`);
      const missing = [...ours.keys()].find((each) => each > seq);
      if (missing !== undefined)
        return broken(seq + 1, `entry ${missing} was anchored, and is not there any more`);
      return { intact: true, links: seq, anchors: held, broken_at: null, reason: null, unchecked };
    }
    const wanted = seq + 1;
    const link = JSON.parse(line) as { seq: number; v: number; chain: string };
    if (link.seq !== wanted) return broken(wanted, `link ${wanted} is missing`);
    if (link.chain !== header.chain) return broken(wanted, `link ${wanted} is of another chain`);
    const split = line.length - HASH.length - HASH_CHARACTERS - 2;
    if (split < 0 || !line.startsWith(HASH, split))
      return broken(wanted, `link ${wanted} has no hash at its end`);
    const hash = line.slice(split + HASH.length, -2);
    if (link.v < FORM_PLAIN) unchecked++;
    else if (hashOf(`${before}\n${line.slice(0, split)}`) !== hash)
      return broken(wanted, `link ${wanted} is not as it was written`);
    const anchored = ours.get(wanted);
    if (anchored !== undefined) {
      if (anchored !== hash)
        return broken(wanted, `link ${wanted} is another than the one that was anchored`);
      held++;
    }
    before = hash;
    seq = wanted;
    if (seq % EVERY === 0) {
      told(seq);
      // The page stays awake.
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
  return broken(seq + 1, 'the export broke off: it has no trailer');
}
