import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { get, type Schema } from '../api/client';
import { useOne } from '../api/hooks';
import { useMay } from '../app/session';
import { useWhere } from '../app/shell';
import { shown } from '../format/money';
import { compact, count, share } from '../format/plain';
import {
  Button,
  Cards,
  Code,
  Copy,
  Failure,
  Figure,
  Hint,
  Section,
  Skeleton,
  Title,
} from '../ui/parts';
import { Bars } from '../ui/bars';
import { useQuery } from '@tanstack/react-query';

type Sum = Schema['UsageSum'];

export function Overview() {
  const { org, project, mode } = useWhere();
  const may = useMay();
  const since = '7d';
  const test = mode === 'test';
  const sums = useOne<{ data: Sum[] }>(
    '/api/usage',
    { group: 'day,model', since, test },
    may('usage.read'),
  );
  const rows = sums.data?.data ?? [];
  const days = requestsBy(rows, (each) => each.day).sort((a, b) => (a.name < b.name ? -1 : 1));
  const models = requestsBy(rows, (each) => each.model);
  const balance = useOne<Schema['Balance']>('/api/billing/balance', {}, may('billing.read'));
  const total = rows.reduce(
    (sum, each) => ({
      requests: sum.requests + each.requests,
      failed: sum.failed + each.failed + each.interrupted,
      attempts: sum.attempts + each.attempts,
      input: sum.input + each.input_tokens,
      output: sum.output + each.output_tokens,
      cached: sum.cached + each.cached_tokens,
    }),
    { requests: 0, failed: 0, attempts: 0, input: 0, output: 0, cached: 0 },
  );
  return (
    <>
      <Title lead="The last seven days, in days of UTC.">Overview</Title>
      <Checklist called={total.requests > 0} />
      <Failure error={sums.error} retry={() => void sums.refetch()} />
      {sums.isPending && may('usage.read') ? (
        <Skeleton />
      ) : (
        <Cards>
          <Figure label="Requests" value={compact(total.requests)} />
          <Figure
            label="Failed attempts"
            value={share(total.failed, total.attempts)}
            note={`${count(total.failed)} of ${count(total.attempts)}`}
          />
          <Figure
            label="Input tokens"
            value={compact(total.input)}
            note={`${compact(total.cached)} cached`}
          />
          <Figure label="Output tokens" value={compact(total.output)} />
          {balance.data?.wallet && (
            <Figure
              label="Credit available"
              value={shown(balance.data.available)}
              note={`${shown(balance.data.reserved)} reserved`}
            />
          )}
        </Cards>
      )}
      {days.length > 0 && (
        <Section title="Requests a day">
          <Bars label="Requests a day" rows={days} />
        </Section>
      )}
      {models.length > 0 && (
        <Section
          title="Models"
          actions={<Link to={`/o/${org}/p/${project}/${mode}/usage`}>All of usage</Link>}
        >
          <Bars
            label="Requests by model"
            rows={models.sort((a, b) => b.value - a.value).slice(0, 7)}
          />
        </Section>
      )}
    </>
  );
}

function requestsBy(rows: readonly Sum[], name: (each: Sum) => string | null | undefined) {
  const sums = new Map<string, number>();
  for (const each of rows) {
    const group = name(each) ?? '';
    sums.set(group, (sums.get(group) ?? 0) + each.requests);
  }
  return [...sums].map(([group, value]) => ({ name: group, value }));
}

const DISMISSED = 'gatewright.checklist';

/** The way to a first live call. Its steps are ticked by what the gate knows; `called` in this mode. */
function Checklist({ called }: { called: boolean }) {
  const { org, mode } = useWhere();
  const may = useMay();
  const [gone, setGone] = useState(() => localStorage.getItem(DISMISSED) === 'yes');
  const able = may('key.write') && may('credential.read') && may('usage.read:calls');
  const found = useQuery({
    // Made stale by keys, credentials and calls alike (app/live.ts).
    queryKey: ['checklist'],
    enabled: !gone && able,
    queryFn: async () => {
      const [keys, credentials] = await Promise.all([
        get<{ data: Schema['Key'][] }>('/api/keys', { query: { limit: 100 } }),
        get<{ data: unknown[] }>('/api/credentials', { query: { limit: 1 } }),
      ]);
      const used = (kind: string) =>
        keys.data.some((each) => each.kind === kind && each.last_used_at);
      return {
        test: used('test'),
        credential: credentials.data.length > 0,
        key: keys.data.some((each) => each.kind === 'live' && each.state === 'active'),
        live: used('live'),
      };
    },
  });
  if (gone || !found.data) return null;
  const test = found.data.test || (called && mode === 'test');
  const live = found.data.live || (called && mode === 'live');
  if (live) return null;
  const keys = `/o/${org}/p/all/live/keys/new`;
  const steps = [
    {
      done: test,
      text: 'See a call to the simulator',
      to: `/o/${org}/p/all/test/keys/new`,
    },
    {
      done: found.data.credential,
      text: 'Store a provider’s credential',
      to: `/o/${org}/credentials`,
    },
    { done: found.data.key, text: 'Make a live key', to: keys },
    { done: live, text: 'Make the first live call', to: keys },
  ];
  const call = `curl ${location.origin}/v1/chat/completions \\
  -H "Authorization: Bearer $GATEWRIGHT_KEY" -H 'Content-Type: application/json' \\
  -d '{"model":"sim/echo","messages":[{"role":"user","content":"hello"}]}'`;
  return (
    <Section
      title="First steps"
      actions={
        <Button
          onClick={() => {
            localStorage.setItem(DISMISSED, 'yes');
            setGone(true);
          }}
        >
          Hide
        </Button>
      }
    >
      <ol>
        {steps.map((each) => (
          <li key={each.text}>
            {each.done ? '✓ done: ' : ''}
            {each.done ? each.text : <Link to={each.to}>{each.text}</Link>}
          </li>
        ))}
      </ol>
      <Code>{call}</Code>
      <div>
        <Copy text={call} />
      </div>
      <Hint>The steps are ticked as soon as the gate has seen them.</Hint>
    </Section>
  );
}
