// One chat call as the pages make it: streamed, told as it comes, cut by a signal.
export interface Told {
  text: string;
  state: 'running' | 'done' | 'stopped' | 'failed';
  requestId: string | null;
  firstMs: number | null;
  ms: number | null;
  usage: { prompt_tokens?: number; completion_tokens?: number } | null;
  error: string | null;
}

/** One call and its stream, told as it comes. */
export async function converse(
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
