// One event stream for all tabs of a browser: the gate ends a session's first stream when a second
// begins. The tab that holds the lock listens and tells the others; where the browser has no locks
// (plain HTTP to another machine) each tab asks again every few seconds while it is looked at.
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { search, type Schema } from '../api/client';
import { forget } from '../api/hooks';

type Event = Schema['Event'];
export type LiveState = 'live' | 'polling' | 'lost';

// What an event of a kind makes stale.
const STALE: Record<string, readonly string[]> = {
  key: ['/api/keys'],
  policy: ['/api/policy', '/api/keys'],
  team: ['/api/team', '/api/auth/session', '/api/projects', '/api/organizations'],
  credential: ['/api/credentials'],
  service: ['/api/services'],
  room: ['/v1/rooms'],
  audit: ['/api/audit'],
  request: ['/api/usage', '/api/billing', '/api/budgets'],
};
const GATHER_MILLIS = 1000;
const POLL_MILLIS = 5000;

export function useLive(organization: string): LiveState {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>('lost');
  useEffect(() => {
    if (!('locks' in navigator)) return polling(client, setState);
    const heard = gather(client);
    const channel = new BroadcastChannel(`gatewright.${organization}`);
    channel.onmessage = (message: MessageEvent<string>) => {
      setState('live');
      heard(message.data);
    };
    const gone = new AbortController();
    void navigator.locks
      .request(`gatewright.${organization}`, { signal: gone.signal }, () => {
        const stop = listen(organization, setState, (kind) => {
          heard(kind);
          channel.postMessage(kind);
        });
        return new Promise<void>((resolve) =>
          gone.signal.addEventListener('abort', () => {
            stop();
            resolve();
          }),
        );
      })
      .catch(() => {});
    return () => {
      gone.abort();
      channel.close();
    };
  }, [client, organization]);
  return state;
}

function listen(
  organization: string,
  setState: (state: LiveState) => void,
  heard: (kind: string) => void,
): () => void {
  const source = new EventSource(`/api/events${search({ organization })}`);
  source.onopen = () => setState('live');
  source.onerror = () => setState('lost');
  for (const kind of [...Object.keys(STALE), 'resync']) {
    source.addEventListener(kind, (message: MessageEvent<string>) => {
      setState('live');
      heard(kindOf(kind, message.data));
    });
  }
  return () => source.close();
}

function kindOf(name: string, data: string): string {
  try {
    return (JSON.parse(data) as Event).type ?? name;
  } catch {
    return name;
  }
}

/** Many events within a second are one look. */
function gather(client: QueryClient): (kind: string) => void {
  const kinds = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  return (kind) => {
    kinds.add(kind);
    timer ??= setTimeout(() => {
      timer = null;
      const all = kinds.has('resync') ? Object.keys(STALE) : [...kinds];
      kinds.clear();
      for (const prefix of new Set(all.flatMap((each) => STALE[each] ?? [])))
        forget(client, prefix);
    }, GATHER_MILLIS);
  };
}

function polling(client: QueryClient, setState: (state: LiveState) => void): () => void {
  setState('polling');
  const timer = setInterval(() => {
    if (document.visibilityState !== 'visible') return;
    for (const prefix of ['/api/usage', '/api/services', '/api/keys']) forget(client, prefix);
  }, POLL_MILLIS);
  return () => clearInterval(timer);
}
