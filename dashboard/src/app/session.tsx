// Who is signed in, where, and with which permissions; and the dialogs that ask for a proof again.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
  type ReactNode,
} from 'react';
import { ask, door, get, Problem, type Schema } from '../api/client';
import { SESSION_PATH } from '../api/first';
import { CodeForm, SignIn } from '../pages/sign-in';
import { Dialog, Failure, Skeleton } from '../ui/parts';

export type Session = Schema['Session'];
export type Membership = Session['organizations'][number];

export const SESSION = [SESSION_PATH];

const Here = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(Here);
  if (!session) throw new Error('nobody is signed in');
  return session;
}

/** The organization of the address; null when the person has no part in it. */
export function useOrganization(): Membership | null {
  const { org } = useParams({ strict: false });
  return useSession().organizations.find((each) => each.id === org) ?? null;
}

/** Whether the person may do what a permission's word says. */
export function useMay(): (permission: string) => boolean {
  const membership = useOrganization();
  return useCallback(
    (permission) =>
      membership?.capabilities.some(
        (each) => each === permission || each.startsWith(`${permission}:`),
      ) ?? false,
    [membership],
  );
}

/** Which roles have what a permission's word says, for somebody who has not: `owner or admin`. */
export function useWhoMay(): (permission: string) => string | null {
  const membership = useOrganization();
  return (permission) => {
    const roles = membership?.lacking[permission] ?? [];
    return roles.length === 0 ? null : EITHER.format(roles);
  };
}

const EITHER = new Intl.ListFormat('en', { type: 'disjunction' });

/** Shows its children to people who are signed in; others sign in first and stay where they are. */
export function SessionGate({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [lost, setLost] = useState(false);
  const [proof, setProof] = useState<((given: boolean) => void) | null>(null);
  const found = useQuery({
    queryKey: SESSION,
    queryFn: async ({ signal }) => {
      try {
        return await get<Session>(SESSION_PATH, { signal });
      } catch (refused) {
        if (refused instanceof Problem && refused.status === 401) return null;
        throw refused;
      }
    },
    staleTime: 60_000,
  });
  const session = found.data ?? null;
  door.setCsrf(session?.csrf_token ?? null);
  useEffect(() => {
    door.onSignedOut(() => setLost(true));
    door.onProof(() => new Promise((resolve) => setProof(() => resolve)));
  }, []);
  const signedIn = useCallback(
    (fresh: Session) => {
      door.setCsrf(fresh.csrf_token);
      client.setQueryData(SESSION, fresh);
      setLost(false);
    },
    [client],
  );
  const value = useMemo(() => session, [session]);

  if (found.isPending) return <Skeleton height={300} />;
  if (found.error) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!value) return <SignIn done={signedIn} />;
  return (
    <Here.Provider value={value}>
      {children}
      {lost && (
        <Dialog title="Sign in again" onClose={() => setLost(false)}>
          <p>Your session has ended. What you were writing is still here.</p>
          <CodeForm email={value.person.email} done={signedIn} />
        </Dialog>
      )}
      {proof && (
        <Dialog
          title="Prove that it is you"
          onClose={() => {
            proof(false);
            setProof(null);
          }}
        >
          <p>This act needs a fresh proof: a code goes to {value.person.email}.</p>
          <CodeForm
            email={value.person.email}
            prove={async (code) =>
              (await ask<Session>('POST', '/api/auth/step-up', { body: { code } })).data
            }
            done={(fresh) => {
              signedIn(fresh);
              proof(true);
              setProof(null);
            }}
          />
        </Dialog>
      )}
    </Here.Provider>
  );
}
