import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { post, type Schema } from '../api/client';
import { change, useAct, useList, useOne } from '../api/hooks';
import { SESSION } from '../app/session';
import { instant } from '../format/plain';
import {
  Badge,
  Banner,
  Button,
  Cards,
  Check,
  Dialog,
  Empty,
  Failure,
  Figure,
  Form,
  Input,
  Mono,
  Row,
  SameBy,
  Section,
  Skeleton,
  Title,
} from '../ui/parts';
import { Table } from '../ui/table';

type Tenant = Schema['PlatformOrganization'];

export function Health() {
  const health = useOne<Schema['Health'] & Record<string, unknown>>('/health');
  const books = useAct(() =>
    post<{ ok: boolean; differences: string[] }>('/api/billing/verify', {}),
  );
  const it = health.data;
  return (
    <>
      <Title actions={<Button onClick={() => void health.refetch()}>Refresh</Button>}>Health</Title>
      <Failure error={health.error} />
      {!it ? (
        <Skeleton />
      ) : (
        <Cards>
          <Figure
            label="State"
            value={<Badge tone={it.status === 'healthy' ? 'ok' : 'warn'}>{it.status}</Badge>}
          />
          <Figure label="Version" value={it.version ?? '–'} note={<Mono>{it.instance}</Mono>} />
        </Cards>
      )}
      {[...(it?.warnings ?? []), ...(it?.reasons ?? [])].map((each) => (
        <Banner tone="warn" key={String(each)}>
          <p>{String(each)}</p>
        </Banner>
      ))}
      <Section
        title="The books"
        actions={
          <Button disabled={books.isPending} onClick={() => books.mutate(undefined)}>
            {books.isPending ? 'Computing…' : 'Compute all of it again'}
          </Button>
        }
      >
        <Failure error={books.error} />
        {books.data && (
          <Banner tone={books.data.ok ? 'ok' : 'bad'}>
            <p>
              {books.data.ok
                ? 'Every account, purse, lot and chain agrees; all accounts together are 0.'
                : books.data.differences.join(' · ')}
            </p>
          </Banner>
        )}
        <SameBy command="gatewright ledger verify" call="POST /api/billing/verify" />
      </Section>
    </>
  );
}

export function Tenants() {
  const list = useList<Tenant>('/api/platform/organizations');
  const [acting, setActing] = useState<Tenant | null>(null);
  const [adding, setAdding] = useState(false);
  const open = useAct(
    ({ id, on }: { id: string; on: boolean }) =>
      change('PATCH', `/api/platform/organizations/${id}`, { platform_credentials: on }),
    ['/api/platform/organizations'],
  );
  return (
    <>
      <Title
        actions={
          <Button look="primary" onClick={() => setAdding(true)}>
            Add an organization
          </Button>
        }
      >
        Tenants
      </Title>
      <Failure error={list.error ?? open.error} />
      {list.isPending ? (
        <Skeleton />
      ) : list.rows.length === 0 ? (
        <Empty title="No organizations." />
      ) : (
        <Table
          label="Organizations"
          rows={list.rows}
          rowKey={(each) => each.id}
          more={list.more}
          columns={[
            { name: 'Name', cell: (each) => each.name },
            { name: 'Id', cell: (each) => <Mono>{each.id}</Mono> },
            {
              name: 'State',
              cell: (each) => (
                <Badge tone={each.state === 'active' ? 'ok' : 'bad'}>{each.state}</Badge>
              ),
            },
            { name: 'Members', number: true, cell: (each) => each.members },
            { name: 'Projects', number: true, cell: (each) => each.projects },
            {
              name: 'Platform’s credentials',
              cell: (each) => (
                <Check
                  label={each.platform_credentials ? 'open' : 'closed'}
                  checked={each.platform_credentials}
                  disabled={open.isPending}
                  onChange={(on) => open.mutate({ id: each.id, on })}
                />
              ),
            },
            { name: 'Since', cell: (each) => instant(each.created_at) },
            {
              name: '',
              cell: (each) => (
                <Button onClick={() => setActing(each)} aria-label={`Act for it: ${each.name}`}>
                  Act for it
                </Button>
              ),
            },
          ]}
        />
      )}
      {acting && <ActAs it={acting} close={() => setActing(null)} />}
      {adding && <AddOrganization close={() => setAdding(false)} />}
    </>
  );
}

