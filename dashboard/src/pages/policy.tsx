import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { post, type Schema } from '../api/client';
import { change, useAct, useList } from '../api/hooks';
import { Able } from '../app/able';
import { useMay } from '../app/session';
import { useWhere } from '../app/shell';
import { count, instant, several } from '../format/plain';
import {
  Badge,
  Banner,
  Button,
  Card,
  Choice,
  Dialog,
  Empty,
  Facts,
  Failure,
  Form,
  Hint,
  Input,
  Mono,
  Row,
  SameBy,
  Skeleton,
  Title,
} from '../ui/parts';
import { useRemoval } from '../ui/removal';
import { Table } from '../ui/table';

type Rule = Schema['PolicyRule'];
type NewRule = Schema['NewPolicyRule'];
interface Impact {
  from: string;
  complete: boolean;
  calls: number;
  refused_calls: number;
  keys: { key_id: string; refused_calls: number }[];
  samples: {
    request_id: string;
    started_at: string;
    key_id: string;
    model: string;
    target: string;
    message: string;
  }[];
}

export function Policy() {
  const { org } = useWhere();
  const may = useMay();
  const rules = useList<Rule>('/api/policy/rules', {}, 100);
  const [adding, setAdding] = useState(false);
  const removal = useRemoval<Rule>({
    act: (rule) => change('DELETE', `/api/policy/rules/${rule.id}`),
    stale: ['/api/policy'],
    title: () => 'Remove this rule?',
    note: (rule) => (
      <>
        {rule.effect} {rule.type} <Mono>{rule.values.join(', ')}</Mono>. Within a second every
        replica decides without it.
      </>
    ),
  });
  return (
    <>
      <Title
        lead="A call passes when every layer lets it pass: organization, project, member, key."
        actions={
          <>
            <Link to={`/o/${org}/policy/explain`}>What would a call get?</Link>
            <Able needs="policy.write" look="primary" onClick={() => setAdding(true)}>
              Add a rule
            </Able>
          </>
        }
      >
        Policy
      </Title>
      <Failure error={rules.error} retry={() => void rules.refetch()} />
      {rules.isPending ? (
        <Skeleton />
      ) : rules.rows.length === 0 ? (
        <Empty title="No rules: everything that is configured may be called.">
          <SameBy
            command="gatewright policy add --on organization --deny --models 'openai/gpt-4*'"
            call="POST /api/policy/rules"
          />
        </Empty>
      ) : (
        <Table
          label="Rules"
          rows={rules.rows}
          rowKey={(each) => each.id}
          more={rules.more}
          columns={[
            { name: 'Layer', cell: (each) => each.on },
            { name: 'Whose', cell: (each) => <Mono>{each.subject_id}</Mono> },
            {
              name: 'Effect',
              cell: (each) => (
                <Badge tone={each.effect === 'deny' ? 'bad' : 'ok'}>{each.effect}</Badge>
              ),
            },
            { name: 'Of', cell: (each) => each.type },
            { name: 'Values', cell: (each) => <Mono>{each.values.join(', ')}</Mono> },
            { name: 'Name', cell: (each) => each.name || '–' },
            {
              name: 'Added',
              cell: (each) => (each.created_at ? instant(each.created_at) : 'with the key'),
            },
            {
              name: '',
              cell: (each) =>
                may('policy.write') && each.on !== 'key' ? (
                  <Button
                    look="quiet"
                    onClick={() => removal.ask(each)}
                    aria-label={`Remove ${each.name || each.id}`}
                  >
                    Remove
                  </Button>
                ) : null,
            },
          ]}
        />
      )}
      {adding && <AddRule close={() => setAdding(false)} />}
      {removal.dialog}
    </>
  );
}

