import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { post, type Schema } from '../api/client';
import { useAct } from '../api/hooks';
import { Outside } from '../app/outside';
import { SESSION, useSession } from '../app/session';
import { Banner, Button, Card, Failure, Title } from '../ui/parts';

export function Invitation() {
  const session = useSession();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [token] = useState(() => {
    const found = location.hash.slice(1) || sessionStorage.getItem('gatewright.invitation') || '';
    history.replaceState(null, '', location.pathname);
    return found;
  });
  const accept = useAct(async () => {
    const joined = await post<Schema['Joined']>('/api/team/invitations/accept', { token });
    await client.invalidateQueries({ queryKey: SESSION });
    await client.refetchQueries({ queryKey: SESSION });
    await navigate({ to: `/o/${joined.organization.id}` });
  });
  return (
    <Outside>
      <Title>Invitation</Title>
      {token ? (
        <Card>
          <p>
            You are signed in as <strong>{session.person.email}</strong>. The invitation is for one
            address: it must be yours.
          </p>
          <Failure error={accept.error} />
          <div>
            <Button
              look="primary"
              disabled={accept.isPending}
              onClick={() => accept.mutate(undefined)}
            >
              Join
            </Button>
          </div>
        </Card>
      ) : (
        <Banner tone="warn">
          <p>Open the link of the invitation again: its last part is missing.</p>
        </Banner>
      )}
    </Outside>
  );
}
