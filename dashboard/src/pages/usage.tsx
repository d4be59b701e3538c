import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { search as queryOf } from '../api/client';
import { useOne } from '../api/hooks';
import { useWhere } from '../app/shell';
import { exact, shown, sum } from '../format/money';
import { count } from '../format/plain';
import {
  Button,
  Cards,
  Choice,
  Empty,
  Failure,
  Figure,
  Input,
  Row,
  SameBy,
  Section,
  Skeleton,
  Title,
} from '../ui/parts';
import { Table, type Column } from '../ui/table';

const Series = lazy(() => import('../ui/series').then((found) => ({ default: found.Series })));

export const GROUPS = [
  'model',
  'target',
  'provider',
  'key',
  'project',
  'member',
  'service',
  'site',
  'tag',
  'day',
  'hour',
];

const COUNTS = [
  'requests',
  'attempts',
  'input_tokens',
  'cached_tokens',
  'output_tokens',
  'reasoning_tokens',
  'failed',
];
const AMOUNTS = ['cost', 'billed'];

type Sums = Record<string, string | number | null>;

const LENGTHS: Record<string, { days: number; step: string }> = {
  '1': { days: 1, step: '15m' },
  '7': { days: 7, step: '1h' },
  '30': { days: 30, step: '1d' },
  '90': { days: 90, step: '1d' },
};

const dateOf = (at: number) => new Date(at).toISOString().slice(0, 10);

export function Usage() {
  const { org, project, mode } = useWhere();
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const here = `/o/${org}/p/${project}/${mode}/usage`;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [now] = useState(() => Date.now());
  const tz = search.tz ?? 'UTC';
  const length = LENGTHS[search.days ?? '7'] ?? { days: 7, step: '1h' };
  const from = search.from ?? dateOf(now - (length.days - 1) * 86_400_000);
  const to = search.to ?? dateOf(now + 86_400_000);
  const group = search.group ?? 'model';
  const sub = search.sub;
  const query = { from, to, tz, test: mode === 'test' };
  const groups: string = sub && sub !== group ? `${group},${sub}` : group;
  const sums = useOne<{ data: Sums[] }>('/api/usage', { ...query, group: groups });
  const set = (changed: Record<string, string | undefined>) =>
    void navigate({ to: here, search: { ...search, ...changed } });
  const rows = sums.data?.data ?? [];
  const named = groups.split(',');
  const total = (name: string) => rows.reduce((all, each) => all + Number(each[name] ?? 0), 0);
  const money = (name: string) => sum(rows.map((each) => (each[name] as string | null) ?? null));
  return (
    <>
      <Title
        lead={`Days of ${tz}. From ${from} until before ${to}.`}
        actions={
          <a
            href={`/api/usage${queryOf({ ...query, group: groups, format: 'csv' })}`}
            download="usage.csv"
          >
            CSV
          </a>
        }
      >
        Usage
      </Title>
      <Row>
        <Choice label="Group by" value={group} onChange={(e) => set({ group: e.target.value })}>
          {GROUPS.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </Choice>
        <Choice
          label="then by"
          value={sub ?? ''}
          onChange={(e) => set({ sub: e.target.value || undefined })}
        >
          <option value="">–</option>
          {GROUPS.filter((each) => each !== group).map((each) => (
            <option key={each}>{each}</option>
          ))}
        </Choice>
        <Choice
          label="Range"
          value={search.days ?? '7'}
          onChange={(e) => set({ days: e.target.value, from: undefined, to: undefined })}
        >
          {Object.keys(LENGTHS).map((each) => (
            <option key={each} value={each}>
              {each === '1' ? 'today' : `${each} days`}
            </option>
          ))}
        </Choice>
        <Input
          label="From"
          type="date"
          value={from}
          onChange={(e) => set({ from: e.target.value || undefined })}
        />
        <Input
          label="Until before"
          type="date"
          value={to}
          onChange={(e) => set({ to: e.target.value || undefined })}
        />
        <Choice label="Zone" value={tz} onChange={(e) => set({ tz: e.target.value })}>
          {[...new Set(['UTC', own, tz])].map((each) => (
            <option key={each}>{each}</option>
          ))}
        </Choice>
      </Row>
      <p />
      <Failure error={sums.error} retry={() => void sums.refetch()} />
      {sums.isPending ? (
        <Skeleton />
      ) : rows.length === 0 ? (
        <Empty title={`No ${mode} calls from ${from} until before ${to}.`}>
          <Button onClick={() => void navigate({ to: here, search: {} })}>
            The last seven days
          </Button>
        </Empty>
      ) : (
        <>
          <Cards>
            <Figure label="Requests" value={count(total('requests'))} />
            <Figure label="Input tokens" value={count(total('input_tokens'))} />
            <Figure label="Output tokens" value={count(total('output_tokens'))} />
            <Figure
              label="Cost"
              value={<span title={exact(money('cost'))}>{shown(money('cost'))}</span>}
              note={exact(money('cost'))}
            />
            <Figure
              label="Billed"
              value={<span title={exact(money('billed'))}>{shown(money('billed'))}</span>}
              note={exact(money('billed'))}
            />
          </Cards>
          {group === 'tag' || sub === 'tag' ? <p>A call of two tags counts in both.</p> : null}
          <Section title="Over time">
            <Suspense fallback={<Skeleton height={240} />}>
              <Series query={{ ...query, step: length.step }} />
            </Suspense>
          </Section>
          <Section title={`By ${named.join(' and ')}`}>
            <Table
              label="Usage"
              rows={rows}
              rowKey={(each) => named.map((name) => each[name]).join('|')}
              columns={[
                ...named.map((name): Column<Sums> => ({
                  name,
                  cell: (each) => String(each[name] ?? '–'),
                })),
                ...COUNTS.map((name): Column<Sums> => ({
                  name: name.replace('_tokens', '').replace('_', ' '),
                  number: true,
                  cell: (each) => count(Number(each[name] ?? 0)),
                })),
                ...AMOUNTS.map((name): Column<Sums> => ({
                  name,
                  number: true,
                  cell: (each) => {
                    const value = each[name];
                    if (value == null) return '–';
                    return <span title={exact(String(value))}>{shown(String(value))}</span>;
                  },
                })),
              ]}
            />
          </Section>
        </>
      )}
      <SameBy
        command={`gatewright usage --group ${groups} --from ${from} --to ${to} --tz ${tz}`}
        call={`GET /api/usage${queryOf({ ...query, group: groups })}`}
      />
    </>
  );
}
