import type { Schema } from '../api/client';
import { useOne } from '../api/hooks';
import { useMay } from '../app/session';
import { line, price, told, total, up, type Rate } from '../format/lines';
import { exact, nano, sum } from '../format/money';
import { count } from '../format/plain';
import { Banner, Facts, Failure, Hint, Mono, Section } from '../ui/parts';
import { Table } from '../ui/table';
import type { Event } from './requests';

export function Bill({ id, rows }: { id: string; rows: Event[] }) {
  const priced = rows.filter((each) => each.cost != null);
  if (rows.every((each) => each.test)) {
    return (
      <Banner tone="test">
        <p>Test: simulator only, never billed.</p>
      </Banner>
    );
  }
  if (rows.some((each) => each.unpriced)) {
    return (
      <Banner tone="warn">
        <p>No price is known for this call: its cost cannot be told, and it was not billed.</p>
      </Banner>
    );
  }
  if (priced.length === 0) return null;
  const cost = sum(priced.map((each) => each.cost));
  const billed = sum(priced.map((each) => each.billed));
  return (
    <Section title="Bill">
      <Facts
        of={[
          ['Cost at list price', exact(cost)],
          ['Billed from the wallet', exact(billed)],
          ['Evidence', [...new Set(priced.map((each) => each.cost_source))].join(', ')],
          ['Price version', [...new Set(priced.map((each) => each.price_version))].join(', ')],
        ]}
      />
      <Lines id={id} />
      {billed > cost && (
        <Banner tone="bad">
          <p>More was billed than the call cost: this does not add up. Please report it.</p>
        </Banner>
      )}
      {rows.some((each) => each.rung && each.rung !== 'platform') && (
        <Hint>
          With a credential of your own you pay the provider: the cost is ours to estimate, not to
          bill.
        </Hint>
      )}
      {nano('0') === billed && cost > 0n && <Hint>Nothing was taken from the wallet.</Hint>}
    </Section>
  );
}

interface Cost {
  cost: string | null;
  meters: Record<string, number>;
  price: Schema['Price'] | null;
  evidence: unknown[];
}

/** What was counted, by the price it was reckoned by; added up here, against what the gate says. */
function Lines({ id }: { id: string }) {
  const may = useMay();
  const found = useOne<Cost>(`/api/billing/requests/${id}`, {}, may('usage.read:calls'));
  if (!found.data) return <Failure error={found.error} />;
  const { meters, price: version, cost, evidence } = found.data;
  const lines = Object.entries(meters).map(([meter, amount]) => {
    const rate: Rate | undefined = version?.meters[meter];
    return { meter, amount, rate, part: rate && line(amount, rate) };
  });
  if (lines.length === 0) return null;
  const parts = lines.flatMap((each) => each.part ?? []);
  const sums = up(total(parts));
  // An attempt's cost is rounded up for itself.
  const differs = cost == null ? 0n : nano(cost) > sums ? nano(cost) - sums : sums - nano(cost);
  const plain =
    version !== null &&
    parts.length === lines.length &&
    !version.tiers?.length &&
    !Object.keys({ ...version.service, ...version.factor, ...version.quantity }).length;
  return (
    <>
      <Table
        label="Lines of the bill"
        rows={lines}
        rowKey={(each) => each.meter}
        columns={[
          { name: 'What', cell: (each) => each.meter.replaceAll('_', ' ') },
          { name: 'Amount', number: true, cell: (each) => count(each.amount) },
          {
            name: 'Price',
            number: true,
            cell: (each) => (each.rate ? <Mono>{price(each.rate)}</Mono> : 'not by itself'),
          },
          { name: 'Comes to', number: true, cell: (each) => (each.part ? told(each.part) : '–') },
        ]}
      />
      {cost == null ? null : plain && differs < BigInt(Math.max(1, evidence.length)) ? (
        <p>The lines add up to {exact(cost)}, rounded up to a nano-dollar.</p>
      ) : plain ? (
        <Banner tone="bad">
          <p>
            The lines come to {exact(sums)}, the gate says {exact(cost)}: this does not add up.
            Please report it with the request’s id.
          </p>
        </Banner>
      ) : (
        <Hint>
          This price has steps, tiers or meters that count under another one:{' '}
          <code>gatewright prices show {version?.model}</code> tells them.
        </Hint>
      )}
    </>
  );
}
