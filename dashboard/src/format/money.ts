// Money arrives as a decimal string and is kept as nano-dollars in a BigInt: no sum on the screen
// ever passes through a float.
const FORM = /^(-?)(\d+)(?:\.(\d{1,9}))?$/;
const UNIT = 1_000_000_000n;

/** Nano-dollars of a decimal string; throws on anything else. */
export function nano(usd: string): bigint {
  const found = FORM.exec(usd);
  if (!found) throw new RangeError(`no amount: ${usd}`);
  const [, sign, whole = '0', part = ''] = found;
  const value = BigInt(whole) * UNIT + BigInt(part.padEnd(9, '0'));
  return sign ? -value : value;
}

export function sum(amounts: readonly (string | null | undefined)[]): bigint {
  return amounts.reduce((total, each) => (each == null ? total : total + nano(each)), 0n);
}

/** All nine places, without trailing zeros beyond the second. */
export function exact(value: bigint | string): string {
  const of = typeof value === 'string' ? nano(value) : value;
  const positive = of < 0n ? -of : of;
  const part = (positive % UNIT)
    .toString()
    .padStart(9, '0')
    .replace(/0{1,7}$/, '');
  return `${of < 0n ? '-' : ''}$${grouped(positive / UNIT)}.${part.padEnd(2, '0')}`;
}

/** For tables: two places from a dollar on, four from a cent on, below that two significant ones. */
export function shown(value: bigint | string): string {
  const of = typeof value === 'string' ? nano(value) : value;
  const positive = of < 0n ? -of : of;
  if (positive === 0n) return '$0.00';
  const places = positive >= UNIT ? 2 : positive >= UNIT / 100n ? 4 : significant(positive);
  const step = 10n ** BigInt(9 - places);
  const rounded = ((positive + step / 2n) / step) * step;
  const part = (rounded % UNIT).toString().padStart(9, '0').slice(0, places);
  return `${of < 0n ? '-' : ''}$${grouped(rounded / UNIT)}.${part}`;
}

function significant(positive: bigint): number {
  return Math.min(9, 9 - positive.toString().length + 2);
}

function grouped(whole: bigint): string {
  return whole.toString().replace(/\B(?=(\d{3})+$)/g, ',');
}
