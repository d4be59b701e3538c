import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ask, type Schema } from '../api/client';
import { useOne } from '../api/hooks';
import { askPasskey, passkeysWork } from '../api/passkey';
import { Button, Card, Failure, Form, Hint, Input, Title } from '../ui/parts';
import { Outside } from '../app/outside';

type Session = Schema['Session'];

export function SignIn({ done }: { done: (session: Session) => void }) {
  return (
    <Outside>
      <Title>Sign in</Title>
      <Card>
        <CodeForm done={done} />
        <ByPasskey done={done} />
        <Providers />
      </Card>
    </Outside>
  );
}

function ByPasskey({ done }: { done: (session: Session) => void }) {
  const enter = useMutation({
    mutationFn: async () => {
      const options = await ask<Record<string, unknown>>(
        'POST',
        '/api/auth/passkeys/sign-in/options',
        { body: {} },
      );
      const credential = await askPasskey(options.data);
      return (await ask<Session>('POST', '/api/auth/passkeys/sign-in', { body: { credential } }))
        .data;
    },
    onSuccess: done,
  });
  if (!passkeysWork()) return null;
  return (
    <>
      <div>
        <Button disabled={enter.isPending} onClick={() => enter.mutate()}>
          Use a passkey
        </Button>
      </div>
      <Failure error={enter.error} />
    </>
  );
}

/** Identity providers that the gate's settings name. */
function Providers() {
  const found = useOne<{ data: { id: string; start: string }[] }>('/api/auth/oidc');
  return (
    <>
      {found.data?.data.map((each) => (
        <a key={each.id} href={each.start}>
          Sign in with {each.id}
        </a>
      ))}
    </>
  );
}

/** An address, then the code that was sent to it. */
export function CodeForm({
  email: known,
  done,
  prove,
}: {
  email?: string;
  done: (session: Session) => void;
  prove?: (code: string) => Promise<Session>;
}) {
  const [email, setEmail] = useState(known ?? '');
  const [code, setCode] = useState('');
  const send = useMutation({
    mutationFn: () => ask('POST', '/api/auth/code', { body: { email } }),
  });
  const enter = useMutation({
    mutationFn: async () =>
      prove
        ? prove(code)
        : (await ask<Session>('POST', '/api/auth/session', { body: { email, code } })).data,
    onSuccess: done,
  });
  if (!send.isSuccess) {
    return (
      <Form label="Ask for a code" onSubmit={() => send.mutate()}>
        <Input
          label="E-mail address"
          type="email"
          required
          autoComplete="email"
          value={email}
          readOnly={known !== undefined}
          onChange={(event) => setEmail(event.target.value)}
        />
        <Failure error={send.error} />
        <div>
          <Button type="submit" look="primary" disabled={send.isPending}>
            Send me a code
          </Button>
        </div>
      </Form>
    );
  }
  return (
    <Form label="Enter the code" onSubmit={() => enter.mutate()}>
      <Input
        label="Code"
        autoFocus
        required
        autoComplete="one-time-code"
        spellCheck={false}
        value={code}
        onChange={(event) => setCode(event.target.value)}
        hint={`Eight characters, sent to ${email}. Good for ten minutes.`}
      />
      <Failure error={enter.error} />
      <div>
        <Button type="submit" look="primary" disabled={enter.isPending}>
          {prove ? 'Go on' : 'Sign in'}
        </Button>{' '}
        <Button look="quiet" onClick={() => send.reset()}>
          Another address, or a new code
        </Button>
      </div>
      <Hint>
        No mail? On the gate’s own machine <code>gatewright login-code {email}</code> prints it.
      </Hint>
    </Form>
  );
}
