import { count } from '../format/plain';
import css from './ui.module.css';

/** Sums as bars in a table: readable without seeing the bars. */
export function Bars({
  label,
  rows,
  show = count,
}: {
  label: string;
  rows: readonly { name: string; value: number }[];
  show?: (value: number) => string;
}) {
  const most = Math.max(...rows.map((each) => each.value), 1);
  return (
    <table className={css.table} aria-label={label}>
      <tbody>
        {rows.map((each) => (
          <tr key={each.name}>
            <th
              scope="row"
              style={{ width: '30%', overflowWrap: 'anywhere', whiteSpace: 'normal' }}
            >
              {each.name}
            </th>
            <td>
              <div className={css.bar} aria-hidden="true">
                <span style={{ width: `${(100 * each.value) / most}%` }} />
              </div>
            </td>
            <td className={css.number} style={{ width: 110 }}>
              {show(each.value)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
