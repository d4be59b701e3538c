import { useState } from 'react';
import { post, type Schema } from '../api/client';
import { change, useAct, useList } from '../api/hooks';
import { Able } from '../app/able';
import { useMay } from '../app/session';
import { exact, nano, shown } from '../format/money';
import { count, instant } from '../format/plain';
import {
  Badge,
  Button,
  Check,
  Choice,
  Dialog,
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
import { useRemoval } from '../ui/removal';
import { Table } from '../ui/table';
import ui from '../ui/ui.module.css';

type Budget = Schema['Budget'];
type Limit = Schema['Limit'];

export function Limits() {
  const may = useMay();
  const write = may('policy.write');
  const budgeting = may('budget.write');
  const budgets = useList<Budget>('/api/budgets');
  const limits = useList<Limit>('/api/limits');
  const [form, setForm] = useState<'budget' | 'limit' | null>(null);
  const removal = useRemoval<{ path: string; name: string }>({
    act: (it) => change('DELETE', it.path),
    stale: ['/api/budgets', '/api/limits'],
    title: (it) => `Remove ${it.name}?`,
    note: () => 'Within a second every replica goes on without it.',
  });
  const removeButton = (may: boolean, path: string, name: string) =>
    may && (
      <Button
        look="quiet"
        aria-label={`Remove ${name}`}
        onClick={() => removal.ask({ path, name })}
      >
        Remove
      </Button>
    );
  return (
    <>
      <Title lead="What may be spent, and how fast. Every layer counts: key, person, project, organization.">
        Limits and budgets
      </Title>
      <Section
        title="Budgets"
        actions={
          <Able needs="budget.write" onClick={() => setForm('budget')}>
            Set a budget
          </Able>
        }
      >
        <Failure error={budgets.error} />
        {budgets.isPending ? (
          <Skeleton />
        ) : budgets.rows.length === 0 ? (
          <Empty title="No budgets: nothing is held back.">
            <SameBy command="gatewright budgets set KEY 5/day" call="POST /api/budgets" />
          </Empty>
        ) : (
          <Table
            label="Budgets"
            rows={budgets.rows}
            rowKey={(each) => each.id}
            more={budgets.more}
            columns={[
              { name: 'On', cell: (each) => <Mono>{each.on}</Mono> },
              {
                name: 'Budget',
                number: true,
                cell: (each) =>
                  `${shown(each.usd)} ${each.per === 'lifetime' ? 'in all' : `a ${each.per}`}`,
              },
              {
                name: 'Kind',
                cell: (each) => (
                  <Badge tone={each.hard ? 'bad' : 'plain'}>
                    {each.hard ? 'hard: refuses' : 'soft: tells'}
                  </Badge>
                ),
              },
              { name: 'Used', cell: (each) => <Used of={each} /> },
              {
                name: 'Spent',
                number: true,
                cell: (each) => <span title={exact(each.spent)}>{shown(each.spent)}</span>,
              },
              { name: 'Reserved', number: true, cell: (each) => shown(each.reserved) },
              {
                name: 'Begins anew',
                cell: (each) => (each.resets_at ? instant(each.resets_at) : 'never'),
              },
              {
                name: '',
                cell: (each) =>
                  removeButton(budgeting, `/api/budgets/${each.id}`, `the budget of ${each.on}`),
              },
            ]}
          />
        )}
      </Section>
      <Section
        title="Limits"
        actions={write && <Button onClick={() => setForm('limit')}>Set a limit</Button>}
      >
        <Failure error={limits.error} />
        {limits.isPending ? (
          <Skeleton />
        ) : limits.rows.length === 0 ? (
          <Empty title="No limits of your own.">
            <SameBy
              command="gatewright limits set KEY requests=60/minute"
              call="POST /api/limits"
            />
          </Empty>
        ) : (
          <Table
            label="Limits"
            rows={limits.rows}
            rowKey={(each) => each.id}
            more={limits.more}
            columns={[
              { name: 'On', cell: (each) => <Mono>{each.on}</Mono> },
              { name: 'Of', cell: (each) => each.kind.replace('_', ' ') },
              {
                name: 'At most',
                number: true,
                cell: (each) =>
                  typeof each.max === 'string' && each.kind === 'spend'
                    ? shown(each.max)
                    : count(Number(each.max)),
              },
              { name: 'Per', cell: (each) => each.per ?? 'at once' },
              {
                name: '',
                cell: (each) =>
                  removeButton(write, `/api/limits/${each.id}`, `the limit of ${each.on}`),
              },
            ]}
          />
        )}
      </Section>
      {form === 'budget' && <SetBudget close={() => setForm(null)} />}
      {form === 'limit' && <SetLimit close={() => setForm(null)} />}
      {removal.dialog}
    </>
  );
}

function Used({ of }: { of: Budget }) {
  const all = nano(of.usd);
  const part = all === 0n ? 0 : Number(((nano(of.spent) + nano(of.reserved)) * 1000n) / all) / 10;
  return (
    <>
      <div className={ui.bar} aria-hidden="true">
        <span style={{ width: `${Math.min(100, part)}%` }} />
      </div>
      {part.toFixed(1)} %
    </>
  );
}

function SetBudget({ close }: { close: () => void }) {
  const [on, setOn] = useState('');
  const [usd, setUsd] = useState('');
  const [per, setPer] = useState('month');
  const [hard, setHard] = useState(true);
  const set = useAct(
    () => post('/api/budgets', { on, usd, per, hard }).then(close),
    ['/api/budgets'],
  );
  return (
    <Dialog title="Set a budget" onClose={close}>
      <Form label="Set a budget" onSubmit={() => set.mutate(undefined)}>
        <Input
          label="On"
          required
          value={on}
          onChange={(e) => setOn(e.target.value)}
          hint="key_…, per_…, prj_… or org_…"
        />
        <Input
          label="US dollars"
          required
          inputMode="decimal"
          pattern="[0-9]+(\.[0-9]{1,9})?"
          value={usd}
          onChange={(e) => setUsd(e.target.value)}
        />
        <Choice label="Per" value={per} onChange={(e) => setPer(e.target.value)}>
          {['day', 'week', 'month', 'lifetime'].map((each) => (
            <option key={each}>{each}</option>
          ))}
        </Choice>
        <Check label="Hard: calls that do not fit are refused" checked={hard} onChange={setHard} />
        <Failure error={set.error} />
        <Row>
          <Button type="submit" look="primary" disabled={set.isPending}>
            Set
          </Button>
          <Button onClick={close}>Cancel</Button>
        </Row>
      </Form>
    </Dialog>
  );
}

function SetLimit({ close }: { close: () => void }) {
  const [on, setOn] = useState('');
  const [kind, setKind] = useState('requests');
  const [max, setMax] = useState('');
  const [per, setPer] = useState('minute');
  const set = useAct(
    () =>
      post('/api/limits', {
        on,
        kind,
        max: kind === 'spend' ? max : Number(max),
        ...(kind !== 'concurrency' && { per }),
      }).then(close),
    ['/api/limits'],
  );
  return (
    <Dialog title="Set a limit" onClose={close}>
      <Form label="Set a limit" onSubmit={() => set.mutate(undefined)}>
        <Input
          label="On"
          required
          value={on}
          onChange={(e) => setOn(e.target.value)}
          hint="key_…, per_…, prj_…, org_…, site:… or service:…"
        />
        <Choice label="Of" value={kind} onChange={(e) => setKind(e.target.value)}>
          {['requests', 'input_tokens', 'output_tokens', 'concurrency', 'spend'].map((each) => (
            <option key={each}>{each}</option>
          ))}
        </Choice>
        <Input
          label="At most"
          required
          inputMode="decimal"
          value={max}
          onChange={(e) => setMax(e.target.value)}
        />
        {kind !== 'concurrency' && (
          <Choice label="Per" value={per} onChange={(e) => setPer(e.target.value)}>
            {['second', 'minute', 'hour', 'day'].map((each) => (
              <option key={each}>{each}</option>
            ))}
          </Choice>
        )}
        <Failure error={set.error} />
        <Row>
          <Button type="submit" look="primary" disabled={set.isPending}>
            Set
          </Button>
          <Button onClick={close}>Cancel</Button>
        </Row>
      </Form>
    </Dialog>
  );
}
