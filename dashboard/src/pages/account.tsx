import { useState } from 'react';
import { ask, post } from '../api/client';
import { makePasskey, passkeysWork } from '../api/passkey';
import { useAct, useOne } from '../api/hooks';
import { SHORTCUTS } from '../app/keyboard';
import { useSession } from '../app/session';
import { setTheme, themeNow, type Theme } from '../app/theme';
import { instant, when } from '../format/plain';
import {
  Badge,
  Button,
  Check,
  Choice,
  Facts,
  Failure,
  Hint,
  Mono,
  Section,
  Skeleton,
  Title,
} from '../ui/parts';
import { Table } from '../ui/table';

interface OwnSession {
  id: string;
  current: boolean;
  acting: boolean;
  created_at: string;
  last_seen_at: string;
  ends_at: string;
  address: string;
  agent: string;
}

export function Account() {
  const session = useSession();
  const sessions = useOne<{ data: OwnSession[] }>('/api/auth/sessions');
  const end = useAct(
    (id: string | null) => ask('DELETE', id ? `/api/auth/sessions/${id}` : '/api/auth/sessions'),
    ['/api/auth/sessions'],
  );
  const [theme, choose] = useState<Theme>(themeNow);
  const [keys, setKeys] = useState(() => localStorage.getItem(SHORTCUTS) !== 'off');
  return (
    <>
      <Title>Account</Title>
      <Facts
        of={[
          ['E-mail address', session.person.email],
          ['Id', <Mono key="id">{session.person.id}</Mono>],
          [
            'Organizations',
            session.organizations.map((each) => `${each.name} (${each.role})`).join(', ') || 'none',
          ],
          ['Operator of this platform', session.operator ? 'yes' : 'no'],
        ]}
      />
      <Section title="This browser">
        <Choice
          label="Theme"
          value={theme}
          onChange={(e) => {
            choose(e.target.value as Theme);
            setTheme(e.target.value as Theme);
          }}
        >
          {['system', 'light', 'dark'].map((each) => (
            <option key={each}>{each}</option>
          ))}
        </Choice>
        <Check
          label="Single keys: / to filter, g and a letter to go"
          checked={keys}
          onChange={(on) => {
            setKeys(on);
            localStorage.setItem(SHORTCUTS, on ? 'on' : 'off');
          }}
        />
      </Section>
      <Passkeys />
      <Section
        title="Sessions"
        actions={<Button onClick={() => end.mutate(null)}>End all others</Button>}
      >
        <Failure error={sessions.error ?? end.error} />
        {sessions.isPending ? (
          <Skeleton />
        ) : (
          <Table
            label="Sessions"
            rows={sessions.data?.data ?? []}
            rowKey={(each) => each.id}
            columns={[
              { name: 'Browser', cell: (each) => each.agent },
              { name: 'Address', cell: (each) => each.address },
              {
                name: 'State',
                cell: (each) =>
                  each.current ? (
                    <Badge tone="ok">this one</Badge>
                  ) : each.acting ? (
                    <Badge tone="warn">acting</Badge>
                  ) : null,
              },
              { name: 'Began', cell: (each) => instant(each.created_at) },
              { name: 'Last seen', cell: (each) => when(each.last_seen_at) },
              { name: 'Ends', cell: (each) => instant(each.ends_at) },
              {
                name: '',
                cell: (each) =>
                  !each.current && (
                    <Button
                      look="quiet"
                      onClick={() => end.mutate(each.id)}
                      aria-label={`End the session of ${each.address}`}
                    >
                      End
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </Section>
    </>
  );
}

interface Passkey {
  id: string;
  name: string | null;
  created_at: string;
  last_used_at?: string | null;
}

function Passkeys() {
  const list = useOne<{ data: Passkey[] }>('/api/auth/passkeys');
  const add = useAct(async () => {
    const options = await post<Record<string, unknown>>('/api/auth/passkeys/options');
    await post('/api/auth/passkeys', { credential: await makePasskey(options) });
  }, ['/api/auth/passkeys']);
  const remove = useAct(
    (id: string) => ask('DELETE', `/api/auth/passkeys/${id}`),
    ['/api/auth/passkeys'],
  );
  const works = passkeysWork();
  return (
    <Section
      title="Passkeys"
      actions={
        <Button disabled={!works || add.isPending} onClick={() => add.mutate(undefined)}>
          Add a passkey
        </Button>
      }
    >
      <Failure error={list.error ?? add.error ?? remove.error} />
      {!works && <Hint>Passkeys need https, or this machine itself.</Hint>}
      {list.data && list.data.data.length > 0 && (
        <Table
          label="Your passkeys"
          rows={list.data.data}
          rowKey={(each) => each.id}
          columns={[
            { name: 'Name', cell: (each) => each.name ?? 'a passkey' },
            { name: 'Added', cell: (each) => instant(each.created_at) },
            { name: 'Last used', cell: (each) => when(each.last_used_at) },
            {
              name: '',
              cell: (each) => (
                <Button look="quiet" onClick={() => remove.mutate(each.id)}>
                  Remove
                </Button>
              ),
            },
          ]}
        />
      )}
    </Section>
  );
}
