import { useState } from 'react';
import { post, type Schema } from '../api/client';
import { change, useAct, useList, useVersion } from '../api/hooks';
import { Able } from '../app/able';
import { useMay, useOrganization } from '../app/session';
import { instant } from '../format/plain';
import {
  Badge,
  Button,
  Choice,
  Confirm,
  Dialog,
  Facts,
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
import { KeepFor } from './kept';

type Project = Schema['Project'];
const MODES: Record<string, string> = {
  'api-keys': 'own credentials alone',
  credits: 'the platform’s credentials, from the wallet',
  hybrid: 'own credentials first, then the platform’s',
};

export function Settings() {
  const membership = useOrganization();
  const may = useMay();
  const path = `/api/organizations/${membership?.id}`;
  const it = useVersion<Schema['Organization']>(path, membership !== null);
  const projects = useList<Project>('/api/projects', {}, 100, { enabled: may('project.read') });
  const [name, setName] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  const [gone, setGone] = useState<'organization' | Project | null>(null);
  const rename = useAct(
    () => change('PATCH', path, { name }).then(() => setName(null)),
    ['/api/organizations', '/api/auth/session'],
  );
  const mode = useAct(
    ({ id, mode: chosen }: { id: string; mode: string }) =>
      change('PATCH', `/api/projects/${id}`, { mode: chosen }),
    ['/api/projects'],
  );
  const remove = useAct(
    async (what: 'organization' | Project) => {
      await change('DELETE', what === 'organization' ? path : `/api/projects/${what.id}`);
      setGone(null);
    },
    ['/api/organizations', '/api/projects', '/api/auth/session'],
  );
  const organization = it.data?.data;
  return (
    <>
      <Title lead={membership?.name}>Settings</Title>
      <Failure error={it.error ?? mode.error} />
      {!organization ? (
        <Skeleton />
      ) : (
        <>
          <Facts
            of={[
              ['Id', <Mono key="id">{organization.id}</Mono>],
              [
                'State',
                <Badge key="state" tone={organization.state === 'active' ? 'ok' : 'bad'}>
                  {organization.state}
                </Badge>,
              ],
              ['Your role', organization.role],
              [
                'Platform’s credentials',
                organization.platform_credentials ? 'open to it' : 'not open to it',
              ],
              ['Since', instant(organization.created_at)],
              [
                'May be restored until',
                organization.restorable_until ? instant(organization.restorable_until) : null,
              ],
            ]}
          />
          {may('org.write') && (
            <Section title="Name">
              <Form label="Name" onSubmit={() => rename.mutate(undefined)}>
                <Input
                  label="Name"
                  required
                  maxLength={64}
                  value={name ?? organization.name}
                  onChange={(e) => setName(e.target.value)}
                />
                <Failure error={rename.error} />
                <Row>
                  <Button type="submit" disabled={name === null || rename.isPending}>
                    Save
                  </Button>
                </Row>
              </Form>
            </Section>
          )}
        </>
      )}
      <KeepFor />
      <Section
        title="Projects"
        actions={
          <Able needs="project.write" onClick={() => setAdding(true)}>
            Add a project
          </Able>
        }
      >
        <Failure error={projects.error} />
        {projects.isPending ? (
          <Skeleton />
        ) : (
          <Table
            label="Projects"
            rows={projects.rows}
            rowKey={(each) => each.id}
            more={projects.more}
            columns={[
              { name: 'Name', cell: (each) => each.name },
              { name: 'Id', cell: (each) => <Mono>{each.id}</Mono> },
              {
                name: 'Who pays',
                cell: (each) =>
                  may('project.write') ? (
                    <select
                      aria-label={`Mode of ${each.name}`}
                      value={each.mode}
                      onChange={(e) => mode.mutate({ id: each.id, mode: e.target.value })}
                    >
                      {Object.keys(MODES).map((word) => (
                        <option key={word} value={word}>
                          {word}: {MODES[word]}
                        </option>
                      ))}
                    </select>
                  ) : (
                    `${each.mode}: ${MODES[each.mode]}`
                  ),
              },
              { name: 'Since', cell: (each) => instant(each.created_at) },
              {
                name: '',
                cell: (each) =>
                  may('project.write') && (
                    <Button
                      look="quiet"
                      onClick={() => setGone(each)}
                      aria-label={`Delete ${each.name}`}
                    >
                      Delete
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </Section>
      {may('org.delete') && organization && (
        <Section title="Delete the organization">
          <Row>
            {organization.state === 'active' ? (
              <Button look="danger" onClick={() => setGone('organization')}>
                Delete {organization.name}
              </Button>
            ) : (
              <Restore path={path} />
            )}
          </Row>
        </Section>
      )}
      <SameBy command="gatewright org edit --name NAME" call={`PATCH ${path}`} />
      {adding && <AddProject close={() => setAdding(false)} />}
      {gone && (
        <Confirm
          title={gone === 'organization' ? `Delete ${organization?.name}?` : `Delete ${gone.name}?`}
          act="Delete"
          word={gone === 'organization' ? organization?.name : gone.name}
          error={remove.error}
          busy={remove.isPending}
          onClose={(yes) => (yes ? remove.mutate(gone) : setGone(null))}
        >
          {gone === 'organization'
            ? 'Its keys stop at once. It can be restored for seven days; then all of it is gone.'
            : 'Its keys are revoked.'}
        </Confirm>
      )}
    </>
  );
}

function Restore({ path }: { path: string }) {
  const restore = useAct(
    () => change('POST', `${path}/restore`, {}, path),
    ['/api/organizations', '/api/auth/session'],
  );
  return (
    <>
      <Button onClick={() => restore.mutate(undefined)}>Restore it</Button>
      <Failure error={restore.error} />
    </>
  );
}

function AddProject({ close }: { close: () => void }) {
  const [name, setName] = useState('');
  const [mode, setMode] = useState('hybrid');
  const add = useAct(() => post('/api/projects', { name, mode }).then(close), ['/api/projects']);
  return (
    <Dialog title="Add a project" onClose={close}>
      <Form label="Add a project" onSubmit={() => add.mutate(undefined)}>
        <Input
          label="Name"
          required
          maxLength={64}
          value={name}
          onChange={(e) => setName(e.target.value)}
        />
        <Choice label="Who pays" value={mode} onChange={(e) => setMode(e.target.value)}>
          {Object.keys(MODES).map((word) => (
            <option key={word} value={word}>
              {word}: {MODES[word]}
            </option>
          ))}
        </Choice>
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
