import { useState } from 'react';
import { ask, type Ask, type Schema } from '../api/client';
import { useQuery } from '@tanstack/react-query';
import { useAct } from '../api/hooks';
import { useMay } from '../app/session';
import { instant } from '../format/plain';
import {
  Badge,
  Button,
  Choice,
  Code,
  Copy,
  Dialog,
  Empty,
  Facts,
  Failure,
  Form,
  Hint,
  Input,
  Mono,
  Row,
  SameBy,
  Skeleton,
  Title,
} from '../ui/parts';
import { useRemoval } from '../ui/removal';
import { Table } from '../ui/table';
import { RunAs, useToken, type Token as KeyToken } from './run-as';

type Room = Schema['Room'];
const PROFILES = ['conversation', 'audio_room', 'broadcast', 'podcast', 'live_stream', 'workshop'];

/** Rooms answer to keys alone, never to a cookie: the page calls as a key, by a token of minutes. */
async function asKey<T>(
  token: KeyToken,
  method: string,
  path: string,
  given: Ask = {},
): Promise<T> {
  return (await ask<T>(method, path, { ...given, bearer: token.token })).data;
}

export function Rooms() {
  const may = useMay();
  const token = useToken();
  return (
    <>
      <Title lead="One interface over video-room providers. Rooms answer to keys: choose whose.">
        Rooms
      </Title>
      <RunAs token={token} kind="live" />
      {token.now && <Listed token={token.now} write={may('room.write')} />}
    </>
  );
}

function Listed({ token: key, write }: { token: KeyToken; write: boolean }) {
  const list = useQuery({
    queryKey: ['/v1/rooms', key.key],
    queryFn: () => asKey<{ data: Room[] }>(key, 'GET', '/v1/rooms', { query: { limit: 100 } }),
  });
  const [adding, setAdding] = useState(false);
  const [token, setToken] = useState<Room | null>(null);
  const removal = useRemoval<Room>({
    act: (it) => asKey(key, 'DELETE', `/v1/rooms/${encodeURIComponent(it.name)}`),
    stale: ['/v1/rooms'],
    title: (it) => `Delete ${it.name}?`,
    note: () => 'Whoever is in it is put out.',
    verb: 'Delete',
  });
  const rows = list.data?.data ?? [];
  return (
    <>
      {write && (
        <p>
          <Button look="primary" onClick={() => setAdding(true)}>
            Create a room
          </Button>
        </p>
      )}
      <Failure error={list.error} />
      {list.isPending ? (
        <Skeleton />
      ) : rows.length === 0 ? (
        <Empty title="No rooms.">
          <Hint>
            Rooms made with a caller’s own provider key are not stored, so not listed here.
          </Hint>
          <SameBy call={'POST /v1/rooms\n{"name":"standup","profile":"conversation"}'} />
        </Empty>
      ) : (
        <Table
          label="Rooms"
          rows={rows}
          rowKey={(each) => each.name}
          columns={[
            { name: 'Name', cell: (each) => each.name },
            { name: 'Provider', cell: (each) => each.provider },
            { name: 'Profile', cell: (each) => each.profile },
            {
              name: 'State',
              cell: (each) => (
                <Badge tone={each.status === 'active' ? 'ok' : 'plain'}>{each.status}</Badge>
              ),
            },
            { name: 'Address', cell: (each) => <Mono>{each.url}</Mono> },
            { name: 'Created', cell: (each) => instant(each.created_at) },
            {
              name: 'Expires',
              cell: (each) => (each.expires_at ? instant(each.expires_at) : 'never'),
            },
            {
              name: '',
              cell: (each) =>
                write && (
                  <Row>
                    <Button
                      onClick={() => setToken(each)}
                      aria-label={`Join token for ${each.name}`}
                    >
                      Join token
                    </Button>
                    <Button
                      look="danger"
                      onClick={() => removal.ask(each)}
                      aria-label={`Delete ${each.name}`}
                    >
                      Delete
                    </Button>
                  </Row>
                ),
            },
          ]}
        />
      )}
      {adding && <NewRoom as={key} close={() => setAdding(false)} />}
      {token && <Token as={key} room={token} close={() => setToken(null)} />}
      {removal.dialog}
    </>
  );
}

function NewRoom({ as, close }: { as: KeyToken; close: () => void }) {
  const [name, setName] = useState('');
  const [profile, setProfile] = useState('conversation');
  const plan = useAct(() =>
    asKey<Record<string, unknown>>(as, 'POST', '/v1/room-plans', { body: { name, profile } }),
  );
  const create = useAct(
    () => asKey(as, 'POST', '/v1/rooms', { body: { name, profile } }).then(close),
    ['/v1/rooms'],
  );
  return (
    <Dialog title="Create a room" onClose={close}>
      <Form label="Create a room" onSubmit={() => create.mutate(undefined)}>
        <Input label="Name" required value={name} onChange={(e) => setName(e.target.value)} />
        <Choice label="Profile" value={profile} onChange={(e) => setProfile(e.target.value)}>
          {PROFILES.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </Choice>
        <Failure error={plan.error ?? create.error} />
        {plan.data && <Code>{JSON.stringify(plan.data, null, 2)}</Code>}
        <Row>
          <Button type="submit" look="primary" disabled={create.isPending}>
            Create
          </Button>
          <Button disabled={!name || plan.isPending} onClick={() => plan.mutate(undefined)}>
            Show the plan
          </Button>
          <Button onClick={close}>Cancel</Button>
        </Row>
      </Form>
    </Dialog>
  );
}

function Token({ as, room, close }: { as: KeyToken; room: Room; close: () => void }) {
  const [user, setUser] = useState('');
  const [role, setRole] = useState('speaker');
  const make = useAct(() =>
    asKey<{ token: string; url: string; expires_at: string }>(
      as,
      'POST',
      `/v1/rooms/${encodeURIComponent(room.name)}/tokens`,
      { body: { role, ...(user && { user }) } },
    ),
  );
  return (
    <Dialog title={`Join token for ${room.name}`} onClose={close}>
      {make.data ? (
        <>
          <Facts
            of={[
              ['Address', <Mono key="url">{make.data.url}</Mono>],
              ['Good until', instant(make.data.expires_at)],
            ]}
          />
          <Code>{make.data.token}</Code>
          <Row>
            <Copy text={make.data.token} label="Copy the token" />
            <Button look="primary" onClick={close}>
              Done
            </Button>
          </Row>
        </>
      ) : (
        <Form label="Join token" onSubmit={() => make.mutate(undefined)}>
          <Choice label="Role" value={role} onChange={(e) => setRole(e.target.value)}>
            {['owner', 'speaker', 'viewer'].map((each) => (
              <option key={each}>{each}</option>
            ))}
          </Choice>
          <Input label="Who" value={user} onChange={(e) => setUser(e.target.value)} />
          <Failure error={make.error} />
          <Row>
            <Button type="submit" look="primary" disabled={make.isPending}>
              Make it
            </Button>
            <Button onClick={close}>Cancel</Button>
          </Row>
        </Form>
      )}
    </Dialog>
  );
}
