import { useState } from 'react';
import { post, type Schema } from '../api/client';
import { change, useAct, useList } from '../api/hooks';
import { Able } from '../app/able';
import { useMay, useOrganization, useSession } from '../app/session';
import { instant } from '../format/plain';
import {
  Badge,
  Banner,
  Button,
  Choice,
  Code,
  Confirm,
  Copy,
  Dialog,
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

type Member = Schema['Member'];
type Invitation = Schema['Invitation'];
const ROLES = ['owner', 'admin', 'developer', 'billing', 'viewer'] as const;

export function Team() {
  const may = useMay();
  const me = useSession().person.id;
  const organization = useOrganization();
  const members = useList<Member>('/api/team/members');
  const invitations = useList<Invitation>('/api/team/invitations', { state: 'open' });
  const [inviting, setInviting] = useState(false);
  const [gone, setGone] = useState<Member | null>(null);
  const edit = useAct(
    ({ id, role }: { id: string; role: string }) =>
      change('PATCH', `/api/team/members/${id}`, { role }),
    ['/api/team', '/api/auth/session'],
  );
  const remove = useAct(
    async (it: Member) => {
      await change('DELETE', `/api/team/members/${it.person_id}`);
      setGone(null);
      if (it.person_id === me) location.assign('/console/');
    },
    ['/api/team', '/api/keys', '/api/auth/session'],
  );
  const withdraw = useAct(
    (it: Invitation) => change('DELETE', `/api/team/invitations/${it.id}`),
    ['/api/team'],
  );
  const write = may('member.write');
  return (
    <>
      <Title
        lead={organization?.name}
        actions={
          <Able needs="member.write" look="primary" onClick={() => setInviting(true)}>
            Invite somebody
          </Able>
        }
      >
        Team
      </Title>
      <Failure error={members.error ?? edit.error ?? withdraw.error} />
      {members.isPending ? (
        <Skeleton />
      ) : (
        <Table
          label="Members"
          rows={members.rows}
          rowKey={(each) => each.person_id}
          more={members.more}
          columns={[
            { name: 'Person', cell: (each) => each.email },
            { name: 'Id', cell: (each) => <Mono>{each.person_id}</Mono> },
            {
              name: 'Role',
              cell: (each) =>
                write ? (
                  <select
                    aria-label={`Role of ${each.email}`}
                    value={each.role}
                    disabled={edit.isPending}
                    onChange={(e) => edit.mutate({ id: each.person_id, role: e.target.value })}
                  >
                    {ROLES.map((role) => (
                      <option key={role}>{role}</option>
                    ))}
                  </select>
                ) : (
                  each.role
                ),
            },
            {
              name: 'Projects',
              cell: (each) =>
                each.role === 'developer' ? (each.projects?.join(', ') ?? 'none') : 'all',
            },
            { name: 'Since', cell: (each) => instant(each.since) },
            {
              name: '',
              cell: (each) =>
                (write || each.person_id === me) && (
                  <Button
                    look="quiet"
                    onClick={() => setGone(each)}
                    aria-label={each.person_id === me ? 'Leave' : `Remove ${each.email}`}
                  >
                    {each.person_id === me ? 'Leave' : 'Remove'}
                  </Button>
                ),
            },
          ]}
        />
      )}
      {invitations.rows.length > 0 && (
        <Section title="Open invitations">
          <Table
            label="Open invitations"
            rows={invitations.rows}
            rowKey={(each) => each.id}
            more={invitations.more}
            columns={[
              { name: 'To', cell: (each) => each.email },
              { name: 'Role', cell: (each) => each.role },
              { name: 'State', cell: (each) => <Badge>{each.state}</Badge> },
              { name: 'Until', cell: (each) => instant(each.expires_at) },
              {
                name: '',
                cell: (each) =>
                  write && (
                    <Button
                      look="quiet"
                      onClick={() => withdraw.mutate(each)}
                      aria-label={`Withdraw the invitation to ${each.email}`}
                    >
                      Withdraw
                    </Button>
                  ),
              },
            ]}
          />
        </Section>
      )}
      <SameBy
        command="gatewright team invite EMAIL --role developer"
        call="POST /api/team/invitations"
      />
      {inviting && <Invite close={() => setInviting(false)} />}
      {gone && (
        <Confirm
          title={gone.person_id === me ? 'Leave this organization?' : `Remove ${gone.email}?`}
          act={gone.person_id === me ? 'Leave' : 'Remove'}
          error={remove.error}
          busy={remove.isPending}
          onClose={(yes) => (yes ? remove.mutate(gone) : setGone(null))}
        >
          Personal keys are disabled within a second; keys of projects go on.
        </Confirm>
      )}
    </>
  );
}

function Invite({ close }: { close: () => void }) {
  const projects = useList<Schema['Project']>('/api/projects');
  const [email, setEmail] = useState('');
  const [role, setRole] = useState('developer');
  const [chosen, setChosen] = useState<string[]>([]);
  const invite = useAct(
    () =>
      post<Schema['InvitationOnce']>('/api/team/invitations', {
        email,
        role,
        ...(role === 'developer' && { projects: chosen }),
      }),
    ['/api/team'],
  );
  if (invite.data) {
    return (
      <Dialog title="Invited" onClose={close} guarded>
        <Banner tone="ok">
          <p>
            {invite.data.mailed
              ? `A mail is on its way to ${email}.`
              : 'No mail is sent from this gate: pass the link on yourself.'}
          </p>
        </Banner>
        <Code>{invite.data.link}</Code>
        <Row>
          <Copy text={invite.data.link} label="Copy the link" />
          <Button look="primary" onClick={close}>
            Done
          </Button>
        </Row>
      </Dialog>
    );
  }
  return (
    <Dialog title="Invite somebody" onClose={close}>
      <Form label="Invite" onSubmit={() => invite.mutate(undefined)}>
        <Input
          label="E-mail address"
          type="email"
          required
          value={email}
          onChange={(e) => setEmail(e.target.value)}
        />
        <Choice label="Role" value={role} onChange={(e) => setRole(e.target.value)}>
          {ROLES.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </Choice>
        {role === 'developer' && (
          <fieldset>
            <legend>Projects</legend>
            {projects.rows.map((each) => (
              <label key={each.id} style={{ display: 'block' }}>
                <input
                  type="checkbox"
                  checked={chosen.includes(each.id)}
                  onChange={(e) =>
                    setChosen(
                      e.target.checked
                        ? [...chosen, each.id]
                        : chosen.filter((id) => id !== each.id),
                    )
                  }
                />{' '}
                {each.name}
              </label>
            ))}
          </fieldset>
        )}
        <Failure error={invite.error} />
        <Row>
          <Button type="submit" look="primary" disabled={invite.isPending}>
            Invite
          </Button>
          <Button onClick={close}>Cancel</Button>
        </Row>
      </Form>
    </Dialog>
  );
}
