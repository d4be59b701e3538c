// The lines of a bill: amount × price, exact. Nothing is rounded before the sum; the gate rounds up
// once, to a whole nano-dollar, for each attempt.
import { exact, nano } from './money';

export interface Rate {
  usd: string;
  per?: string | number;
}

/** Nano-dollars as a fraction. */
export interface Part {
  over: bigint;
  under: bigint;
}

const SHORT: Record<string, bigint> = { '1k': 1_000n, '1M': 1_000_000n };

const per = (rate: Rate): bigint =>
  rate.per === undefined ? 1n : (SHORT[rate.per] ?? BigInt(rate.per));

export const line = (amount: number, rate: Rate): Part => ({
  over: BigInt(amount) * nano(rate.usd),
  under: per(rate),
});

export function total(parts: readonly Part[]): Part {
  return parts.reduce(
    (all, each) => ({
      over: all.over * each.under + each.over * all.under,
      under: all.under * each.under,
    }),
    { over: 0n, under: 1n },
  );
}

export const up = ({ over, under }: Part): bigint => (over + under - 1n) / under;

/** Twelve places, and a sign where there would be more. */
export function told({ over, under }: Part): string {
  const pico = (over * 1_000n) / under;
  const whole = exact(pico / 1_000n);
  const rest = pico % 1_000n;
  const places = whole.split('.')[1] ?? '';
  const text =
    rest === 0n
      ? whole
      : `${whole.split('.')[0]}.${places.padEnd(9, '0')}${String(rest).padStart(3, '0').replace(/0+$/, '')}`;
  return pico * under === over * 1_000n ? text : `≈ ${text}`;
}

export const price = (rate: Rate): string =>
  rate.per === undefined || rate.per === 1 ? `$${rate.usd}` : `$${rate.usd}/${rate.per}`;
