import { useState } from 'react';
import { post, type Schema } from '../api/client';
import { change, useAct, useList } from '../api/hooks';
import { useMay } from '../app/session';
import { instant } from '../format/plain';
import {
  Badge,
  Button,
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
import { SecretPanel } from './secret-panel';

type Webhook = Schema['Webhook'];
type Delivery = Schema['WebhookDelivery'];

export function Webhooks() {
  const may = useMay();
  const write = may('webhook.write');
  const list = useList<Webhook>('/api/webhooks');
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const [open, setOpen] = useState<Webhook | null>(null);
  const removal = useRemoval<Webhook>({
    act: (it) => change('DELETE', `/api/webhooks/${it.id}`),
    stale: ['/api/webhooks'],
    title: (it) => `Remove ${it.url}?`,
    note: () => 'What still waits for it is not delivered.',
  });
  return (
    <>
      <Title
        lead="What happens here, told to an address of yours, signed."
        actions={
          write && (
            <Button look="primary" onClick={() => setAdding(true)}>
              Add a webhook
            </Button>
          )
        }
      >
        Webhooks
      </Title>
      <Failure error={list.error} />
      {list.isPending ? (
        <Skeleton />
      ) : list.rows.length === 0 ? (
        <Empty title="No webhooks.">
          <SameBy call="POST /api/webhooks" />
        </Empty>
      ) : (
        <Table
          label="Webhooks"
          rows={list.rows}
          rowKey={(each) => each.id}
          more={list.more}
          columns={[
            { name: 'Address', cell: (each) => <Mono>{each.url}</Mono> },
            { name: 'Of', cell: (each) => each.events.join(', ') },
            {
              name: 'State',
              cell: (each) => (
                <Badge tone={each.state === 'enabled' ? 'ok' : 'bad'}>{each.state}</Badge>
              ),
            },
            { name: 'Since', cell: (each) => instant(each.created_at) },
            {
              name: '',
              cell: (each) => (
                <Row>
                  <Button onClick={() => setOpen(each)} aria-label={`Deliveries to ${each.url}`}>
                    Deliveries
                  </Button>
                  {write && (
                    <Button
                      look="danger"
                      onClick={() => removal.ask(each)}
                      aria-label={`Remove ${each.url}`}
                    >
                      Remove
                    </Button>
                  )}
                </Row>
              ),
            },
          ]}
        />
      )}
      {open && <Deliveries of={open} />}
      {adding && (
        <Add
          close={(made) => {
            setAdding(false);
            if (made) setSecret(made);
          }}
        />
      )}
      {secret && <SecretPanel secret={secret} kind="admin" close={() => setSecret(null)} />}
      {removal.dialog}
    </>
  );
}

function Deliveries({ of }: { of: Webhook }) {
  const path = `/api/webhooks/${of.id}/deliveries`;
  const list = useList<Delivery>(path);
  const again = useAct((id: string) => post(`${path}/${id}/resend`), [path]);
  return (
    <Section title={`Deliveries to ${of.url}`}>
      <Failure error={list.error ?? again.error} />
      {list.isPending ? (
        <Skeleton />
      ) : (
        <Table
          label="Deliveries"
          rows={list.rows}
          rowKey={(each) => each.id}
          more={list.more}
          columns={[
            { name: 'Event', cell: (each) => each.type },
            {
              name: 'State',
              cell: (each) => (
                <Badge
                  tone={
                    each.state === 'delivered' ? 'ok' : each.state === 'failed' ? 'bad' : 'warn'
                  }
                >
                  {each.state}
                </Badge>
              ),
            },
            { name: 'Attempts', number: true, cell: (each) => each.attempts },
            { name: 'Status', number: true, cell: (each) => each.status ?? '–' },
            { name: 'Time', cell: (each) => instant(each.created_at) },
            {
              name: '',
              cell: (each) => (
                <Button onClick={() => again.mutate(each.id)} aria-label={`Send again: ${each.id}`}>
                  Send again
                </Button>
              ),
            },
          ]}
        />
      )}
    </Section>
  );
}

function Add({ close }: { close: (secret: string | null) => void }) {
  const [url, setUrl] = useState('');
  const [events, setEvents] = useState('');
  const add = useAct(
    () =>
      post<{ secret: string }>('/api/webhooks', {
        url,
        events: events.split(/[\s,]+/).filter(Boolean),
      }).then((made) => close(made.secret)),
    ['/api/webhooks'],
  );
  return (
    <Dialog title="Add a webhook" onClose={() => close(null)}>
      <Form label="Add a webhook" onSubmit={() => add.mutate(undefined)}>
        <Input
          label="Address"
          type="url"
          required
          value={url}
          onChange={(e) => setUrl(e.target.value)}
          hint="https://hooks.example.com/gatewright"
        />
        <Input
          label="Events"
          required
          value={events}
          onChange={(e) => setEvents(e.target.value)}
          hint="Such as key, budget, balance."
        />
        <Failure error={add.error} />
        <Row>
          <Button type="submit" look="primary" disabled={add.isPending}>
            Add
          </Button>
          <Button onClick={() => close(null)}>Cancel</Button>
        </Row>
      </Form>
    </Dialog>
  );
}
