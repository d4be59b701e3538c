import type { ReactNode } from 'react';
import { Button } from './parts';
import css from './ui.module.css';

export interface Column<T> {
  name: string;
  cell: (row: T) => ReactNode;
  number?: boolean;
}

/** A real table in a box that scrolls by itself, with the next page below. */
export function Table<T>({
  label,
  rows,
  columns,
  rowKey,
  more,
}: {
  label: string;
  rows: readonly T[];
  columns: readonly Column<T>[];
  rowKey: (row: T) => string;
  more?: { has: boolean; busy: boolean; load: () => void };
}) {
  return (
    <>
      <div className={css.scroll} tabIndex={0} role="group" aria-label={label}>
        <table className={css.table} aria-rowcount={more?.has ? -1 : rows.length + 1}>
          <thead>
            <tr>
              {columns.map((each) => (
                <th key={each.name} scope="col" className={each.number ? css.number : undefined}>
                  {each.name || <span className="unseen">Actions</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={rowKey(row)}>
                {columns.map((each) => (
                  <td key={each.name} className={each.number ? css.number : undefined}>
                    {each.cell(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more?.has && (
        <div>
          <Button onClick={more.load} disabled={more.busy}>
            {more.busy ? 'Loading…' : 'Show more'}
          </Button>
        </div>
      )}
    </>
  );
}
