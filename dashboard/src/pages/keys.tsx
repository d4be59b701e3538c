import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { type Schema } from '../api/client';
import { change, useAct, useList, useOne } from '../api/hooks';
import { Able } from '../app/able';
import { useMay } from '../app/session';
import { useWhere } from '../app/shell';
import { instant, when } from '../format/plain';
import {
  Badge,
  Button,
  Choice,
  Confirm,
  Empty,
  Facts,
  Failure,
  Hint,
  Mono,
  Row,
  SameBy,
  Section,
  Skeleton,
  Title,
  type Tone,
} from '../ui/parts';
import { Table } from '../ui/table';
import { SecretPanel } from './secret-panel';

type ApiKey = Schema['Key'];

const TONES: Record<string, Tone> = {
  active: 'ok',
  disabled: 'warn',
  expired: 'warn',
  revoked: 'bad',
};

export const KeyState = ({ of }: { of: ApiKey }) => (
  <Badge tone={TONES[of.state] ?? 'plain'}>{of.state}</Badge>
);

export function Keys() {
  const { org, project, mode } = useWhere();
  const { state } = useSearch({ strict: false });
  const navigate = useNavigate();
  const list = useList<ApiKey>('/api/keys', { state });
  const here = `/o/${org}/p/${project}/${mode}/keys`;
  const rows = list.rows.filter(
    (each) =>
      (mode === 'test') === (each.kind === 'test') &&
      (project === 'all' || each.project_id === project),
  );
  return (
    <>
      <Title
        lead="Who may call, and with what."
        actions={
          <Able
            needs="key.write"
            look="primary"
            onClick={() => void navigate({ to: `${here}/new` })}
          >
            Create a key
          </Able>
        }
      >
        Keys
      </Title>
      <Row>
        <Choice
          label="State"
          data-filter=""
          value={state ?? ''}
          onChange={(event) =>
            void navigate({ to: here, search: { state: event.target.value || undefined } })
          }
        >
          <option value="">any</option>
          {['active', 'disabled', 'expired', 'revoked'].map((each) => (
            <option key={each}>{each}</option>
          ))}
        </Choice>
      </Row>
      <p />
      <Failure error={list.error} retry={() => void list.refetch()} />
      {list.isPending ? (
        <Skeleton />
      ) : rows.length === 0 ? (
        <Empty title={state ? `No key is ${state} here.` : 'No keys yet.'}>
          {list.more.has && <Button onClick={list.more.load}>Look further</Button>}
          <SameBy command="gatewright keys create --name NAME" call="POST /api/keys" />
        </Empty>
      ) : (
        <Table
          label="Keys"
          rows={rows}
          rowKey={(each) => each.id}
          more={list.more}
          columns={[
            { name: 'Name', cell: (each) => <Link to={`${here}/${each.id}`}>{each.name}</Link> },
            { name: 'Id', cell: (each) => <Mono>{each.id}</Mono> },
            { name: 'State', cell: (each) => <KeyState of={each} /> },
            { name: 'Kind', cell: (each) => each.kind },
            { name: 'Reaches', cell: (each) => reach(each) },
            { name: 'Last used', cell: (each) => when(each.last_used_at) },
            {
              name: 'Expires',
              cell: (each) => (each.expires_at ? when(each.expires_at) : 'never'),
            },
            { name: 'Created', cell: (each) => when(each.created_at) },
          ]}
        />
      )}
    </>
  );
}

function reach(key: ApiKey): string {
  if (!key.rules) return '–';
  return key.rules.length === 0
    ? 'all that stands above allows'
    : key.rules.map((each) => `${each.effect} ${each.type}`).join(', ');
}

type Act = 'disable' | 'enable' | 'revoke' | 'rotate';