/** A rule, with what it would have refused before it is there. */
function AddRule({ close }: { close: () => void }) {
  const [on, setOn] = useState<NewRule['on']>('organization');
  const [id, setId] = useState('');
  const [effect, setEffect] = useState<NewRule['effect']>('deny');
  const [type, setType] = useState<NewRule['type']>('models');
  const [values, setValues] = useState('');
  const [name, setName] = useState('');
  const rule: NewRule = {
    on,
    effect,
    type,
    values: values.split(/[\s,]+/).filter(Boolean),
    ...(id && { id }),
    ...(name && { name }),
  };
  const form = JSON.stringify(rule);
  const preview = useAct((asked: string) =>
    post<Impact>('/api/policy/preview', { rules: [JSON.parse(asked)] }).then((impact) => ({
      asked,
      impact,
    })),
  );
  const add = useAct(() => post('/api/policy/rules', rule).then(close), ['/api/policy']);
  const known = preview.data?.asked === form ? preview.data.impact : null;
  return (
    <Dialog title="Add a rule" onClose={close}>
      <Form
        label="Add a rule"
        onSubmit={() => (known ? add.mutate(undefined) : preview.mutate(form))}
      >
        <Choice label="Layer" value={on} onChange={(e) => setOn(e.target.value as NewRule['on'])}>
          {['organization', 'project', 'member', 'key'].map((each) => (
            <option key={each}>{each}</option>
          ))}
        </Choice>
        {on !== 'organization' && (
          <Input
            label="Whose"
            required
            value={id}
            onChange={(e) => setId(e.target.value)}
            hint="prj_…, per_… or key_…"
          />
        )}
        <Choice
          label="Effect"
          value={effect}
          onChange={(e) => setEffect(e.target.value as NewRule['effect'])}
        >
          <option value="deny">deny these</option>
          <option value="allow">allow these and no others</option>
        </Choice>
        <Choice
          label="Of"
          value={type}
          onChange={(e) => setType(e.target.value as NewRule['type'])}
        >
          {['models', 'providers', 'services', 'rooms', 'ip'].map((each) => (
            <option key={each}>{each}</option>
          ))}
        </Choice>
        <Input
          label="Values"
          required
          value={values}
          onChange={(e) => setValues(e.target.value)}
          hint="A final * matches any rest; CIDR ranges for ip."
        />
        <Input label="Name" maxLength={64} value={name} onChange={(e) => setName(e.target.value)} />
        <Failure error={preview.error ?? add.error} />
        {known && (
          <Banner tone={known.refused_calls ? 'warn' : 'ok'}>
            <p>
              <strong>
                Would have refused {count(known.refused_calls)} of {count(known.calls)} calls,{' '}
                {several(known.keys.length, 'key', 'keys')},
              </strong>{' '}
              since {instant(known.from)}
              {known.complete ? '.' : '; older calls were not looked at.'}
            </p>
            {known.samples.slice(0, 3).map((each) => (
              <p key={each.request_id}>
                <Mono>{each.request_id}</Mono> {each.model} by <Mono>{each.key_id}</Mono>
              </p>
            ))}
          </Banner>
        )}
        <Row>
          <Button type="submit" look="primary" disabled={preview.isPending || add.isPending}>
            {known ? 'Add the rule' : 'See what it would refuse'}
          </Button>
          <Button onClick={close}>Cancel</Button>
        </Row>
        <SameBy call={`POST /api/policy/rules\n${JSON.stringify(rule, null, 2)}`} />
      </Form>
    </Dialog>
  );
}

export function Explain() {
  const { org } = useWhere();
  const search = useSearch({ strict: false });
  const [key, setKey] = useState(search.key ?? '');
  const [path, setPath] = useState(search.path ?? '/v1/chat/completions');
  const [model, setModel] = useState(search.model ?? '');
  const [ip, setIp] = useState('');
  const explain = useAct(() =>
    post<Schema['Explanation']>('/api/policy/explain', {
      key_id: key,
      path,
      ...(model && { model }),
      ...(ip && { ip }),
    }),
  );
  const found = explain.data;
  return (
    <>
      <Title lead={<Link to={`/o/${org}/policy`}>All rules</Link>}>What would a call get?</Title>
      <Card>
        <Form label="The call" onSubmit={() => explain.mutate(undefined)}>
          <Input
            label="Key"
            required
            value={key}
            onChange={(e) => setKey(e.target.value)}
            hint="key_…"
          />
          <Input label="Path" required value={path} onChange={(e) => setPath(e.target.value)} />
          <Input label="Model" value={model} onChange={(e) => setModel(e.target.value)} />
          <Input
            label="From the address"
            value={ip}
            onChange={(e) => setIp(e.target.value)}
            hint="Empty: from wherever the rules let it come."
          />
          <Row>
            <Button type="submit" look="primary" disabled={explain.isPending}>
              Explain
            </Button>
          </Row>
        </Form>
      </Card>
      <p />
      <Failure error={explain.error} />
      {found && (
        <Banner tone={found.allowed ? 'ok' : 'bad'}>
          <p>
            <strong>
              {found.allowed ? 'It would pass.' : `It would be refused: ${found.status}.`}
            </strong>{' '}
            {found.message}
          </p>
          <Facts
            of={[
              [
                'Rule',
                found.rule
                  ? `${found.rule.name || found.rule.id} (${found.rule.on})`
                  : 'none says no',
              ],
              ['Target', found.target],
              ['Credential', found.credential ? found.credential.rung : 'none'],
            ]}
          />
          {found.help && <p>{found.help}</p>}
        </Banner>
      )}
      <Hint>Decided by the code that decides calls. Nothing is called and nothing counted.</Hint>
      <SameBy command={`gatewright policy explain ${key || 'KEY'} --model ${model || 'MODEL'}`} />
    </>
  );
}
