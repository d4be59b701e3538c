import { memo, useEffect, useRef, useState, type ReactNode, type RefObject } from 'react';
import { Button } from './parts';
import css from './ui.module.css';

export interface Column<T> {
  name: string;
  cell: (row: T) => ReactNode;
  number?: boolean;
}

// From here on only the rows near the screen are there, each of this height.
const MANY = 150;
const ROW_PIXELS = 36;
const BEYOND = 8;

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
  const body = useRef<HTMLTableSectionElement>(null);
  const many = rows.length > MANY;
  const [first, after] = useNear(body, many ? rows.length : 0);
  const shown = many ? rows.slice(first, after) : rows;
  const space = (count: number) =>
    many &&
    count > 0 && (
      <tr aria-hidden="true">
        <td colSpan={columns.length} style={{ height: count * ROW_PIXELS, padding: 0 }} />
      </tr>
    );
  return (
    <>
      <div className={css.scroll} tabIndex={0} role="group" aria-label={label}>
        <table
          className={many ? `${css.table} ${css.many}` : css.table}
          aria-rowcount={more?.has ? -1 : rows.length + 1}
        >
          <thead>
            <tr aria-rowindex={1}>
              {columns.map((each) => (
                <th key={each.name} scope="col" className={each.number ? css.number : undefined}>
                  {each.name || <span className="unseen">Actions</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody ref={body}>
            {space(first)}
            {shown.map((row, index) => (
              <Line
                key={rowKey(row)}
                row={row}
                columns={columns as readonly Column<never>[]}
                at={(many ? first : 0) + index + 2}
              />
            ))}
            {space(rows.length - after)}
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

/** Drawn anew only when its row or the columns are others: not when the page is scrolled. */
const Line = memo(function Line({
  row,
  columns,
  at,
}: {
  row: unknown;
  columns: readonly Column<never>[];
  at: number;
}) {
  return (
    <tr aria-rowindex={at}>
      {columns.map((each) => (
        <td key={each.name} className={each.number ? css.number : undefined}>
          {each.cell(row as never)}
        </td>
      ))}
    </tr>
  );
});

/** The rows near the screen: the first, and the one after the last. */
function useNear(
  body: RefObject<HTMLTableSectionElement | null>,
  rows: number,
): readonly [number, number] {
  const [near, setNear] = useState<readonly [number, number]>([0, 40]);
  useEffect(() => {
    if (rows === 0) return;
    let asked = 0;
    const look = () => {
      asked = 0;
      const top = body.current?.getBoundingClientRect().top ?? 0;
      // In steps, so that not every pixel draws anew.
      const at = Math.floor(-top / ROW_PIXELS / BEYOND) * BEYOND;
      const first = Math.max(0, Math.min(at - BEYOND, rows - 1));
      const most = Math.ceil(innerHeight / ROW_PIXELS) + 3 * BEYOND;
      const after = Math.min(rows, Math.max(first, 0) + most);
      setNear((now) => (now[0] === first && now[1] === after ? now : [first, after]));
    };
    const scrolled = () => {
      asked ||= requestAnimationFrame(look);
    };
    look();
    addEventListener('scroll', scrolled, { passive: true });
    addEventListener('resize', scrolled);
    return () => {
      cancelAnimationFrame(asked);
      removeEventListener('scroll', scrolled);
      removeEventListener('resize', scrolled);
    };
  }, [body, rows]);
  return near;
}