export function Key() {
  const { id = '' } = useParams({ strict: false });
  const { org, project, mode } = useWhere();
  const may = useMay();
  const path = `/api/keys/${id}`;
  const key = useOne<ApiKey>(path);
  const [asked, setAsked] = useState<Act | null>(null);
  const [grace, setGrace] = useState('24h');
  const [secret, setSecret] = useState<string | null>(null);
  const act = useAct(
    async (what: Act) => {
      const body = what === 'rotate' ? { grace } : {};
      const done = await change<Schema['KeyOnce']>('POST', `${path}/${what}`, body, path);
      if (what === 'rotate') setSecret(done.data.key);
      setAsked(null);
    },
    ['/api/keys'],
  );
  if (key.isPending) return <Skeleton />;
  if (!key.data) return <Failure error={key.error} retry={() => void key.refetch()} />;
  const it = key.data;
  const over = it.state === 'revoked' || it.state === 'expired';
  return (
    <>
      <Title
        lead={<Link to={`/o/${org}/p/${project}/${mode}/keys`}>All keys</Link>}
        actions={
          may('key.write') &&
          it.source !== 'file' && (
            <>
              {!over && <Button onClick={() => setAsked('rotate')}>Rotate</Button>}
              {it.state === 'disabled' && (
                <Button onClick={() => act.mutate('enable')}>Enable</Button>
              )}
              {it.state === 'active' && (
                <Button onClick={() => act.mutate('disable')}>Disable</Button>
              )}
              {it.state !== 'revoked' && (
                <Button look="danger" onClick={() => setAsked('revoke')}>
                  Revoke
                </Button>
              )}
            </>
          )
        }
      >
        {it.name}
      </Title>
      <Failure error={asked ? null : act.error} />
      <Facts
        of={[
          ['Id', <Mono key="id">{it.id}</Mono>],
          ['State', <KeyState key="state" of={it} />],
          ['Kind', it.kind],
          ['Project', <Mono key="project">{it.project_id}</Mono>],
          ['Owner', it.owner ? <Mono key="owner">{it.owner}</Mono> : 'the project'],
          ['Created', `${instant(it.created_at)} by ${it.created_by ?? '–'}`],
          ['Expires', it.expires_at ? instant(it.expires_at) : 'never'],
          ['Last used', instant(it.last_used_at)],
          ['Former secret ends', it.former_secret_until ? instant(it.former_secret_until) : null],
          ['Tags', it.tags?.join(', ') || null],
          ['Pages it may be used from', it.origins?.join(', ') || 'anywhere'],
        ]}
      />
      <Section
        title="Its own rules"
        actions={
          <Link to={`/o/${org}/policy/explain`} search={{ key: it.id }}>
            What would a call get?
          </Link>
        }
      >
        {it.rules && it.rules.length > 0 ? (
          <Table
            label="Rules of this key"
            rows={it.rules}
            rowKey={(each) => JSON.stringify(each)}
            columns={[
              {
                name: 'Effect',
                cell: (each) => (
                  <Badge tone={each.effect === 'deny' ? 'bad' : 'ok'}>{each.effect}</Badge>
                ),
              },
              { name: 'Of', cell: (each) => each.type },
              { name: 'Values', cell: (each) => <Mono>{each.values.join(', ')}</Mono> },
              { name: 'Name', cell: (each) => each.name },
            ]}
          />
        ) : (
          <Hint>None: it reaches all that its project and organization allow.</Hint>
        )}
      </Section>
      <SameBy command={`gatewright keys show ${it.id}`} call={`GET /api/keys/${it.id}`} />
      {asked === 'revoke' && (
        <Confirm
          title={`Revoke ${it.name}?`}
          act="Revoke"
          error={act.error}
          busy={act.isPending}
          onClose={(yes) => (yes ? act.mutate('revoke') : setAsked(null))}
        >
          Calls with this key end within a second, on every replica. It cannot be taken back.
        </Confirm>
      )}
      {asked === 'rotate' && (
        <Confirm
          title={`Rotate ${it.name}?`}
          act="Make a new secret"
          error={act.error}
          busy={act.isPending}
          onClose={(yes) => (yes ? act.mutate('rotate') : setAsked(null))}
        >
          <Choice
            label="The former secret stays good for"
            value={grace}
            onChange={(event) => setGrace(event.target.value)}
          >
            {['0s', '1h', '24h', '7d'].map((each) => (
              <option key={each} value={each}>
                {each === '0s' ? 'no time' : each}
              </option>
            ))}
          </Choice>
        </Confirm>
      )}
      {secret && <SecretPanel secret={secret} kind={it.kind} close={() => setSecret(null)} />}
    </>
  );
}
