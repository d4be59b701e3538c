import { useState } from 'react';
import { post, type Schema } from '../api/client';
import { change, useAct, useList } from '../api/hooks';
import { Able } from '../app/able';
import { useMay } from '../app/session';
import {
  Badge,
  Button,
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

type Provider = Schema['Provider'];
type Named = Schema['NamedModel'];

export function Models() {
  const may = useMay();
  const write = may('provider.write');
  const providers = useList<Provider>('/api/providers');
  const models = useList<Named>('/api/models');
  const [form, setForm] = useState<'provider' | 'model' | null>(null);
  const removal = useRemoval<{ path: string; name: string }>({
    act: (it) => change('DELETE', it.path),
    stale: ['/api/providers', '/api/models'],
    title: (it) => `Remove ${it.name}?`,
    note: () => 'Calls that ask for it are refused from then on.',
  });
  return (
    <>
      <Title lead="What may be asked for by name, and where it goes.">Models</Title>
      <Section
        title="Names of models"
        actions={
          <Able needs="provider.write" onClick={() => setForm('model')}>
            Add a name
          </Able>
        }
      >
        <Failure error={models.error} />
        {models.isPending ? (
          <Skeleton />
        ) : models.rows.length === 0 ? (
          <Empty title="No names of your own: ask for provider/model.">
            <SameBy
              command="gatewright models set fast openai/gpt-5-mini"
              call="POST /api/models"
            />
          </Empty>
        ) : (
          <Table
            label="Names of models"
            rows={models.rows}
            rowKey={(each) => `${each.source}.${each.id}`}
            more={models.more}
            columns={[
              { name: 'Name', cell: (each) => <Mono>{each.id}</Mono> },
              { name: 'Goes to', cell: (each) => <Mono>{each.targets.join(', ')}</Mono> },
              { name: 'From', cell: (each) => <Badge>{each.source}</Badge> },
              {
                name: '',
                cell: (each) =>
                  write && each.ref ? (
                    <Button
                      look="quiet"
                      aria-label={`Remove ${each.id}`}
                      onClick={() =>
                        removal.ask({ path: `/api/models/${each.ref}`, name: each.id })
                      }
                    >
                      Remove
                    </Button>
                  ) : null,
              },
            ]}
          />
        )}
      </Section>
      <Section
        title="Providers"
        actions={
          <Able needs="provider.write" onClick={() => setForm('provider')}>
            Add a provider
          </Able>
        }
      >
        <Failure error={providers.error} />
        {providers.isPending ? (
          <Skeleton />
        ) : (
          <Table
            label="Providers"
            rows={providers.rows}
            rowKey={(each) => each.id}
            more={providers.more}
            columns={[
              { name: 'Id', cell: (each) => <Mono>{each.id}</Mono> },
              { name: 'Dialect', cell: (each) => each.dialect },
              { name: 'Address', cell: (each) => <Mono>{each.base_url}</Mono> },
              { name: 'From', cell: (each) => <Badge>{each.source}</Badge> },
              {
                name: '',
                cell: (each) =>
                  write && each.source !== 'file' ? (
                    <Button
                      look="quiet"
                      aria-label={`Remove ${each.id}`}
                      onClick={() =>
                        removal.ask({ path: `/api/providers/${each.id}`, name: each.id })
                      }
                    >
                      Remove
                    </Button>
                  ) : null,
              },
            ]}
          />
        )}
      </Section>
      {form === 'model' && <AddModel close={() => setForm(null)} />}
      {form === 'provider' && <AddProvider close={() => setForm(null)} />}
      {removal.dialog}
    </>
  );
}

function AddModel({ close }: { close: () => void }) {
  const [id, setId] = useState('');
  const [target, setTarget] = useState('');
  const add = useAct(
    () => post('/api/models', { id, targets: target.split(/[\s,]+/).filter(Boolean) }).then(close),
    ['/api/models'],
  );
  return (
    <Dialog title="Add a name" onClose={close}>
      <Form label="Add a name" onSubmit={() => add.mutate(undefined)}>
        <Input
          label="Name"
          required
          value={id}
          onChange={(e) => setId(e.target.value)}
          hint="fast, or emby/* for all that begins so"
        />
        <Input
          label="Goes to"
          required
          value={target}
          onChange={(e) => setTarget(e.target.value)}
          hint="openai/gpt-5-mini, or nebius/*"
        />
        <Failure error={add.error} />
        <Row>
          <Button type="submit" look="primary" disabled={add.isPending}>
            Add
          </Button>
          <Button onClick={close}>Cancel</Button>
        </Row>
      </Form>
    </Dialog>
  );
}

function AddProvider({ close }: { close: () => void }) {
  const [id, setId] = useState('');
  const [dialect, setDialect] = useState('openai');
  const [url, setUrl] = useState('');
  const add = useAct(
    () => post('/api/providers', { id, dialect, base_url: url }).then(close),
    ['/api/providers'],
  );
  return (
    <Dialog title="Add a provider" onClose={close}>
      <Form label="Add a provider" onSubmit={() => add.mutate(undefined)}>
        <Input
          label="Id"
          required
          value={id}
          onChange={(e) => setId(e.target.value)}
          hint="Calls ask for id/model."
        />
        <Choice label="Dialect" value={dialect} onChange={(e) => setDialect(e.target.value)}>
          <option>openai</option>
          <option>anthropic</option>
        </Choice>
        <Input
          label="Base URL"
          type="url"
          required
          value={url}
          onChange={(e) => setUrl(e.target.value)}
          hint="https://api.example.com/v1"
        />
        <Failure error={add.error} />
        <Row>
          <Button type="submit" look="primary" disabled={add.isPending}>
            Add
          </Button>
          <Button onClick={close}>Cancel</Button>
        </Row>
      </Form>
    </Dialog>
  );
}
