import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { ask } from '../api/client';
import { useWhere } from '../app/shell';
import { count, duration } from '../format/plain';
import {
  Area,
  Banner,
  Button,
  Card,
  Columns,
  Copy,
  Failure,
  Form,
  Hint,
  Input,
  Row,
  SameBy,
  Title,
} from '../ui/parts';
import ui from '../ui/ui.module.css';
import { RunAs, useToken, type Token } from './run-as';

interface Told {
  text: string;
  state: 'running' | 'done' | 'stopped' | 'failed';
  requestId: string | null;
  firstMs: number | null;
  ms: number | null;
  usage: { prompt_tokens?: number; completion_tokens?: number } | null;
  error: string | null;
}

export function Playground() {
  const { mode } = useWhere();
  const token = useToken();
  return (
    <>
      <Title lead="Real calls: counted, limited and billed like any other of the key they are made as.">
        Playground
      </Title>
      <RunAs key={mode} token={token} kind={mode} />
      {token.now && <Chat token={token.now} test={mode === 'test'} />}
    </>
  );
}

function Chat({ token, test }: { token: Token; test: boolean }) {
  const { org, project, mode } = useWhere();
  const search = useSearch({ strict: false });
  const models = useQuery({
    queryKey: ['/v1/models', token.key],
    queryFn: async () =>
      (await ask<{ data: { id: string }[] }>('GET', '/v1/models', { bearer: token.token })).data
        .data,
  });
  const [model, setModel] = useState(search.model ?? (test ? 'sim/echo' : ''));
  const [system, setSystem] = useState(search.system ?? '');
  const [prompt, setPrompt] = useState('');
  const [most, setMost] = useState('');
  const [told, setTold] = useState<Told | null>(null);
  const stop = useRef<AbortController | null>(null);
  const body = {
    model,
    stream: true,
    stream_options: { include_usage: true },
    messages: [
      ...(system ? [{ role: 'system', content: system }] : []),
      { role: 'user', content: prompt },
    ],
    ...(most && { max_tokens: Number(most) }),
  };
  const run = () => {
    const cut = new AbortController();
    stop.current = cut;
    return converse(body, token.token, cut.signal, setTold);
  };
  const running = told?.state === 'running';
  return (
    <Columns>
      <Form label="Chat" onSubmit={() => void run()}>
        <Input
          label="Model"
          required
          list="models"
          value={model}
          onChange={(e) => setModel(e.target.value)}
        />
        <datalist id="models">
          {models.data?.map((each) => (
            <option key={each.id} value={each.id} />
          ))}
        </datalist>
        <Area label="System" rows={2} value={system} onChange={setSystem} />
        <Area label="Message" value={prompt} onChange={setPrompt} />
        <Input
          label="At most, in tokens"
          inputMode="numeric"
          pattern="[0-9]*"
          value={most}
          onChange={(e) => setMost(e.target.value)}
        />
        <Failure error={models.error} />
        <Row>
          <Button type="submit" look="primary" disabled={running || !prompt}>
            Run
          </Button>
          <Button disabled={!running} onClick={() => stop.current?.abort()}>
            Stop
          </Button>
        </Row>
        <SameBy
          call={`curl ${location.origin}/v1/chat/completions -H "Authorization: Bearer $GATEWRIGHT_KEY" -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`}
        />
      </Form>
      <Card>
        <h2>Answer</h2>
        {told ? (
          <>
            <pre className={ui.code} aria-busy={running}>
              {told.text || (running ? '…' : '')}
            </pre>
            <span role="status">
              {told.state === 'running'
                ? 'Running'
                : told.state === 'stopped'
                  ? `Stopped after ${duration(told.ms)}; what was made by then is counted.`
                  : told.state === 'done'
                    ? `Finished in ${duration(told.ms)}`
                    : ''}
            </span>
            {told.error && (
              <Banner tone="bad">
                <p>{told.error}</p>
              </Banner>
            )}
            <Hint>
              First words after {duration(told.firstMs)} · {count(told.usage?.prompt_tokens)} tokens
              in, {count(told.usage?.completion_tokens)} out
            </Hint>
            <Row>
              {told.text && <Copy text={told.text} />}
              {told.requestId && !running && (
                <Link to={`/o/${org}/p/${project}/${mode}/requests/${told.requestId}`}>
                  Its bill and attempts
                </Link>
              )}
            </Row>
          </>
        ) : (
          <Hint>Nothing has run yet.</Hint>
        )}
      </Card>
    </Columns>
  );
}

/** One call and its stream, told as it comes. */
async function converse(
  body: unknown,
  bearer: string,
  signal: AbortSignal,
  show: (told: Told) => void,
): Promise<void> {
  const begun = performance.now();
  const since = () => Math.round(performance.now() - begun);
  let now: Told = {
    text: '',
    state: 'running',
    requestId: null,
    firstMs: null,
    ms: null,
    usage: null,
    error: null,
  };
  const tell = (more: Partial<Told>) => show((now = { ...now, ...more }));
  tell({});
  try {
    const answer = await fetch('/v1/chat/completions', {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      credentials: 'omit',
      signal,
    });
    tell({ requestId: answer.headers.get('x-request-id') });
    if (!answer.ok || !answer.body) {
      const said = await answer.text();
      tell({ state: 'failed', error: messageOf(said) ?? `status ${answer.status}` });
      return;
    }
    for await (const event of events(answer.body)) {
      const piece = event.choices?.[0]?.delta?.content ?? '';
      if (event.error)
        tell({ state: 'failed', error: event.error.message ?? 'The provider failed.' });
      if (piece && now.firstMs === null) tell({ firstMs: since() });
      tell({ text: now.text + piece, ...(event.usage && { usage: event.usage }) });
    }
    tell({ ms: since(), ...(now.state === 'running' && { state: 'done' as const }) });
  } catch (failed) {
    const stopped = failed instanceof DOMException && failed.name === 'AbortError';
    tell({
      ms: since(),
      state: stopped ? 'stopped' : 'failed',
      ...(!stopped && { error: 'The connection broke.' }),
    });
  }
}

interface Piece {
  choices?: { delta?: { content?: string } }[];
  usage?: Told['usage'];
  error?: { message?: string };
}

function messageOf(text: string): string | null {
  try {
    return (JSON.parse(text) as { error?: { message?: string } }).error?.message ?? null;
  } catch {
    return null;
  }
}

async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<Piece> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    rest += decoder.decode(value, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const data = line.startsWith('data:') ? line.slice(5).trim() : '';
      if (data && data !== '[DONE]') yield JSON.parse(data) as Piece;
    }
  }
}
