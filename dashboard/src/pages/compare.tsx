import { useState, useRef } from 'react';
import { Link } from '@tanstack/react-router';
import { useWhere } from '../app/shell';
import { exact, sum } from '../format/money';
import { count, duration } from '../format/plain';
import { Area, Banner, Button, Card, Form, Hint, Input, Row, SameBy } from '../ui/parts';
import ui from '../ui/ui.module.css';
import { Billed, useBilled } from './billed';
import { converse, type Told } from './converse';
import { useEscape } from './escape';
import type { Token } from './run-as';

const COLUMNS_MAX = 4;

/** One prompt to several models at once. */
export function Compare({ token }: { token: Token }) {
  const [names, setNames] = useState('');
  const [prompt, setPrompt] = useState('');
  const [told, setTold] = useState<readonly { model: string; told: Told | null }[]>([]);
  const stop = useRef<AbortController | null>(null);
  const models = [...new Set(names.split(/[\s,]+/).filter(Boolean))].slice(0, COLUMNS_MAX);
  const running = told.some((each) => each.told?.state === 'running');
  const body = (model: string) => ({
    model,
    stream: true,
    stream_options: { include_usage: true },
    messages: [{ role: 'user', content: prompt }],
  });
  const run = () => {
    const cut = new AbortController();
    stop.current = cut;
    setTold(models.map((model) => ({ model, told: null })));
    for (const model of models) {
      void converse(body(model), token.token, cut.signal, (now) =>
        setTold((all) => all.map((each) => (each.model === model ? { model, told: now } : each))),
      );
    }
  };
  useEscape(() => stop.current?.abort());
  return (
    <>
      <Form label="Compare" onSubmit={() => !running && models.length > 1 && run()}>
        <Input
          label="Models"
          required
          value={names}
          onChange={(e) => setNames(e.target.value)}
          hint={`Two to ${COLUMNS_MAX}, with commas between.`}
        />
        <Area label="Message" value={prompt} onChange={setPrompt} />
        <Row>
          <Button type="submit" look="primary" disabled={running || !prompt || models.length < 2}>
            Run all
          </Button>
          <Button disabled={!running} onClick={() => stop.current?.abort()}>
            Stop all
          </Button>
        </Row>
        <SameBy
          call={models
            .map((each) => `POST /v1/chat/completions ${JSON.stringify(body(each))}`)
            .join('\n')}
        />
      </Form>
      <p />
      {told.length > 0 && (
        <>
          <div className={ui.compared}>
            {told.map((each) => (
              <Answered key={each.model} model={each.model} told={each.told} />
            ))}
          </div>
          {!running && <Total ids={told.map((each) => each.told?.requestId ?? null)} />}
        </>
      )}
    </>
  );
}

function Answered({ model, told }: { model: string; told: Told | null }) {
  const { org, project, mode } = useWhere();
  const running = !told || told.state === 'running';
  return (
    <section aria-label={model}>
      <Card>
        <h2>{model}</h2>
        {told?.text && (
          <pre className={ui.code} tabIndex={0} aria-busy={running}>
            {told.text}
          </pre>
        )}
        {told?.error && (
          <Banner tone="bad">
            <p>{told.error}</p>
          </Banner>
        )}
        <Hint>
          {running ? 'Running' : told.state} · first words after {duration(told?.firstMs ?? null)} ·{' '}
          {duration(told?.ms ?? null)} · {count(told?.text.length ?? 0)} characters
        </Hint>
        {!running && told.requestId && (
          <>
            {told.state !== 'failed' && <Billed id={told.requestId} />}
            <Link to={`/o/${org}/p/${project}/${mode}/requests/${told.requestId}`}>
              {told.requestId}
            </Link>
          </>
        )}
      </Card>
    </section>
  );
}

/** The sum of what their rows say; hooks need one place for each column. */
function Total({ ids }: { ids: readonly (string | null)[] }) {
  const rows = [
    useBilled(ids[0] ?? null),
    useBilled(ids[1] ?? null),
    useBilled(ids[2] ?? null),
    useBilled(ids[3] ?? null),
  ].flatMap((each) => each ?? []);
  return <p role="status">All together: cost {exact(sum(rows.map((each) => each.cost)))}</p>;
}