function ActAs({ it, close }: { it: Tenant; close: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [reason, setReason] = useState('');
  const [write, setWrite] = useState(false);
  const act = useAct(async () => {
    const session = await post<Schema['Session']>('/api/platform/act-as', {
      organization_id: it.id,
      reason,
      write,
    });
    // The session's own query stays: the frame looks at it, and would not see another in its place.
    client.setQueryData(SESSION, session);
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION[0] });
    await navigate({ to: `/o/${it.id}` });
  });
  return (
    <Dialog title={`Act for ${it.name}`} onClose={close}>
      <Form label="Act for it" onSubmit={() => act.mutate(undefined)}>
        <p>For 30 minutes. It is written into both audit logs, and the owners get a mail.</p>
        <Input
          label="Reason"
          required
          maxLength={500}
          value={reason}
          onChange={(e) => setReason(e.target.value)}
        />
        <Check label="I need to change things, not only look" checked={write} onChange={setWrite} />
        <Failure error={act.error} />
        <Row>
          <Button type="submit" look="primary" disabled={act.isPending}>
            Begin
          </Button>
          <Button onClick={close}>Cancel</Button>
        </Row>
      </Form>
    </Dialog>
  );
}

function AddOrganization({ close }: { close: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const add = useAct(
    () =>
      post('/api/organizations', { name }).then(async () => {
        await client.invalidateQueries({ queryKey: SESSION });
        close();
      }),
    ['/api/platform', '/api/organizations'],
  );
  return (
    <Dialog title="Add an organization" onClose={close}>
      <Form label="Add an organization" onSubmit={() => add.mutate(undefined)}>
        <Input
          label="Name"
          required
          maxLength={64}
          value={name}
          onChange={(e) => setName(e.target.value)}
        />
        <Failure error={add.error} />
        <Row>
          <Button type="submit" look="primary" disabled={add.isPending}>
            Add
          </Button>
          <Button onClick={close}>Cancel</Button>
        </Row>
      </Form>
    </Dialog>
  );
}

export function People() {
  const [email, setEmail] = useState('');
  const list = useList<Schema['PlatformPerson']>('/api/platform/people', {
    email: email || undefined,
  });
  return (
    <>
      <Title>People</Title>
      <Form label="Filter" onSubmit={() => {}}>
        <Input
          label="E-mail address"
          data-filter=""
          defaultValue=""
          onBlur={(e) => setEmail(e.target.value)}
          onKeyDown={(e) => e.key === 'Enter' && setEmail(e.currentTarget.value)}
        />
      </Form>
      <p />
      <Failure error={list.error} />
      {list.isPending ? (
        <Skeleton />
      ) : list.rows.length === 0 ? (
        <Empty title="Nobody fits." />
      ) : (
        <Table
          label="People"
          rows={list.rows}
          rowKey={(each) => each.id}
          more={list.more}
          columns={[
            { name: 'E-mail address', cell: (each) => each.email },
            { name: 'Id', cell: (each) => <Mono>{each.id}</Mono> },
            {
              name: 'State',
              cell: (each) => (
                <Badge tone={each.state === 'active' ? 'ok' : 'warn'}>{each.state}</Badge>
              ),
            },
            { name: 'Operator', cell: (each) => (each.operator ? 'yes' : 'no') },
            {
              name: 'Organizations',
              number: true,
              cell: (each) =>
                Array.isArray(each.organizations) ? each.organizations.length : each.organizations,
            },
            { name: 'Since', cell: (each) => instant(each.created_at) },
          ]}
        />
      )}
    </>
  );
}
