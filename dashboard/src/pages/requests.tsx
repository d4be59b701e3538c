import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { get, type Schema } from '../api/client';
import { useList } from '../api/hooks';
import { SHORTCUTS } from '../app/keyboard';
import { useWhere } from '../app/shell';
import { exact, shown } from '../format/money';
import { count, duration, instant, when } from '../format/plain';
import {
  Badge,
  Button,
  Choice,
  Copy,
  Empty,
  Facts,
  Failure,
  Form,
  Input,
  Mono,
  Row,
  SameBy,
  Section,
  Skeleton,
  Title,
  type Tone,
} from '../ui/parts';
import { Kept } from './kept';
import { Bill } from './bill';
import { RowLink } from '../ui/row-link';
import { Table } from '../ui/table';
import ui from '../ui/ui.module.css';

/** An attempt, with what newer gates add to it. */
export type Event = Schema['UsageAttempt'] & {
  cost?: string | null;
  billed?: string | null;
  unpriced?: boolean;
  price_version?: string | null;
  cost_source?: string | null;
  meters?: Record<string, number | string> | null;
  upstream_request_id?: string | null;
  service?: string | null;
  site?: string | null;
  tags?: string[] | null;
  member_id?: string | null;
};

const OUTCOMES: Record<string, Tone> = {
  completed: 'ok',
  cancelled: 'warn',
  failed: 'bad',
  interrupted: 'bad',
};

const FILTERS = [
  'key',
  'model',
  'outcome',
  'status',
  'tag',
  'service',
  'min_cost',
  'max_cost',
] as const;

function Outcome({ of }: { of: Event }) {
  const refused = of.outcome === 'completed' && (of.status ?? 0) >= 400;
  return (
    <Badge tone={refused ? 'bad' : (OUTCOMES[of.outcome] ?? 'plain')}>
      {of.outcome}
      {of.status == null ? '' : ` ${of.status}`}
    </Badge>
  );
}

function Cost({ of }: { of: Event }) {
  if (of.test) return <span title="Simulator, never billed">test</span>;
  if (of.unpriced) return <span title="No price is known for it">unpriced</span>;
  if (of.cost == null) return <>–</>;
  return <span title={exact(of.cost)}>{shown(of.cost)}</span>;
}

