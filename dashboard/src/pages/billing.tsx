import { useState } from 'react';
import { get, post, type Schema } from '../api/client';
import { useAct, useList, useOne } from '../api/hooks';
import { Able } from '../app/able';
import { useMay, useOrganization, useSession } from '../app/session';
import { exact, nano, shown, sum } from '../format/money';
import { instant } from '../format/plain';
import {
  Banner,
  Button,
  Cards,
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
import { useQuery } from '@tanstack/react-query';

type Entry = Schema['BillingEntry'];

export function Billing() {
  const may = useMay();
  const session = useSession();
  const organization = useOrganization();
  const balance = useOne<Schema['Balance']>('/api/billing/balance');
  const full = may('billing.read:movements');
  const ledger = useList<Entry>('/api/billing/ledger', {}, 100, { enabled: full });
  const [granting, setGranting] = useState(false);
  const [topping, setTopping] = useState(false);
  const it = balance.data;
  return (
    <>
      <Title
        lead={organization?.name}
        actions={
          <>
            <Able needs="billing.write" onClick={() => setTopping(true)}>
              Top up
            </Able>
            {session.operator && <Button onClick={() => setGranting(true)}>Grant credit</Button>}
          </>
        }
      >
        Billing
      </Title>
      <Failure error={balance.error} retry={() => void balance.refetch()} />
      {balance.isPending ? (
        <Skeleton />
      ) : it?.wallet ? (
        <>
          <Cards>
            <Figure label="Available" value={shown(it.available)} note={exact(it.available)} />
            <Figure
              label="Reserved by calls under way"
              value={shown(it.reserved)}
              note={exact(it.reserved)}
            />
            <Figure label="Balance" value={shown(it.balance)} note={exact(it.balance)} />
            <Figure
              label="Of it promotional"
              value={shown(it.promotional)}
              note={exact(it.promotional)}
            />
          </Cards>
          {nano(it.debt) > 0n && (
            <Banner tone="bad">
              <p>
                This wallet is in debt: {exact(it.debt)}. Calls it would pay for are refused until
                it is settled.
              </p>
            </Banner>
          )}
          {nano(it.balance) !== nano(it.available) + nano(it.reserved) && (
            <Banner tone="bad">
              <p>Balance is not available + reserved: this does not add up. Please report it.</p>
            </Banner>
          )}
        </>
      ) : (
        <Empty title="No wallet: nothing is reserved and nothing is billed.">
          <p>
            A wallet begins with the first credit, by a grant of the platform’s owner or a top-up.
          </p>
        </Empty>
      )}
      {it?.wallet && <Statement />}
      {full && (
        <Section title="Movements">
          <Failure error={ledger.error} />
          {ledger.isPending ? (
            <Skeleton />
          ) : ledger.rows.length === 0 ? (
            <Empty title="Nothing has moved yet." />
          ) : (
            <Table
              label="Movements"
              rows={ledger.rows}
              rowKey={(each) => each.id}
              more={ledger.more}
              columns={[
                { name: 'Time', cell: (each) => instant(each.at) },
                { name: 'Kind', cell: (each) => each.kind },
                { name: 'From', cell: (each) => <Mono>{each.debit}</Mono> },
                { name: 'To', cell: (each) => <Mono>{each.credit}</Mono> },
                {
                  name: 'Amount',
                  number: true,
                  cell: (each) => <span title={exact(each.usd)}>{exact(each.usd)}</span>,
                },
                { name: 'For', cell: (each) => <Mono>{each.ref}</Mono> },
                { name: 'Note', cell: (each) => each.note || '–' },
              ]}
            />
          )}
        </Section>
      )}
      <SameBy command="gatewright credits balance" call="GET /api/billing/balance" />
      {granting && organization && (
        <Grant organization={organization.id} close={() => setGranting(false)} />
      )}
      {topping && <TopUp close={() => setTopping(false)} />}
    </>
  );
}

function Statement() {
  const [month, setMonth] = useState(() => new Date().toISOString().slice(0, 7));
  const found = useQuery({
    queryKey: ['/api/billing/statements', month],
    queryFn: ({ signal }) =>
      get<Schema['Statement']>(`/api/billing/statements/${month}`, { signal }),
  });
  const it = found.data;
  const lines = it ? sum(it.lines.map((each) => each.usd)) : 0n;
  const agrees = it ? nano(it.opening) + lines === nano(it.closing) : true;
  return (
    <Section
      title="Statement"
      actions={
        <Row>
          <Input
            label="Month"
            type="month"
            value={month}
            onChange={(e) => e.target.value && setMonth(e.target.value)}
          />
          <a
            href={`/api/billing/statements/${month}?format=csv`}
            download={`statement-${month}.csv`}
          >
            CSV
          </a>
        </Row>
      }
    >
      <Failure error={found.error} />
      {found.isPending ? (
        <Skeleton />
      ) : it ? (
        <>
          <Cards>
            <Figure label="Opening" value={shown(it.opening)} note={exact(it.opening)} />
            <Figure
              label={it.final ? 'Closing' : 'Closing, so far'}
              value={shown(it.closing)}
              note={exact(it.closing)}
            />
          </Cards>
          <Banner tone={agrees ? 'ok' : 'bad'}>
            <p>
              {agrees
                ? `The lines add up to closing less opening, to the nano-dollar. Days of ${it.zone}.`
                : 'The lines do not add up to closing less opening. Please report it.'}
            </p>
          </Banner>
          {it.lines.length > 0 && (
            <Table
              label="Lines of the statement"
              rows={it.lines.map((each, index) => ({ ...each, index }))}
              rowKey={(each) => String(each.index)}
              columns={[
                { name: 'Day', cell: (each) => each.day },
                { name: 'Kind', cell: (each) => each.kind },
                {
                  name: 'Model',
                  cell: (each) => String((each as { model?: string | null }).model ?? '–'),
                },
                { name: 'Amount', number: true, cell: (each) => exact(each.usd) },
              ]}
            />
          )}
        </>
      ) : null}
    </Section>
  );
}

function Grant({ organization, close }: { organization: string; close: () => void }) {
  const [usd, setUsd] = useState('');
  const [note, setNote] = useState('');
  const grant = useAct(
    () =>
      post('/api/billing/grants', {
        organization_id: organization,
        usd,
        kind: 'paid',
        ...(note && { note }),
      }).then(close),
    ['/api/billing'],
  );
  return (
    <Dialog title="Grant credit" onClose={close}>
      <Form label="Grant credit" onSubmit={() => grant.mutate(undefined)}>
        <Input
          label="US dollars"
          required
          inputMode="decimal"
          pattern="[0-9]+(\.[0-9]{1,9})?"
          value={usd}
          onChange={(e) => setUsd(e.target.value)}
        />
        <Input
          label="Note"
          maxLength={500}
          value={note}
          onChange={(e) => setNote(e.target.value)}
        />
        <Failure error={grant.error} />
        <Row>
          <Button type="submit" look="primary" disabled={grant.isPending}>
            Grant
          </Button>
          <Button onClick={close}>Cancel</Button>
        </Row>
      </Form>
    </Dialog>
  );
}

function TopUp({ close }: { close: () => void }) {
  const [usd, setUsd] = useState('20');
  const top = useAct(() =>
    post<{ id: string; url: string }>('/api/billing/topups', { usd }).then((made) =>
      location.assign(made.url),
    ),
  );
  return (
    <Dialog title="Top up" onClose={close}>
      <Form label="Top up" onSubmit={() => top.mutate(undefined)}>
        <Input
          label="US dollars"
          required
          inputMode="decimal"
          pattern="[0-9]+(\.[0-9]{1,2})?"
          value={usd}
          onChange={(e) => setUsd(e.target.value)}
          hint="You pay on the payment provider’s own page."
        />
        <Failure error={top.error} />
        <Row>
          <Button type="submit" look="primary" disabled={top.isPending}>
            Go to the payment
          </Button>
          <Button onClick={close}>Cancel</Button>
        </Row>
      </Form>
    </Dialog>
  );
}
