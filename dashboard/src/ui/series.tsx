// A chart over time. The gate cuts the buckets; the chart only draws them. uPlot is loaded when a
// chart is first looked at.
import { useEffect, useId, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Ask } from '../api/client';
import { useOne } from '../api/hooks';
import { count } from '../format/plain';
import { Button, Failure, Skeleton } from './parts';
import { Table } from './table';

interface Bucket {
  at: string;
  requests: number;
  failed?: number;
  [measure: string]: unknown;
}

export function Series({ query }: { query: Ask['query'] }) {
  const found = useOne<{ data: Bucket[] }>('/api/usage/series', query);
  const [asTable, setAsTable] = useState(false);
  const zone = String(query?.tz ?? 'UTC');
  if (found.isPending) return <Skeleton height={240} />;
  if (!found.data) return <Failure error={found.error} retry={() => void found.refetch()} />;
  const rows = found.data.data;
  const label = labeller(zone, String(query?.step ?? '1h'));
  const most = rows.reduce(
    (best, each) => (each.requests > best.requests ? each : best),
    rows[0] ?? { at: '', requests: 0 },
  );
  const summary = `${count(rows.reduce((all, each) => all + each.requests, 0))} requests; most in ${most.at ? label(most.at) : '–'}: ${count(most.requests)}.`;
  return (
    <>
      <p>{summary}</p>
      {asTable ? (
        <Table
          label="Requests over time"
          rows={rows}
          rowKey={(each) => each.at}
          columns={[
            { name: `Time (${zone})`, cell: (each) => label(each.at) },
            { name: 'Requests', number: true, cell: (each) => count(each.requests) },
            { name: 'Failed', number: true, cell: (each) => count(each.failed ?? 0) },
          ]}
        />
      ) : (
        <Drawn rows={rows} label={label} summary={summary} />
      )}
      <div>
        <Button onClick={() => setAsTable(!asTable)}>
          {asTable ? 'As a chart' : 'As a table'}
        </Button>
      </div>
    </>
  );
}

function labeller(zone: string, step: string): (at: string) => string {
  const day = step === '1d' || step === '1mo';
  const format = new Intl.DateTimeFormat(undefined, {
    timeZone: zone,
    month: 'short',
    day: 'numeric',
    ...(day ? {} : { hour: '2-digit', minute: '2-digit' }),
  });
  return (at) => format.format(new Date(at));
}

function Drawn({
  rows,
  label,
  summary,
}: {
  rows: Bucket[];
  label: (at: string) => string;
  summary: string;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<number | null>(null);
  const chart = useRef<uPlot | null>(null);
  const said = useId();
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    const bars = uPlot.paths.bars?.({ size: [0.8, 60] });
    const drawn = new uPlot(
      {
        width: element.clientWidth,
        height: 240,
        legend: { show: false },
        cursor: { points: { show: false } },
        // Buckets, not instants: days of 23 and 25 hours stand beside each other like any others.
        scales: { x: { time: false }, y: { range: (_, __, max) => [0, Math.max(1, max)] } },
        axes: [
          {
            stroke: colour('--muted'),
            grid: { show: false },
            space: 130,
            values: (_, splits) => splits.map((each) => (rows[each] ? label(rows[each].at) : '')),
          },
          { stroke: colour('--muted'), grid: { stroke: colour('--border') }, size: 60 },
        ],
        series: [
          {},
          {
            label: 'Requests',
            fill: colour('--series-1'),
            stroke: colour('--series-1'),
            paths: bars,
          },
          { label: 'Failed', fill: colour('--bad'), stroke: colour('--bad'), paths: bars },
        ],
      },
      [
        rows.map((_, index) => index),
        rows.map((each) => each.requests),
        rows.map((each) => each.failed ?? 0),
      ],
      element,
    );
    chart.current = drawn;
    const resized = new ResizeObserver(() =>
      drawn.setSize({ width: element.clientWidth, height: 240 }),
    );
    resized.observe(element);
    return () => {
      resized.disconnect();
      drawn.destroy();
    };
  }, [rows, label]);
  const row = at === null ? undefined : rows[at];
  return (
    <div
      role="figure"
      aria-label={summary}
      aria-describedby={said}
      tabIndex={0}
      // As narrow as the page wants: what is drawn is made to fit, not the other way round.
      style={{ overflow: 'hidden', minWidth: 0 }}
      onKeyDown={(event) => {
        const now = at ?? 0;
        const next =
          event.key === 'ArrowRight'
            ? Math.min(rows.length - 1, now + 1)
            : event.key === 'ArrowLeft'
              ? Math.max(0, now - 1)
              : event.key === 'Home'
                ? 0
                : event.key === 'End'
                  ? rows.length - 1
                  : null;
        if (next === null) return;
        event.preventDefault();
        setAt(next);
        const drawn = chart.current;
        drawn?.setCursor({ left: drawn.valToPos(next, 'x'), top: 0 });
      }}
    >
      <div ref={box} />
      <p id={said} role="status">
        {row
          ? `${label(row.at)}: ${count(row.requests)} requests, ${count(row.failed ?? 0)} failed`
          : 'Arrow keys tell each bar.'}
      </p>
    </div>
  );
}