export function Requests() {
  const { org, project, mode } = useWhere();
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const here = `/o/${org}/p/${project}/${mode}/requests`;
  const query = Object.fromEntries(FILTERS.map((each) => [each, search[each]]));
  const asked = { ...query, test: mode === 'test' };
  const list = useList<Event>('/api/usage/events', asked, PAGE, { held: true });
  const live = useNew(list, asked);
  const narrowed = FILTERS.filter((each) => search[each]);
  const set = (name: string, value: string) =>
    void navigate({ to: here, search: { ...search, [name]: value || undefined }, replace: true });
  return (
    <>
      <Title
        lead="Every attempt at a provider or service, newest first."
        actions={
          <>
            <Button aria-pressed={live.following} onClick={live.follow}>
              Follow
            </Button>
            <Button onClick={() => void live.refresh()}>Refresh</Button>
          </>
        }
      >
        Requests
      </Title>
      <Form label="Filters" onSubmit={() => {}}>
        <Row>
          <Choice
            label="Outcome"
            value={search.outcome ?? ''}
            onChange={(e) => set('outcome', e.target.value)}
          >
            <option value="">any</option>
            {Object.keys(OUTCOMES).map((each) => (
              <option key={each}>{each}</option>
            ))}
          </Choice>
          {(['model', 'key', 'status', 'service', 'tag', 'min_cost'] as const).map((each) => (
            <Input
              key={each}
              label={each.replace('_', ' ')}
              data-filter={each === 'model' ? '' : undefined}
              defaultValue={search[each] ?? ''}
              onBlur={(event) =>
                event.target.value !== (search[each] ?? '') && set(each, event.target.value)
              }
              onKeyDown={(event) => event.key === 'Enter' && set(each, event.currentTarget.value)}
            />
          ))}
        </Row>
      </Form>
      <p />
      <Failure error={list.error} retry={() => void list.refetch()} />
      {live.waiting > 0 && (
        <div className={ui.pill} role="status">
          <Button onClick={() => void live.refresh()}>
            {count(live.waiting)}
            {live.waiting >= PAGE ? '+' : ''} new ↑
          </Button>
        </div>
      )}
      {list.isPending ? (
        <Skeleton />
      ) : live.rows.length === 0 ? (
        <Empty
          title={
            narrowed.length
              ? `Nothing fits ${narrowed.map((each) => `${each} ${search[each]}`).join(', ')}.`
              : 'No calls yet.'
          }
        >
          {narrowed.length > 0 && (
            <Button onClick={() => void navigate({ to: here, search: {} })}>
              Clear the filters
            </Button>
          )}
          <Kept />
        </Empty>
      ) : (
        <Table
          label="Requests"
          rows={live.rows}
          rowKey={(each) => each.id}
          more={list.more}
          columns={[
            {
              name: 'Time',
              cell: (each) => (
                <RowLink to={`${here}/${each.request_id}`} title={instant(each.started_at)}>
                  {when(each.started_at)}
                </RowLink>
              ),
            },
            { name: 'Outcome', cell: (each) => <Outcome of={each} /> },
            {
              name: 'Model',
              cell: (each) => <Mono>{each.model || each.service || each.endpoint}</Mono>,
            },
            { name: 'Target', cell: (each) => <Mono>{each.target}</Mono> },
            { name: 'Key', cell: (each) => <Mono>{each.key_id}</Mono> },
            { name: 'In', number: true, cell: (each) => count(each.input_tokens) },
            { name: 'Out', number: true, cell: (each) => count(each.output_tokens) },
            { name: 'Cached', number: true, cell: (each) => count(each.cached_tokens) },
            { name: 'First byte', number: true, cell: (each) => duration(each.first_byte_ms) },
            { name: 'Duration', number: true, cell: (each) => duration(each.duration_ms) },
            { name: 'Cost', number: true, cell: (each) => <Cost of={each} /> },
            { name: 'Payer', cell: (each) => each.rung ?? '–' },
          ]}
        />
      )}
      {live.rows.length > 0 && !list.more.has && <Kept />}
      <SameBy
        command="gatewright usage --group model"
        call={`GET /api/usage/events?test=${mode === 'test'}${narrowed.map((each) => `&${each}=${search[each]}`).join('')}`}
      />
    </>
  );
}

const PAGE = 100;

/**
 * What came since the list was read. It waits above the list, which holds still, until the person
 * wants it; the gate itself applies the filter. `f` follows.
 */
function useNew(list: ReturnType<typeof useList<Event>>, asked: Record<string, unknown>) {
  const [following, setFollowing] = useState(false);
  const newest = useQuery({
    queryKey: ['/api/usage/events', 'newest', asked],
    queryFn: ({ signal }) =>
      get<{ data: Event[] }>('/api/usage/events', {
        query: { ...(asked as Record<string, string>), limit: PAGE },
        signal,
      }),
    enabled: list.isSuccess,
    initialData: list.data?.pages[0],
  });
  const have = new Set(list.rows.map((each) => each.id));
  const come = (newest.data?.data ?? []).filter((each) => !have.has(each.id));
  // A list with nothing in it has nothing that could move.
  const shown = following || list.rows.length === 0;
  const { refetch } = list;
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const typing = (event.target as HTMLElement).closest('input,textarea,select,dialog');
      if (event.key !== 'f' || typing || event.metaKey || event.ctrlKey || event.altKey) return;
      if (localStorage.getItem(SHORTCUTS) === 'off') return;
      setFollowing((now) => !now);
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);
  // More than a page came: there may be others between it and the list.
  const gap = shown && list.rows.length > 0 && come.length >= PAGE;
  useEffect(() => {
    if (gap) void refetch();
  }, [gap, refetch]);
  return {
    rows: shown ? [...come, ...list.rows] : list.rows,
    waiting: shown ? 0 : come.length,
    following,
    follow: () => setFollowing(!following),
    refresh: async () => {
      await newest.refetch();
      await refetch();
      scrollTo({ top: 0 });
    },
  };
}

