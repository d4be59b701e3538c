import { useState, type ReactNode } from 'react';
import { useAct } from '../api/hooks';
import { Confirm } from './parts';

/** The question before something is taken away, and the act: the same on every page that lists. */
export function useRemoval<T>(terms: {
  act: (it: T) => Promise<unknown>;
  /** Addresses whose answers it makes stale. */
  stale: readonly string[];
  title: (it: T) => string;
  note: (it: T) => ReactNode;
  verb?: string;
  /** What has to be typed. */
  word?: (it: T) => string;
}): { ask: (it: T) => void; dialog: ReactNode } {
  const [asked, setAsked] = useState<T | null>(null);
  const remove = useAct(async (it: T) => {
    await terms.act(it);
    setAsked(null);
  }, terms.stale);
  return {
    ask: (it) => {
      remove.reset();
      setAsked(() => it);
    },
    dialog: asked !== null && (
      <Confirm
        title={terms.title(asked)}
        act={terms.verb ?? 'Remove'}
        word={terms.word?.(asked)}
        error={remove.error}
        busy={remove.isPending}
        onClose={(yes) => (yes ? remove.mutate(asked) : setAsked(null))}
      >
        {terms.note(asked)}
      </Confirm>
    ),
  };
}
