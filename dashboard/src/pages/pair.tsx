import { useState } from 'react';
import { post } from '../api/client';
import { useAct } from '../api/hooks';
import { Outside } from '../app/outside';
import { useSession } from '../app/session';
import { Banner, Button, Card, Choice, Failure, Form, Hint, Input, Row, Title } from '../ui/parts';

/** Lets a command line elsewhere act as the person (RFC 8628). */
export function Pair() {
  const session = useSession();
  const [code, setCode] = useState(() => {
    const found = location.hash.slice(1);
    history.replaceState(null, '', location.pathname);
    return found;
  });
  const [organization, setOrganization] = useState(session.organizations[0]?.id ?? '');
  const shown = useAct(() =>
    post<{ host: string; address: string }>('/api/auth/pairings/show', { user_code: code.trim() }),
  );
  const answer = useAct((approve: boolean) =>
    post(`/api/auth/pairings/${approve ? 'approve' : 'deny'}`, {
      user_code: code.trim(),
      ...(approve && organization && { organization_id: organization }),
    }).then(() => approve),
  );
  return (
    <Outside>
      <Title>Connect a command line</Title>
      {answer.isSuccess ? (
        <Banner tone={answer.data ? 'ok' : 'info'}>
          <p>
            {answer.data
              ? 'Connected. You may close this page and go on in the terminal.'
              : 'Refused.'}
          </p>
        </Banner>
      ) : (
        <Card>
          <Form
            label="Connect"
            onSubmit={() => (shown.data ? answer.mutate(true) : shown.mutate(undefined))}
          >
            <p>
              It will act as <strong>{session.person.email}</strong>, with your roles, for 90 days.
              Go on only if you have just run <code>gatewright login</code> yourself.
            </p>
            <Input
              label="Code in the terminal"
              required
              autoComplete="off"
              spellCheck={false}
              value={code}
              onChange={(e) => setCode(e.target.value)}
            />
            {shown.data && (
              <>
                <Banner>
                  <p>
                    It calls itself <strong>{shown.data.host}</strong> and asks from{' '}
                    {shown.data.address}.
                  </p>
                </Banner>
                {session.organizations.length > 1 && (
                  <Choice
                    label="For the organization"
                    value={organization}
                    onChange={(e) => setOrganization(e.target.value)}
                  >
                    {session.organizations.map((each) => (
                      <option key={each.id} value={each.id}>
                        {each.name}
                      </option>
                    ))}
                  </Choice>
                )}
              </>
            )}
            <Failure error={shown.error ?? answer.error} />
            <Row>
              <Button type="submit" look="primary" disabled={answer.isPending}>
                {shown.data ? 'Connect' : 'Look it up'}
              </Button>
              <Button disabled={answer.isPending || !code} onClick={() => answer.mutate(false)}>
                Refuse
              </Button>
            </Row>
            <Hint>Its key stands on the Keys page, and can be revoked there.</Hint>
          </Form>
        </Card>
      )}
    </Outside>
  );
}