/** One request: its bill, its attempts, its numbers. */
export function Request() {
  const { id = '' } = useParams({ strict: false });
  const { org, project, mode } = useWhere();
  const live = useList<Event>('/api/usage/events', { request: id, test: mode === 'test' });
  const rows = [...live.rows].sort((a, b) => a.ordinal - b.ordinal);
  const last = rows[rows.length - 1];
  return (
    <>
      <Title lead={<Link to={`/o/${org}/p/${project}/${mode}/requests`}>All requests</Link>}>
        {id}
      </Title>
      <Failure error={live.error} retry={() => void live.refetch()} />
      {live.isPending ? (
        <Skeleton />
      ) : !last ? (
        <Empty title={`No ${mode} call of this id, or it is beyond the days that are kept.`}>
          <Kept />
          <Link to={`/o/${org}/p/${project}/${mode === 'test' ? 'live' : 'test'}/requests/${id}`}>
            Look in {mode === 'test' ? 'live' : 'test'}
          </Link>
        </Empty>
      ) : (
        <>
          <Row>
            <Copy text={id} label="Copy the id" />
            <Outcome of={last} />
            <span>{instant(last.started_at)}</span>
          </Row>
          <Bill id={id} rows={rows} />
          <Section title="Attempts">
            <Waterfall rows={rows} />
          </Section>
          {rows.map((each) => (
            <Section key={each.id} title={`Attempt ${each.ordinal + 1}: ${each.target}`}>
              <Facts
                of={[
                  ['Outcome', <Outcome key="outcome" of={each} />],
                  ['Asked for', each.model || null],
                  ['Endpoint', each.endpoint],
                  ['Streamed', each.stream ? 'yes' : 'no'],
                  ['Credential', each.rung],
                  ['First byte', duration(each.first_byte_ms)],
                  ['Duration', duration(each.duration_ms)],
                  ['Input tokens', `${count(each.input_tokens)} (${each.input_source})`],
                  ['of which read from the provider’s cache', count(each.cached_tokens)],
                  ['of which written to it', count(each.cache_write_tokens)],
                  ['Output tokens', `${count(each.output_tokens)} (${each.output_source})`],
                  ['of which reasoning', count(each.reasoning_tokens)],
                  [
                    'Counted in',
                    `${count(each.quantity)} ${each.unit.replace('_', ' ')} (${each.quantity_source})`,
                  ],
                  [
                    'Request, answer',
                    `${count(each.request_bytes)} B, ${count(each.response_bytes)} B`,
                  ],
                  ['Provider’s request id', each.upstream_request_id],
                  ['Tags', each.tags?.join(', ')],
                ]}
              />
            </Section>
          ))}
          <SameBy command={`gatewright ledger explain ${id}`} />
        </>
      )}
    </>
  );
}

function Waterfall({ rows }: { rows: Event[] }) {
  const first = Math.min(...rows.map((each) => Date.parse(each.started_at)));
  const last = Math.max(...rows.map((each) => Date.parse(each.started_at) + each.duration_ms));
  const whole = Math.max(1, last - first);
  return (
    <Table
      label="Attempts over time"
      rows={rows}
      rowKey={(each) => each.id}
      columns={[
        { name: 'Attempt', cell: (each) => each.ordinal + 1 },
        { name: 'Target', cell: (each) => <Mono>{each.target}</Mono> },
        { name: 'Outcome', cell: (each) => <Outcome of={each} /> },
        {
          name: 'Time',
          cell: (each) => (
            <svg
              width="240"
              height="14"
              role="img"
              aria-label={`${duration(each.duration_ms)}, first byte after ${duration(each.first_byte_ms)}`}
            >
              <rect
                x={(240 * (Date.parse(each.started_at) - first)) / whole}
                width={Math.max(2, (240 * each.duration_ms) / whole)}
                height="14"
                fill="var(--accent-bg)"
                stroke="var(--accent)"
              />
              <rect
                x={(240 * (Date.parse(each.started_at) - first)) / whole}
                width={Math.max(1, (240 * (each.first_byte_ms ?? each.duration_ms)) / whole)}
                height="14"
                fill="var(--accent)"
              />
            </svg>
          ),
        },
        { name: 'First byte', number: true, cell: (each) => duration(each.first_byte_ms) },
        { name: 'Duration', number: true, cell: (each) => duration(each.duration_ms) },
      ]}
    />
  );
}
