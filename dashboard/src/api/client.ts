// One way to the gate's REST interface: the session's cookie, its CSRF token, the organization, and
// errors as the gate words them.
import { first } from './first';
import type { components } from './schema';

export type Schema = components['schemas'];

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly param: string | null,
    readonly requestId: string | null,
    readonly help: string | null,
    /** When a call like it may be answered, in milliseconds of this browser's clock; 0 = any time. */
    readonly goodFrom = 0,
  ) {
    super(message);
    this.name = 'Problem';
  }
}

export interface Ask {
  query?: Record<string, string | number | boolean | undefined | null>;
  body?: unknown;
  /** Of the version that is changed. */
  ifMatch?: string;
  organization?: string;
  /** A key's token, for what answers to keys alone; then the cookie stays at home. */
  bearer?: string;
  signal?: AbortSignal;
}

export interface Given<T> {
  data: T;
  etag: string | null;
}

type Prove = () => Promise<boolean>;

let csrf: string | null = null;
let organization: string | null = null;
let prove: Prove = () => Promise.resolve(false);
let signedOut: () => void = () => {};

export const door = {
  setCsrf: (token: string | null) => {
    csrf = token;
  },
  setOrganization: (id: string | null) => {
    organization = id;
  },
  /** Who asks the person for a fresh proof; resolves to true when it was given. */
  onProof: (asks: Prove) => {
    prove = asks;
  },
  onSignedOut: (tells: () => void) => {
    signedOut = tells;
  },
};

/** Not crypto.randomUUID: that exists in secure contexts alone. */
export function fresh(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (each) => each.toString(16).padStart(2, '0')).join('');
}

export async function ask<T>(method: string, path: string, given: Ask = {}): Promise<Given<T>> {
  // One name for every try of the same act.
  const once = method === 'POST' ? fresh() : null;
  const first = await send<T>(method, path, given, once);
  if (first instanceof Problem && first.code === 'step_up_required' && (await prove())) {
    const second = await send<T>(method, path, given, once);
    if (second instanceof Problem) throw second;
    return second;
  }
  if (first instanceof Problem) throw first;
  return first;
}

export const get = async <T>(path: string, given?: Ask): Promise<T> =>
  (await ask<T>('GET', path, given)).data;

export const post = async <T>(path: string, body: unknown = {}, given?: Ask): Promise<T> =>
  (await ask<T>('POST', path, { ...given, body })).data;

async function send<T>(
  method: string,
  path: string,
  given: Ask,
  once: string | null,
): Promise<Given<T> | Problem> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (given.body !== undefined) headers['content-type'] = 'application/json';
  if (given.bearer) headers.authorization = `Bearer ${given.bearer}`;
  else if (method !== 'GET' && csrf) headers['x-csrf-token'] = csrf;
  const about = given.organization ?? organization;
  if (about && path.startsWith('/api/') && !path.startsWith('/api/auth/'))
    headers['x-gatewright-as-organization'] = about;
  if (given.ifMatch) headers['if-match'] = given.ifMatch;
  if (once && path.startsWith('/api/') && !path.startsWith('/api/auth/'))
    headers['idempotency-key'] = once;
  let answer: Response;
  try {
    const begun = method === 'GET' && !given.query ? first(path) : undefined;
    answer = await (begun ??
      fetch(path + search(given.query), {
        method,
        headers,
        body: given.body === undefined ? undefined : JSON.stringify(given.body),
        credentials: given.bearer ? 'omit' : 'same-origin',
        signal: given.signal,
      }));
  } catch (failed) {
    if (failed instanceof DOMException && failed.name === 'AbortError') throw failed;
    return new Problem(0, 'unreachable', 'The gate cannot be reached.', null, null, null);
  }
  const text = await answer.text();
  if (!answer.ok) {
    const problem = problemOf(answer, text);
    if (problem.status === 401 && problem.code === 'not_signed_in') signedOut();
    return problem;
  }
  const json = /\bjson\b/.test(answer.headers.get('content-type') ?? '');
  return { data: (text && json ? JSON.parse(text) : text) as T, etag: answer.headers.get('etag') };
}

function problemOf(answer: Response, text: string): Problem {
  const named = answer.headers.get('x-request-id');
  try {
    const { error } = JSON.parse(text) as Schema['Error'];
    return new Problem(
      answer.status,
      error.code,
      error.message,
      error.param,
      error.request_id ?? named,
      error.help ?? null,
      goodFrom(answer),
    );
  } catch {
    const words = `The gate answered ${answer.status}.`;
    return new Problem(answer.status, 'unreadable', words, null, named, null);
  }
}

function goodFrom(answer: Response): number {
  const seconds = Number(answer.headers.get('retry-after'));
  return answer.status === 429 && seconds > 0 ? Date.now() + seconds * 1000 : 0;
}

export function search(query: Ask['query']): string {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== '') pairs.set(name, String(value));
  }
  const text = pairs.toString();
  return text ? `?${text}` : '';
}
