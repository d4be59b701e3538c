import { useNavigate } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { Dialog } from '../ui/parts';
import { address, PLACES, PLATFORM } from './pages';
import { useMay, useSession } from './session';
import { useWhere } from './shell';
import css from './shell.module.css';
import ui from '../ui/ui.module.css';

interface Goal {
  label: string;
  to: string;
}

const ID = /^(req|key|org|prj|per|cred|rule|inv|whk|bud|lim)_[A-Za-z0-9]+$/;

/** Where to? Pages by name, things by id. */
export function Palette({
  organization,
  close,
}: {
  organization: string | null;
  close: () => void;
}) {
  const navigate = useNavigate();
  const may = useMay();
  const session = useSession();
  const { project, mode } = useWhere();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const list = useId();
  const all: Goal[] = [
    ...(organization
      ? PLACES.filter((each) => !each.needs || may(each.needs)).map((each) => ({
          label: each.label,
          to: address(organization, each, project, mode),
        }))
      : []),
    ...(session.operator
      ? PLATFORM.map((each) => ({ label: `Platform: ${each.label}`, to: each.to }))
      : []),
    { label: 'Account', to: '/account' },
  ];
  const wanted = text.trim();
  const found = ID.test(wanted)
    ? [{ label: `Go to ${wanted}`, to: `/go/${wanted}` }]
    : all.filter((each) => each.label.toLowerCase().includes(wanted.toLowerCase()));
  const go = (goal: Goal | undefined) => {
    if (!goal) return;
    close();
    void navigate({ to: goal.to });
  };
  return (
    <Dialog title="Go to" onClose={close}>
      <input
        className={ui.input}
        role="combobox"
        aria-label="A page, or the id of a thing"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={found[at] ? `${list}-${at}` : undefined}
        autoFocus
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setAt(Math.min(at + 1, found.length - 1));
          else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0));
          else if (event.key === 'Enter') go(found[at]);
          else return;
          event.preventDefault();
        }}
      />
      <ul className={css.palette} role="listbox" id={list} aria-label="Found">
        {found.map((each, index) => (
          <li
            key={each.to}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === at}
            onClick={() => go(each)}
          >
            {each.label}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
