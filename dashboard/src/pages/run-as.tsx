// The data plane answers to keys, never to a cookie. So the pages that call it borrow a key's policy
// by a token of ten minutes, which is kept in memory alone.
import { useCallback, useEffect, useState } from 'react';
import { post, type Schema } from '../api/client';
import { useAct, useList } from '../api/hooks';
import { instant } from '../format/plain';
import { Button, Choice, Empty, Failure, Row } from '../ui/parts';

export interface Token {
  token: string;
  expires_at: string;
  key: string;
}

export function useToken() {
  const [now, setNow] = useState<Token | null>(null);
  useEffect(() => {
    if (!now) return;
    const timer = setTimeout(
      () => setNow(null),
      Math.max(0, Date.parse(now.expires_at) - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [now]);
  const take = useCallback(async (key: string) => {
    const made = await post<Omit<Token, 'key'>>('/api/playground/token', { key_id: key });
    setNow({ ...made, key });
  }, []);
  return { now, take, end: () => setNow(null) };
}

export function RunAs({
  token,
  kind,
}: {
  token: ReturnType<typeof useToken>;
  kind: 'live' | 'test';
}) {
  const keys = useList<Schema['Key']>('/api/keys', { state: 'active' });
  const usable = keys.rows.filter((each) => each.kind === kind);
  const [chosen, setChosen] = useState('');
  const take = useAct((id: string) => token.take(id));
  const id = chosen || usable[0]?.id || '';
  if (!keys.isPending && usable.length === 0)
    return <Empty title={`There is no active ${kind} key to call as.`} />;
  return (
    <>
      <Row>
        <Choice
          label="Call as"
          value={id}
          onChange={(e) => {
            setChosen(e.target.value);
            token.end();
          }}
        >
          {usable.map((each) => (
            <option key={each.id} value={each.id}>
              {each.name} ({each.id})
            </option>
          ))}
        </Choice>
        {token.now ? (
          <span>until {instant(token.now.expires_at)}</span>
        ) : (
          <Button look="primary" disabled={!id || take.isPending} onClick={() => take.mutate(id)}>
            Begin
          </Button>
        )}
      </Row>
      <p />
      <Failure error={take.error} />
    </>
  );
}
