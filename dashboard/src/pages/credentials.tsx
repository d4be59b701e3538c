import { useState } from 'react';
import { post, type Schema } from '../api/client';
import { change, useAct, useList } from '../api/hooks';
import { Able } from '../app/able';
import { useMay } from '../app/session';
import { instant } from '../format/plain';
import {
  Badge,
  Banner,
  Button,
  Choice,
  Dialog,
  Empty,
  Failure,
  Form,
  Hint,
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

type Credential = Schema['Credential'];
interface Checked {
  ok: boolean;
  status: number | null;
  ms: number;
  reason?: string | null;
}

export function Credentials() {
  const may = useMay();
  const list = useList<Credential>('/api/credentials');
  const [adding, setAdding] = useState(false);
  const [replacing, setReplacing] = useState<Credential | null>(null);
  const check = useAct((it: Credential) =>
    post<Checked>(`/api/credentials/${it.id}/check`).then((result) => ({ it, result })),
  );
  const removal = useRemoval<Credential>({
    act: (it) => change('DELETE', `/api/credentials/${it.id}`),
    stale: ['/api/credentials'],
    title: (it) => `Delete ${it.name}?`,
    note: () => 'Calls that need it go to the next rung, or are refused.',
    verb: 'Delete',
    word: (it) => it.name,
  });
  const write = may('credential.write');
  return (
    <>
      <Title
        lead="Providers’ keys, stored once and sealed: callers use theirs of this gate."
        actions={
          <Able needs="credential.write" look="primary" onClick={() => setAdding(true)}>
            Store a credential
          </Able>
        }
      >
        Credentials
      </Title>
      <Failure error={list.error ?? check.error} />
      {check.data && (
        <Banner tone={check.data.result.ok ? 'ok' : 'bad'}>
          <p>
            <strong>
              {check.data.it.name}: {check.data.result.ok ? 'works' : 'does not work'}
            </strong>
            , by the path that calls take: status {check.data.result.status ?? 'none'} after{' '}
            {check.data.result.ms} ms. {check.data.result.reason}
          </p>
        </Banner>
      )}
      {list.isPending ? (
        <Skeleton />
      ) : list.rows.length === 0 ? (
        <Empty title="No credentials yet.">
          <p>Store a provider’s key once; then a key of this gate is all a caller needs.</p>
          <SameBy
            command="gatewright credentials add --provider openai < secret.txt"
            call="POST /api/credentials"
          />
        </Empty>
      ) : (
        <Table
          label="Credentials"
          rows={list.rows}
          rowKey={(each) => each.id}
          more={list.more}
          columns={[
            { name: 'Name', cell: (each) => each.name },
            { name: 'For', cell: (each) => `${each.kind} ${each.provider}` },
            { name: 'Ends in', cell: (each) => <Mono>…{each.last4}</Mono> },
            { name: 'Bound to', cell: (each) => <Mono>{each.origin}</Mono> },
            {
              name: 'Scope',
              cell: (each) => (each.project_id ? <Mono>{each.project_id}</Mono> : 'organization'),
            },
            {
              name: 'State',
              cell: (each) => (
                <Badge tone={each.state === 'active' ? 'ok' : 'bad'}>{each.state}</Badge>
              ),
            },
            { name: 'Secret set', cell: (each) => instant(each.secret_set_at) },
            {
              name: '',
              cell: (each) =>
                write && (
                  <Row>
                    <Button
                      disabled={check.isPending}
                      onClick={() => check.mutate(each)}
                      aria-label={`Check ${each.name}`}
                    >
                      Check
                    </Button>
                    <Button
                      onClick={() => setReplacing(each)}
                      aria-label={`Replace the secret of ${each.name}`}
                    >
                      Replace
                    </Button>
                    <Button
                      look="danger"
                      onClick={() => removal.ask(each)}
                      aria-label={`Delete ${each.name}`}
                    >
                      Delete
                    </Button>
                  </Row>
                ),
            },
          ]}
        />
      )}
      <Section title="Whose credential a call goes out with">
        <ol>
          <li>the one in the call’s own X-Provider-Auth header</li>
          <li>the project’s</li>
          <li>the organization’s</li>
          <li>the platform’s, where the project’s mode and the organization allow it</li>
        </ol>
        <Hint>The first that is there counts; none of another provider is ever tried.</Hint>
      </Section>
      {adding && <Store close={() => setAdding(false)} />}
      {replacing && <Replace it={replacing} close={() => setReplacing(null)} />}
      {removal.dialog}
    </>
  );
}

function Store({ close }: { close: () => void }) {
  const projects = useList<Schema['Project']>('/api/projects');
  const providers = useList<Schema['Provider']>('/api/providers');
  const [name, setName] = useState('');
  const [kind, setKind] = useState('provider');
  const [provider, setProvider] = useState('');
  const [secret, setSecret] = useState('');
  const [project, setProject] = useState('');
  const store = useAct(
    () =>
      post('/api/credentials', {
        name,
        kind,
        provider,
        secret,
        ...(project && { project_id: project }),
      }).then(close),
    ['/api/credentials'],
  );
  return (
    <Dialog title="Store a credential" onClose={close}>
      <Form label="Store a credential" onSubmit={() => store.mutate(undefined)}>
        <Input label="Name" required value={name} onChange={(e) => setName(e.target.value)} />
        <Choice label="Kind" value={kind} onChange={(e) => setKind(e.target.value)}>
          {['provider', 'service', 'room'].map((each) => (
            <option key={each}>{each}</option>
          ))}
        </Choice>
        <Input
          label={
            kind === 'provider' ? 'Provider' : kind === 'service' ? 'Service' : 'Room provider'
          }
          required
          list="providers"
          value={provider}
          onChange={(e) => setProvider(e.target.value)}
        />
        <datalist id="providers">
          {kind === 'provider' &&
            providers.rows.map((each) => <option key={each.id} value={each.id} />)}
        </datalist>
        <Input
          label="Secret"
          type="password"
          required
          autoComplete="off"
          value={secret}
          onChange={(e) => setSecret(e.target.value)}
          hint="Sealed with the organization’s own key; never shown again."
        />
        <Choice label="For" value={project} onChange={(e) => setProject(e.target.value)}>
          <option value="">the whole organization</option>
          {projects.rows.map((each) => (
            <option key={each.id} value={each.id}>
              project {each.name}
            </option>
          ))}
        </Choice>
        <Failure error={store.error} />
        <Row>
          <Button type="submit" look="primary" disabled={store.isPending}>
            Store
          </Button>
          <Button onClick={close}>Cancel</Button>
        </Row>
      </Form>
    </Dialog>
  );
}

function Replace({ it, close }: { it: Credential; close: () => void }) {
  const [secret, setSecret] = useState('');
  const replace = useAct(
    () =>
      change(
        'PUT',
        `/api/credentials/${it.id}/secret`,
        { secret },
        `/api/credentials/${it.id}`,
      ).then(close),
    ['/api/credentials'],
  );
  return (
    <Dialog title={`Replace the secret of ${it.name}`} onClose={close}>
      <Form label="Replace the secret" onSubmit={() => replace.mutate(undefined)}>
        <Input
          label="New secret"
          type="password"
          required
          autoComplete="off"
          value={secret}
          onChange={(e) => setSecret(e.target.value)}
          hint="It is checked first; the old one stays if it does not work."
        />
        <Failure error={replace.error} />
        <Row>
          <Button type="submit" look="primary" disabled={replace.isPending}>
            Check and replace
          </Button>
          <Button onClick={close}>Cancel</Button>
        </Row>
      </Form>
    </Dialog>
  );
}
