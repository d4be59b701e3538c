// Times, numbers and lengths as people read them, in their own language and the zone given.

const COUNT = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const COMPACT = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 2 });

export const count = (value: number | null | undefined): string =>
  value == null ? '–' : COUNT.format(value);

export const compact = (value: number): string => COMPACT.format(value);

/** 842 ms · 3.42 s · 2 m 05 s */
export function duration(ms: number | null | undefined): string {
  if (ms == null) return '–';
  if (ms < 1000) return `${ms} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(2)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, '0')} s`;
}

export function instant(iso: string | null | undefined, zone?: string): string {
  if (!iso) return '–';
  return new Intl.DateTimeFormat(undefined, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    timeZone: zone,
  }).format(new Date(iso));
}

/** "3 minutes ago" within a day, else the date. */
export function when(iso: string | null | undefined, now: number = Date.now()): string {
  if (!iso) return '–';
  const seconds = Math.round((new Date(iso).getTime() - now) / 1000);
  const words = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
  const size = Math.abs(seconds);
  if (size < 60) return words.format(seconds, 'second');
  if (size < 3600) return words.format(Math.round(seconds / 60), 'minute');
  if (size < 86_400) return words.format(Math.round(seconds / 3600), 'hour');
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' }).format(new Date(iso));
}

export const day = (at: number): string =>
  new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' }).format(at);

const PLURAL = new Intl.PluralRules('en');

/** 1 day, 2 days */
export const several = (value: number, one: string, other: string): string =>
  `${count(value)} ${PLURAL.select(value) === 'one' ? one : other}`;

export const share = (part: number, whole: number): string =>
  whole === 0
    ? '–'
    : part === 0
      ? '0 %'
      : part / whole < 0.001
        ? '< 0.1 %'
        : `${((100 * part) / whole).toFixed(1)} %`;
