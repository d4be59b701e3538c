import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schema } from '../api/client';
import { change, useAct, useOne } from '../api/hooks';
import { useMay } from '../app/session';
import { useWhere } from '../app/shell';
import { day, several } from '../format/plain';
import { Failure, Form, Hint, Input, Row, Button, Section, Skeleton } from '../ui/parts';

const PATH = '/api/usage/retention';
const DAY_MILLIS = 86_400_000;

/** How far back single calls are there, and that their sums go on: for who looks for older ones. */
export function Kept() {
  const { org, project, mode } = useWhere();
  const may = useMay();
  const [now] = useState(Date.now);
  const kept = useOne<Schema['UsageRetention']>(PATH, {}, may('org.read'));
  const days = kept.data?.retention_days;
  if (days == null) return null;
  return (
    <p role="note">
      Single calls are kept for {several(days, 'day', 'days')}: those before{' '}
      {day(now - days * DAY_MILLIS)} are dropped for good. Their sums stay in{' '}
      <Link to={`/o/${org}/p/${project}/${mode}/usage`}>Usage</Link>.
    </p>
  );
}

/** Sets it, on the page of settings. */
export function KeepFor() {
  const may = useMay();
  const kept = useOne<Schema['UsageRetention']>(PATH, {}, may('org.read'));
  const [days, setDays] = useState<string | null>(null);
  const act = useAct(
    (retention_days: number | null) =>
      change('PUT', PATH, { retention_days }).then(() => setDays(null)),
    [PATH],
  );
  if (!may('org.read')) return null;
  const now = kept.data?.retention_days;
  return (
    <Section title="Single calls">
      <Failure error={kept.error ?? act.error} />
      {kept.isPending ? (
        <Skeleton height={80} />
      ) : may('org.write') ? (
        <Form
          label="Single calls"
          onSubmit={() => act.mutate(days === null || days === '' ? null : Number(days))}
        >
          <Input
            label="Keep them for, in days"
            type="number"
            min={1}
            max={3660}
            value={days ?? now ?? ''}
            onChange={(e) => setDays(e.target.value)}
            hint="Empty: for good. Older ones are dropped within minutes and do not come back; sums, bills and the ledger stay."
          />
          <Row>
            <Button type="submit" disabled={days === null || act.isPending}>
              Keep them so long
            </Button>
          </Row>
        </Form>
      ) : (
        <Hint>
          {now == null
            ? 'They are kept for good.'
            : `They are kept for ${several(now, 'day', 'days')}.`}
        </Hint>
      )}
    </Section>
  );
}
