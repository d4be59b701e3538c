import { useQuery } from '@tanstack/react-query';
import { get, type Schema } from '../api/client';
import { useWhere } from '../app/shell';
import { exact, sum } from '../format/money';
import { count } from '../format/plain';
import { Hint } from '../ui/parts';

/** A call's attempts, asked for until they are written down. */
export function useBilled(id: string | null) {
  const { mode } = useWhere();
  return useQuery({
    // Not a list's key: those hold pages.
    queryKey: ['/api/usage/events', 'of', { request: id, test: mode === 'test' }],
    queryFn: async ({ signal }) =>
      (
        await get<{ data: Schema['UsageEvent'][] }>('/api/usage/events', {
          query: { request: id, test: mode === 'test', limit: 20 },
          signal,
        })
      ).data,
    enabled: id !== null,
    refetchInterval: (found) =>
      (found.state.data?.length ?? 0) > 0 || found.state.dataUpdateCount > 20 ? false : 500,
  }).data;
}

/** What a call came to, and by what evidence. */
export function Billed({ id }: { id: string }) {
  const rows = useBilled(id);
  const last = rows?.[rows.length - 1];
  if (!rows || !last) return <Hint>Its bill is not written yet.</Hint>;
  const tokens = `${count(last.output_tokens)} tokens (${last.output_source})`;
  const bill = last.test
    ? 'test, never billed'
    : last.unpriced
      ? 'no price is known'
      : `billed ${exact(sum(rows.map((each) => each.billed)))}, cost ${exact(sum(rows.map((each) => each.cost)))}`;
  return (
    <p role="status">
      {last.outcome === 'cancelled' ? 'Stopped after ' : ''}
      {tokens}: {bill}
    </p>
  );
}
