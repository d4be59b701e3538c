import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
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
import { Billed } from './billed';
import { Compare } from './compare';
import { converse, type Told } from './converse';
import { useEscape } from './escape';
import { RunAs, useToken, type Token } from './run-as';

export function Playground() {
  const { org, project, mode } = useWhere();
  const { view } = useSearch({ strict: false });
  const navigate = useNavigate();
  const token = useToken();
  const comparing = view === 'compare';
  const look = (next?: string) =>
    void navigate({ to: `/o/${org}/p/${project}/${mode}/playground`, search: { view: next } });
  return (
    <>
      <Title
        lead="Real calls: counted, limited and billed like any other of the key they are made as."
        actions={
          <>
            <Button aria-pressed={!comparing} onClick={() => look()}>
              Chat
            </Button>
            <Button aria-pressed={comparing} onClick={() => look('compare')}>
              Compare
            </Button>
          </>
        }
      >
        Playground
      </Title>
      <RunAs key={mode} token={token} kind={mode} />
      {token.now &&
        (comparing ? (
          <Compare token={token.now} />
        ) : (
          <Chat token={token.now} test={mode === 'test'} />
        ))}
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
  useEscape(() => stop.current?.abort());
  return (
    <Columns>
      <Form label="Chat" onSubmit={() => void (running || run())}>
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
        <Area
          label="Message"
          value={prompt}
          onChange={setPrompt}
          onSubmit={() => !running && prompt && void run()}
        />
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
                  ? `Stopped after ${duration(told.ms)}`
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
            {told.requestId && !running && <Billed id={told.requestId} />}
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
