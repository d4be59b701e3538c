import { useEffect, useRef } from 'react';

/** `Esc` stops what runs. */
export function useEscape(stop: () => void): void {
  const now = useRef(stop);
  useEffect(() => {
    now.current = stop;
  });
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !document.querySelector('dialog[open]')) now.current();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);
}
