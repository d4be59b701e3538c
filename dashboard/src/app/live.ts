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
  organization: ['/api/auth/session', '/api/organizations'],
  project: ['/api/projects', '/api/auth/session'],
  member: ['/api/team', '/api/auth/session'],
  invitation: ['/api/team'],
  key: ['/api/keys', 'checklist'],
  policy: ['/api/policy', '/api/keys'],
  limit: ['/api/limits'],
  credential: ['/api/credentials', 'checklist'],
  provider: ['/api/providers', '/api/models', '/v1/models'],
  model: ['/api/models', '/v1/models'],
  service: ['/api/services'],
  room: ['/v1/rooms'],
  audit: ['/api/audit'],
  request: ['/api/usage', '/api/billing', '/api/budgets', '/api/services', 'checklist'],
  usage: ['/api/usage', '/api/billing', '/api/budgets'],
};
const GATHER_MILLIS = 1000;
const POLL_MILLIS = 5000;

// What tabs tell each other beside kinds.
const ASKED = '?';
const STATE = 'state:';

export function useLive(organization: string): LiveState {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>('lost');
  useEffect(() => {
    if (!('locks' in navigator)) return polling(client, setState);
    const heard = gather(client);
    const channel = new BroadcastChannel(`gatewright.${organization}`);
    // Of the tab that listens; null in every other.
    let leading: LiveState | null = null;
    channel.onmessage = ({ data }: MessageEvent<string>) => {
      if (data === ASKED) {
        if (leading) channel.postMessage(STATE + leading);
      } else if (data.startsWith(STATE)) {
        setState(data.slice(STATE.length) as LiveState);
      } else {
        heard(data);
      }
    };
    channel.postMessage(ASKED);
    const gone = new AbortController();
    void navigator.locks
      .request(`gatewright.${organization}`, { signal: gone.signal }, () => {
        const tell = (now: LiveState) => {
          if (leading !== now) channel.postMessage(STATE + now);
          leading = now;
          setState(now);
        };
        const stop = listen(organization, tell, (kind) => {
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
  tell: (state: LiveState) => void,
  heard: (kind: string) => void,
): () => void {
  const source = new EventSource(`/api/events${search({ organization })}`);
  source.onopen = () => tell('live');
  source.onerror = () => tell('lost');
  for (const kind of [...Object.keys(STALE), 'resync']) {
    source.addEventListener(kind, (message: MessageEvent<string>) => {
      tell('live');
      heard(kindOf(kind, message.data));
    });
  }
  source.addEventListener('end', (message: MessageEvent<string>) => {
    tell('lost');
    const reason = reasonOf(message.data);
    // The session's other stream is this one's successor: who came back would end that one.
    if (reason === 'replaced') source.close();
    // What the person may do is another now, or who they are.
    if (reason === 'access_changed' || reason === 'session_ended') heard('access');
  });
  return () => source.close();
}

function kindOf(name: string, data: string): string {
  try {
    return (JSON.parse(data) as Event).type ?? name;
  } catch {
    return name;
  }
}

function reasonOf(data: string): string | null {
  try {
    return (JSON.parse(data) as Schema['StreamNote']).reason;
  } catch {
    return null;
  }
}

/** Many events within a second are one look; another access is looked at once. */
function gather(client: QueryClient): (kind: string) => void {
  const kinds = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  return (kind) => {
    if (kind === 'access') {
      forget(client, '/');
      return;
    }
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
    for (const prefix of ['/api/usage', '/api/services', '/api/keys', '/api/auth/session'])
      forget(client, prefix);
  }, POLL_MILLIS);
  return () => clearInterval(timer);
}
