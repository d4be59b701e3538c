// What every page asks for before it shows anything, asked for while the rest of the script begins.
const OUTSIDE = /^\/console\/(setup|sign-in-failed)\b/;
const asked = new Map<string, Promise<Response>>();

export const SESSION_PATH = '/api/auth/session';
export const SITE_PATH = '/api/auth/site';

if (!OUTSIDE.test(location.pathname)) begin(SESSION_PATH);
begin(SITE_PATH);

function begin(path: string): void {
  const answer = fetch(path, {
    headers: { accept: 'application/json' },
    credentials: 'same-origin',
  });
  // Whoever takes it hears what failed.
  answer.catch(() => {});
  asked.set(path, answer);
}

/** The answer, to the first who wants it. */
export function first(path: string): Promise<Response> | undefined {
  const answer = asked.get(path);
  asked.delete(path);
  return answer;
}
