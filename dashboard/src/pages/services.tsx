import { post, type Schema } from '../api/client';
import { useAct, useOne } from '../api/hooks';
import { useMay } from '../app/session';
import { count, duration } from '../format/plain';
import {
  Badge,
  Button,
  Cards,
  Empty,
  Failure,
  Figure,
  Mono,
  Row,
  Section,
  Skeleton,
  Title,
} from '../ui/parts';
import { Table } from '../ui/table';

type Service = Schema['Service'];

export function Services() {
  const may = useMay();
  const list = useOne<{ data: Service[] }>('/api/services');
  const act = useAct(
    ({ path, body }: { path: string; body: unknown }) => post<Service>(path, body),
    ['/api/services'],
  );
  return (
    <>
      <Title
        lead="Self-hosted backends behind this gate."
        actions={<Button onClick={() => void list.refetch()}>Refresh</Button>}
      >
        Services
      </Title>
      <Failure error={list.error ?? act.error} />
      {list.isPending ? (
        <Skeleton />
      ) : !list.data?.data.length ? (
        <Empty title="No services are configured.">
          <p>
            They are set in gatewright.yaml under <code>services</code>: Ollama, Whisper, TTS,
            images.
          </p>
        </Empty>
      ) : (
        list.data.data.map((each) => (
          <Section
            key={each.id}
            title={each.id}
            actions={
              may('service.write') && (
                <Button
                  disabled={act.isPending}
                  onClick={() => act.mutate({ path: `/api/services/${each.id}/check`, body: {} })}
                  aria-label={`Check ${each.id}`}
                >
                  Check now
                </Button>
              )
            }
          >
            <Cards>
              <Figure
                label="State"
                value={<Badge tone={each.status === 'up' ? 'ok' : 'bad'}>{each.status}</Badge>}
                note={<Mono>{each.path}</Mono>}
              />
              <Figure
                label="Running"
                value={`${count(each.running)} of ${each.concurrency ?? '∞'}`}
              />
              <Figure
                label="Waiting"
                value={count(each.queue?.waiting ?? 0)}
                note={each.queue?.length != null ? `of at most ${each.queue.length}` : undefined}
              />
            </Cards>
            <Table
              label={`Instances of ${each.id}`}
              rows={each.instances}
              rowKey={(instance) => instance.url ?? ''}
              columns={[
                { name: 'Address', cell: (instance) => <Mono>{instance.url}</Mono> },
                {
                  name: 'State',
                  cell: (instance) => (
                    <Badge tone={instance.state === 'up' ? 'ok' : 'bad'}>
                      {instance.draining ? 'draining' : (instance.state ?? '–')}
                    </Badge>
                  ),
                },
                { name: 'Running', number: true, cell: (instance) => count(instance.running) },
                { name: 'Loaded', cell: (instance) => instance.models_loaded?.join(', ') || '–' },
                {
                  name: 'Last probe',
                  number: true,
                  cell: (instance) => duration(instance.latency_ms),
                },
                {
                  name: '',
                  cell: (instance) =>
                    may('service.write') && (
                      <Row>
                        {['drain', 'undrain'].map((verb) => (
                          <Button
                            key={verb}
                            look="quiet"
                            disabled={act.isPending}
                            aria-label={`${verb === 'drain' ? 'Drain' : 'Use again'} ${instance.url}`}
                            onClick={() =>
                              act.mutate({
                                path: `/api/services/${each.id}/${verb}`,
                                body: { instance: instance.url },
                              })
                            }
                          >
                            {verb === 'drain' ? 'Drain' : 'Use again'}
                          </Button>
                        ))}
                      </Row>
                    ),
                },
              ]}
            />
          </Section>
        ))
      )}
    </>
  );
}
