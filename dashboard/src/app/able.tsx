import { useId, type ReactNode } from 'react';
import { Button, type Look } from '../ui/parts';
import ui from '../ui/ui.module.css';
import { useMay, useWhoMay } from './session';

/** A button of an act that a role may lack: then it stays, does nothing, and says who can. */
export function Able({
  needs,
  look,
  onClick,
  children,
}: {
  needs: string;
  look?: Look;
  onClick: () => void;
  children: ReactNode;
}) {
  const may = useMay();
  const who = useWhoMay()(needs);
  const id = useId();
  if (may(needs))
    return (
      <Button look={look} onClick={onClick}>
        {children}
      </Button>
    );
  if (!who) return null;
  // Not `disabled`: whoever comes by Tab is to hear why.
  return (
    <span className={ui.able}>
      <Button aria-disabled="true" aria-describedby={id}>
        {children}
      </Button>
      <span id={id} className={ui.hint}>
        Ask somebody with the role {who}.
      </span>
    </span>
  );
}
