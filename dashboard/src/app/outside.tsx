import type { ReactNode } from 'react';
import css from './shell.module.css';

/** The frame of pages that need nobody to be signed in. */
export function Outside({ children }: { children: ReactNode }) {
  return (
    <main className={css.outside}>
      <p className={css.name}>Gatewright</p>
      {children}
    </main>
  );
}
