import { useState } from 'react';
import { post, type Schema } from '../api/client';
import { useAct, useList } from '../api/hooks';
import { exact } from '../format/money';
import { instant } from '../format/plain';
import {
  Badge,
  Banner,
  Card,
  Button,
  Empty,
  Failure,
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

type Price = Schema['Price'];

function rates(price: Price): string {
  return Object.entries(price.meters as Record<string, unknown>)
    .map(
      ([meter, rate]) =>
        `${meter.replaceAll('_', ' ')} ${typeof rate === 'string' ? rate : rateOf(rate)}`,
    )
    .join(' · ');
}

function rateOf(rate: unknown): string {
  const { usd, per } = rate as { usd?: string; per?: string | number };
  return `$${usd} / ${per}`;
}

export function Prices() {
  const [model, setModel] = useState('');
  const list = useList<Price>('/api/prices', { model: model || undefined });
  return (
    <>
      <Title lead="Every version is kept; a call is priced by the one in force when it began.">
        Prices
      </Title>
      <Form label="Filter" onSubmit={() => {}}>
        <Input
          label="Model"
          data-filter=""
          onBlur={(e) => setModel(e.target.value)}
          onKeyDown={(e) => e.key === 'Enter' && setModel(e.currentTarget.value)}
        />
      </Form>
      <p />
      <Failure error={list.error} />
      {list.isPending ? (
        <Skeleton />
      ) : list.rows.length === 0 ? (
        <Empty title="No price fits." />
      ) : (
        <Table
          label="Prices"
          rows={list.rows}
          rowKey={(each) => each.id}
          more={list.more}
          columns={[
            { name: 'Model', cell: (each) => <Mono>{each.model}</Mono> },
            { name: 'From', cell: (each) => instant(each.from) },
            { name: 'Rates', cell: (each) => <div style={{ minWidth: 320 }}>{rates(each)}</div> },
            { name: 'Origin', cell: (each) => each.origin },
            {
              name: 'State',
              cell: (each) => (
                <Badge tone={each.active ? 'ok' : 'plain'}>
                  {each.forecast ? 'forecast' : each.active ? 'active' : 'kept'}
                </Badge>
              ),
            },
            { name: 'Version', number: true, cell: (each) => each.version },
            { name: 'Source', cell: (each) => each.source ?? '–' },
          ]}
        />
      )}
      <Quote />
      <SameBy command="gatewright prices list" call="GET /api/prices" />
    </>
  );
}

function Quote() {
  const [model, setModel] = useState('openai/gpt-5-mini');
  const [input, setInput] = useState('1000');
  const [output, setOutput] = useState('500');
  const quote = useAct(() =>
    post<Schema['PriceQuote']>('/api/prices/quote', {
      model,
      meters: { input: Number(input), output: Number(output) },
    }),
  );
  return (
    <Section title="What would a call cost?">
      <Card>
        <Form label="Quote" onSubmit={() => quote.mutate(undefined)}>
          <Input label="Model" required value={model} onChange={(e) => setModel(e.target.value)} />
          <Input
            label="Input tokens"
            inputMode="numeric"
            required
            pattern="[0-9]+"
            value={input}
            onChange={(e) => setInput(e.target.value)}
          />
          <Input
            label="Output tokens"
            inputMode="numeric"
            required
            pattern="[0-9]+"
            value={output}
            onChange={(e) => setOutput(e.target.value)}
          />
          <Failure error={quote.error} />
          {quote.data && (
            <Banner tone={quote.data.unpriced ? 'warn' : 'ok'}>
              <p>
                {quote.data.unpriced || quote.data.cost == null
                  ? 'No price is known.'
                  : `${exact(quote.data.cost)} by version ${quote.data.version}`}
              </p>
            </Banner>
          )}
          <Row>
            <Button type="submit">Quote</Button>
          </Row>
        </Form>
      </Card>
    </Section>
  );
}
