import { Button, Code, Copy, Dialog, Hint, Row } from '../ui/parts';
import ui from '../ui/ui.module.css';

/** A secret, shown once. It lives in the opener's state alone: no cache, address or storage has it. */
export function SecretPanel({
  secret,
  kind,
  close,
}: {
  secret: string;
  kind: string;
  close: () => void;
}) {
  const model = kind === 'test' ? 'sim/echo' : 'openai/gpt-5-mini';
  const call = `export GATEWRIGHT_KEY=…   # the key above
curl ${location.origin}/v1/chat/completions \\
  -H "Authorization: Bearer $GATEWRIGHT_KEY" -H 'Content-Type: application/json' \\
  -d '{"model":"${model}","messages":[{"role":"user","content":"hello"}]}'`;
  return (
    <Dialog title="The key, shown once" onClose={close} guarded>
      <label className={ui.field}>
        <span>Key</span>
        <input
          className={ui.input}
          readOnly
          value={secret}
          autoFocus
          onFocus={(event) => event.target.select()}
          style={{ fontFamily: 'var(--mono)' }}
        />
      </label>
      <Row>
        <Copy text={secret} label="Copy the key" />
      </Row>
      {kind !== 'admin' && <Code>{call}</Code>}
      <Hint>
        It cannot be shown again. Store it where secrets are stored; if it is lost, rotate.
      </Hint>
      <Row>
        <Button look="primary" onClick={close}>
          I have stored it
        </Button>
      </Row>
    </Dialog>
  );
}
