import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ask, type Schema } from '../api/client';
import { Outside } from '../app/outside';
import { Banner, Button, Card, Code, Failure, Form, Hint, Input, Title } from '../ui/parts';

/** Claims a gate that nobody owns, by the link its first start printed. */
export function SetUp() {
  // Behind the #, so that it is in no log; taken out of the address at once.
  const [token] = useState(() => {
    const found = location.hash.slice(1);
    history.replaceState(null, '', location.pathname);
    return found;
  });
  const [email, setEmail] = useState('');
  const [organization, setOrganization] = useState('');
  const claim = useMutation({
    mutationFn: () =>
      ask<Schema['Session']>('POST', '/api/auth/setup', { body: { token, email, organization } }),
    // Whole, so that nothing of this page stays in memory.
    onSuccess: () => location.assign('/console/'),
  });
  return (
    <Outside>
      <Title lead="You become the owner of this gate.">Set up</Title>
      {token ? (
        <Card>
          <Form label="Set up" onSubmit={() => claim.mutate()}>
            <Input
              label="Your e-mail address"
              type="email"
              required
              autoComplete="email"
              value={email}
              onChange={(event) => setEmail(event.target.value)}
              hint="You sign in with it from now on."
            />
            <Input
              label="Name of your organization"
              required
              maxLength={64}
              value={organization}
              onChange={(event) => setOrganization(event.target.value)}
            />
            <Failure error={claim.error} />
            <div>
              <Button type="submit" look="primary" disabled={claim.isPending}>
                Become the owner
              </Button>
            </div>
            <Hint>
              A link that was used or is older than 30 minutes: make another one by{' '}
              <code>gatewright setup-link</code>.
            </Hint>
          </Form>
        </Card>
      ) : (
        <Banner tone="warn">
          <p>This page needs the link that the first start printed. To make another one:</p>
          <Code>gatewright setup-link</Code>
        </Banner>
      )}
    </Outside>
  );
}
