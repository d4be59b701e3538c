import { Outside } from '../app/outside';
import { Card, Hint, Title } from '../ui/parts';

/** Where an identity provider's sign-in ends that came to nothing. */
export function SignInFailed() {
  // Chosen by whoever made the link: shown only when it is an id.
  const request = /^#(req_[0-9a-f]{1,40})$/.exec(location.hash)?.[1];
  return (
    <Outside>
      <Title>You are not signed in</Title>
      <Card>
        <p>The sign-in by your identity provider came to nothing. What it may be:</p>
        <ul>
          <li>
            it took longer than ten minutes, or was begun in another browser or at another address,
          </li>
          <li>the provider said no, or cannot be reached,</li>
          <li>your account there is not one that may sign in here.</li>
        </ul>
        <p>
          <a href="/console/">Sign in again</a>, or ask whoever runs this gate: its log says why.
        </p>
        {request && (
          <Hint>
            Request <code>{request}</code>
          </Hint>
        )}
      </Card>
    </Outside>
  );
}
