// What the file and the machine say: looked at here, changed there.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, type Schema } from '../api/client';
import { useList, useOne } from '../api/hooks';
import { instant } from '../format/plain';
import {
  Badge,
  Banner,
  Button,
  Check,
  Empty,
  Failure,
  Form,
  Hint,
  Input,
  Mono,
  SameBy,
  Skeleton,
  Title,
} from '../ui/parts';
import { Table } from '../ui/table';

export function Sites() {
  const list = useList<Schema['PlatformSite']>('/api/platform/sites');
  return (
    <>
      <Title lead="The names under which this gate answers. The configuration's file owns them: edit it there, it is taken within a second.">
        Sites
      </Title>
      <Failure error={list.error} />
      {list.isPending ? (
        <Skeleton />
      ) : list.rows.length === 0 ? (
        <Empty title="No sites: the gate answers under every name.">
          <p>
            With <Mono>sites</Mono> in the file each name has its own origins, addresses, limits and
            looks.
          </p>
        </Empty>
      ) : (
        <Table
          label="Sites"
          rows={list.rows}
          rowKey={(each) => each.host}
          more={list.more}
          columns={[
            { name: 'Host', cell: (each) => <Mono>{each.host}</Mono> },
            { name: 'Name', cell: (each) => each.name ?? '–' },
            {
              name: 'Console',
              cell: (each) => (each.api_only ? 'none: interface only' : each.public_url),
            },
            {
              name: 'Pages that may call',
              cell: (each) => (each.origins ? each.origins.join(', ') : 'those of cors.origins'),
            },
            {
              name: 'Addresses',
              cell: (each) =>
                [
                  each.allow.length > 0 ? `only ${each.allow.join(', ')}` : 'all',
                  ...(each.deny.length > 0 ? [`never ${each.deny.join(', ')}`] : []),
                ].join('; '),
            },
            { name: 'Limits on', cell: (each) => <Mono>site:{each.limits_class}</Mono> },
            {
              name: 'Looks',
              cell: (each) =>
                [each.color, each.logo ? 'a logo' : null].filter(Boolean).join(', ') || 'ours',
            },
          ]}
        />
      )}
      <SameBy call="GET /api/platform/sites" />
    </>
  );
}

type Setting = Schema['PlatformSetting'];

function value(it: Setting) {
  if (it.value !== null) return <Mono>{it.value}</Mono>;
  if (!it.secret) return '–';
  return it.source === 'default' ? 'not set' : 'set, not shown';
}

function from(it: Setting): string {
  if (it.source === 'default') return 'default';
  return it.line === null ? `${it.source} ${it.from}` : `${it.from}:${it.line}`;
}

export function Configuration() {
  const [sought, setSought] = useState('');
  const [given, setGiven] = useState(false);
  const found = useInfiniteQuery({
    queryKey: ['/api/platform/config'],
    queryFn: ({ signal, pageParam }) =>
      get<Schema['PlatformConfig']>('/api/platform/config', {
        query: { limit: 1000, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  const it = found.data?.pages[0];
  const all = found.data?.pages.flatMap((page) => page.data) ?? [];
  const rows = all.filter(
    (each) => each.key.includes(sought.trim()) && (!given || each.source !== 'default'),
  );
  return (
    <>
      <Title
        lead="Every setting as it is in force, and who says so. Secrets are not shown, to nobody."
        actions={<Button onClick={() => void found.refetch()}>Refresh</Button>}
      >
        Configuration
      </Title>
      <Failure error={found.error} />
      {it?.problem && (
        <Banner tone="bad">
          <p>The file was edited, but is not in force: {it.problem}</p>
          <p>What it said before stays. Correct it; it is looked at every second.</p>
        </Banner>
      )}
      {it && it.restart.length > 0 && (
        <Banner tone="warn">
          <p>Edited, but in force only after a restart: {it.restart.join(', ')}</p>
        </Banner>
      )}
      {it && <p>{it.file ? <Mono>{it.file}</Mono> : 'There is no file.'}</p>}
      <Form label="Filter" onSubmit={() => {}}>
        <Input
          label="Key contains"
          data-filter=""
          value={sought}
          onChange={(e) => setSought(e.target.value)}
        />
        <Check label="Without defaults" checked={given} onChange={setGiven} />
      </Form>
      <p />
      {found.isPending ? (
        <Skeleton />
      ) : rows.length === 0 ? (
        <Empty title={`No setting fits${sought ? `: ${sought}` : ''}.`} />
      ) : (
        <Table
          label="Settings"
          rows={rows}
          rowKey={(each) => each.key}
          more={{
            has: found.hasNextPage,
            busy: found.isFetchingNextPage,
            load: () => void found.fetchNextPage(),
          }}
          columns={[
            { name: 'Key', cell: (each) => <Mono>{each.key}</Mono> },
            { name: 'Value', cell: value },
            { name: 'From', cell: (each) => from(each) },
          ]}
        />
      )}
      <SameBy command="gatewright config check FILE" call="GET /api/platform/config" />
    </>
  );
}

const TONES = { ok: 'ok', warning: 'warn', error: 'bad', skipped: 'plain' } as const;

export function Doctor() {
  const [network, setNetwork] = useState(false);
  const found = useOne<Schema['PlatformDoctor']>(
    '/api/platform/doctor',
    network ? { network } : {},
  );
  const it = found.data;
  const wrong = it?.checks.filter((each) => each.status === 'error').length ?? 0;
  const warnings = it?.checks.filter((each) => each.status === 'warning').length ?? 0;
  return (
    <>
      <Title
        lead="What is wrong with this installation, and what to do. It changes nothing."
        actions={
          <>
            <Button disabled={found.isFetching} onClick={() => void found.refetch()}>
              {found.isFetching ? 'Looking…' : 'Look again'}
            </Button>
            <Button
              disabled={found.isFetching}
              aria-pressed={network}
              onClick={() => setNetwork(!network)}
            >
              Ask the network, too
            </Button>
          </>
        }
      >
        Doctor
      </Title>
      <Failure error={found.error} />
      {network && (
        <Hint>
          Providers and services of the configuration are connected to, for at most 20 seconds;
          nothing is sent to them.
        </Hint>
      )}
      {!it ? (
        found.isPending && <Skeleton />
      ) : (
        <>
          <p role="status">
            {wrong === 0 && warnings === 0
              ? 'Nothing is wrong.'
              : `Errors: ${wrong}. Warnings: ${warnings}.`}{' '}
            Looked at {instant(it.at)}.
          </p>
          <Table
            label="Checks"
            rows={it.checks}
            rowKey={(each) => each.id}
            columns={[
              {
                name: 'State',
                cell: (each) => <Badge tone={TONES[each.status]}>{each.status}</Badge>,
              },
              { name: 'Check', cell: (each) => <Mono>{each.id}</Mono> },
              { name: 'What is so', cell: (each) => each.message },
              { name: 'What to do', cell: (each) => each.do ?? '–' },
            ]}
          />
        </>
      )}
      <SameBy
        command={`gatewright doctor${network ? ' --network' : ''}`}
        call={`GET /api/platform/doctor${network ? '?network=true' : ''}`}
      />
    </>
  );
}
