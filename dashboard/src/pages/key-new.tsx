import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useDeferredValue, useState } from 'react';
import { post, Problem, type Schema } from '../api/client';
import { useAct, useList } from '../api/hooks';
import { useMay } from '../app/session';
import { useWhere } from '../app/shell';
import {
  Banner,
  Button,
  Card,
  Choice,
  Columns,
  Facts,
  Failure,
  Form,
  Input,
  SameBy,
  Skeleton,
  Title,
} from '../ui/parts';
import { SecretPanel } from './secret-panel';

type NewKeyForm = Schema['NewKey'];
interface Reach {
  models: string[];
  providers: string[];
  services: string[];
  rooms: string[];
}

const words = (text: string) =>
  text
    .split(/[\s,]+/)
    .map((each) => each.trim())
    .filter(Boolean);

export function NewKey() {
  const { org, project, mode } = useWhere();
  const navigate = useNavigate();
  const may = useMay();
  const projects = useList<Schema['Project']>('/api/projects');
  const [name, setName] = useState('');
  const [kind, setKind] = useState<string>(mode);
  const [expires, setExpires] = useState('90d');
  const [models, setModels] = useState('');
  const [services, setServices] = useState('');
  const [ip, setIp] = useState('');
  const [tags, setTags] = useState('');
  const [place, setPlace] = useState(project === 'all' ? '' : project);
  const [made, setMade] = useState<Schema['KeyOnce'] | null>(null);
  const body: NewKeyForm = {
    name,
    kind: kind as NewKeyForm['kind'],
    ...(expires && { expires_in: expires }),
    ...(models.trim() && { models: words(models) }),
    ...(services.trim() && { services: words(services) }),
    ...(ip.trim() && { ip: words(ip) }),
    ...(tags.trim() && { tags: words(tags) }),
    ...(place && { project_id: place }),
  };
  const asked = useDeferredValue(JSON.stringify({ ...body, name: body.name || 'new' }));
  const reach = useQuery({
    queryKey: ['/api/keys/preview', asked],
    queryFn: () => post<Reach>('/api/keys/preview', JSON.parse(asked)),
    enabled: kind !== 'admin',
    placeholderData: keepPreviousData,
    retry: false,
  });
  const nothing = reach.error instanceof Problem && reach.error.code === 'no_access';
  // Rooms would be left: still, what was asked for is not reached.
  const unreached =
    !reach.isPlaceholderData &&
    ((models.trim() !== '' && reach.data?.models.length === 0) ||
      (services.trim() !== '' && reach.data?.services.length === 0));
  const create = useAct(
    () => post<Schema['KeyOnce']>('/api/keys', body).then(setMade),
    ['/api/keys'],
  );
  const command = [
    `gatewright keys create --name ${JSON.stringify(name || 'NAME')}`,
    kind === 'live' ? '' : `--kind ${kind}`,
    expires && `--expires ${expires}`,
    models.trim() && `--models ${words(models).join(',')}`,
  ]
    .filter(Boolean)
    .join(' ');
  return (
    <>
      <Title lead={<Link to={`/o/${org}/p/${project}/${mode}/keys`}>All keys</Link>}>
        Create a key
      </Title>
      <Columns>
        <Form label="New key" onSubmit={() => create.mutate(undefined)}>
          <Input
            label="Name"
            required
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <Choice label="Kind" value={kind} onChange={(event) => setKind(event.target.value)}>
            <option value="live">live: calls providers, counted and billed</option>
            <option value="test">test: the simulator alone, never billed</option>
            {may('org.write') && <option value="admin">admin: manages, calls nothing</option>}
          </Choice>
          <Choice label="Project" value={place} onChange={(event) => setPlace(event.target.value)}>
            <option value="">the first one</option>
            {projects.rows.map((each) => (
              <option key={each.id} value={each.id}>
                {each.name}
              </option>
            ))}
          </Choice>
          <Choice
            label="Expires after"
            value={expires}
            onChange={(event) => setExpires(event.target.value)}
          >
            {['1d', '7d', '30d', '90d', '365d'].map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
            <option value="">never</option>
          </Choice>
          {kind !== 'admin' && (
            <>
              <Input
                label="Models"
                value={models}
                onChange={(event) => setModels(event.target.value)}
                hint="Names, a final * matches any rest. Empty: all that stands above allows."
              />
              <Input
                label="Services"
                value={services}
                onChange={(event) => setServices(event.target.value)}
                hint="Such as chat, whisper."
              />
            </>
          )}
          <Input
            label="Addresses"
            value={ip}
            onChange={(event) => setIp(event.target.value)}
            hint="CIDR ranges it may be used from, such as 203.0.113.0/24."
          />
          <Input label="Tags" value={tags} onChange={(event) => setTags(event.target.value)} />
          <Failure error={create.error} />
          <div>
            <Button
              type="submit"
              look="primary"
              disabled={create.isPending || nothing || unreached}
            >
              Create
            </Button>
          </div>
          <SameBy command={command} call={`POST /api/keys\n${JSON.stringify(body, null, 2)}`} />
        </Form>
        <Card>
          <h2>What this key can do</h2>
          <ReachOf
            kind={kind}
            reach={reach.data}
            error={nothing ? null : reach.error}
            nothing={nothing}
          />
          {unreached && !nothing && (
            <Banner tone="bad">
              <p>
                None of what you named is reached: this key could not do what it is for, so it
                cannot be created.
              </p>
            </Banner>
          )}
          {(nothing || unreached) && (
            <Link to={`/o/${org}/policy`}>
              The rules that stand above it, and who may change them
            </Link>
          )}
        </Card>
      </Columns>
      {made && (
        <SecretPanel
          secret={made.key}
          kind={made.kind}
          close={() => {
            setMade(null);
            void navigate({ to: `/o/${org}/p/${project}/${mode}/keys/${made.id}` });
          }}
        />
      )}
    </>
  );
}

function ReachOf({
  kind,
  reach,
  error,
  nothing,
}: {
  kind: string;
  reach: Reach | undefined;
  error: unknown;
  nothing: boolean;
}) {
  if (kind === 'admin')
    return <p>It manages this organization by the REST interface and calls no model.</p>;
  if (nothing) {
    return (
      <Banner tone="bad">
        <p>
          <strong>Nothing.</strong> A key of these rules would reach no model, service or room, so
          it cannot be created. Widen its rules, or ask who may change the rules above it.
        </p>
      </Banner>
    );
  }
  if (error) return <Failure error={error} />;
  if (!reach) return <Skeleton />;
  const list = (names: string[]) =>
    names.length === 0
      ? 'none'
      : names.slice(0, 12).join(', ') + (names.length > 12 ? ` and ${names.length - 12} more` : '');
  return (
    <Facts
      of={[
        [`Models (${reach.models.length})`, list(reach.models)],
        [`Providers (${reach.providers.length})`, list(reach.providers)],
        [`Services (${reach.services.length})`, list(reach.services)],
        [`Rooms (${reach.rooms.length})`, list(reach.rooms)],
      ]}
    />
  );
}
