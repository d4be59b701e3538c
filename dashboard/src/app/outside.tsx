import type { CSSProperties, ReactNode } from 'react';
import { useSite } from '../api/hooks';
import css from './shell.module.css';

/** The name over all pages, as the site is called whose they are. */
export function Called() {
  const site = useSite();
  return (
    <span className={css.called}>
      {site.logo && <img src={site.logo} alt="" height={24} />}
      {site.name}
    </span>
  );
}

/** A stripe of the site's color: no text stands on it, so any will do in either theme. */
export const branded = (color: string | null): CSSProperties | undefined =>
  color ? { borderBlockStart: `4px solid ${color}` } : undefined;

/** The frame of pages that need nobody to be signed in. */
export function Outside({ children }: { children: ReactNode }) {
  const { color } = useSite();
  return (
    <main className={css.outside} style={branded(color)}>
      <p className={css.name}>
        <Called />
      </p>
      {children}
    </main>
  );
}
