// The small parts every page is made of.
import {
  useEffect,
  useId,
  useRef,
  useState,
  type ButtonHTMLAttributes,
  type FormEvent,
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
} from 'react';
import { Problem } from '../api/client';
import { useSite } from '../api/hooks';
import { copyText } from './copy';
import css from './ui.module.css';

const join = (...names: (string | false | undefined)[]) => names.filter(Boolean).join(' ');

export type Look = 'primary' | 'danger' | 'quiet';

export function Button({
  look,
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { look?: Look }) {
  return (
    <button
      type="button"
      {...rest}
      className={join(css.button, look && css[look], rest.className)}
    />
  );
}

export function Title({
  children,
  lead,
  actions,
}: {
  children: string;
  lead?: ReactNode;
  actions?: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { name } = useSite();
  useEffect(() => {
    document.title = `${children} · ${name}`;
  }, [children, name]);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, [children]);
  return (
    <header className={css.title}>
      <div>
        <h1 tabIndex={-1} ref={heading}>
          {children}
        </h1>
        {lead && <p className={css.lead}>{lead}</p>}
      </div>
      {actions && <div className={css.row}>{actions}</div>}
    </header>
  );
}

export function Section({
  title,
  children,
  actions,
}: {
  title: string;
  children: ReactNode;
  actions?: ReactNode;
}) {
  const id = useId();
  return (
    <section className={css.section} aria-labelledby={id}>
      <div className={css.title} style={{ marginBottom: 0 }}>
        <h2 id={id}>{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  );
}

interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string | null;
}

export function Input({
  label,
  hint,
  error,
  ...rest
}: FieldProps & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  return (
    <div className={css.field}>
      <label htmlFor={`${id}-in`}>{label}</label>
      <input
        {...rest}
        id={`${id}-in`}
        className={css.input}
        aria-invalid={error ? true : undefined}
        aria-describedby={hint || error ? id : undefined}
      />
      <Below id={id} hint={hint} error={error} />
    </div>
  );
}

export function Choice({
  label,
  hint,
  error,
  children,
  ...rest
}: FieldProps & SelectHTMLAttributes<HTMLSelectElement>) {
  const id = useId();
  return (
    <div className={css.field}>
      <label htmlFor={`${id}-in`}>{label}</label>
      <select
        {...rest}
        id={`${id}-in`}
        className={css.input}
        aria-describedby={hint || error ? id : undefined}
      >
        {children}
      </select>
      <Below id={id} hint={hint} error={error} />
    </div>
  );
}

export function Area({
  label,
  hint,
  error,
  rows = 5,
  value,
  onChange,
  onSubmit,
}: FieldProps & {
  rows?: number;
  value: string;
  onChange: (text: string) => void;
  /** `Ctrl Enter`. */
  onSubmit?: () => void;
}) {
  const id = useId();
  return (
    <div className={css.field} style={{ maxWidth: 'none' }}>
      <label htmlFor={`${id}-in`}>{label}</label>
      <textarea
        id={`${id}-in`}
        rows={rows}
        className={css.input}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onSubmit?.();
        }}
        aria-invalid={error ? true : undefined}
        aria-describedby={hint || error ? id : undefined}
      />
      <Below id={id} hint={hint} error={error} />
    </div>
  );
}

function Below({ id, hint, error }: { id: string; hint?: ReactNode; error?: string | null }) {
  if (!hint && !error) return null;
  return (
    <span id={id} className={css.hint}>
      {error ? <span style={{ color: 'var(--bad)' }}>{error} </span> : null}
      {hint}
    </span>
  );
}

export function Check({
  label,
  checked,
  onChange,
  disabled,
}: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}) {
  return (
    <label className={css.check}>
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      {label}
    </label>
  );
}

export function Form({
  onSubmit,
  children,
  label,
}: {
  onSubmit: () => void;
  children: ReactNode;
  label?: string;
}) {
  return (
    <form
      className={css.form}
      aria-label={label}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
    </form>
  );
}

export type Tone = 'ok' | 'warn' | 'bad' | 'test' | 'plain';

export function Badge({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) {
  return <span className={join(css.badge, tone !== 'plain' && css[tone])}>{children}</span>;
}

export function Banner({
  tone = 'info',
  children,
}: {
  tone?: 'info' | 'ok' | 'warn' | 'bad' | 'test';
  children: ReactNode;
}) {
  return (
    <div className={join(css.banner, css[tone])} role={tone === 'bad' ? 'alert' : 'status'}>
      {children}
    </div>
  );
}

/** Counts down on the screen; who listens hears how long once, and not each second. */
function Wait({ until }: { until: number }) {
  const [now, setNow] = useState(Date.now);
  const seconds = Math.max(0, Math.ceil((until - now) / 1000));
  useEffect(() => {
    if (seconds === 0) return;
    const next = setTimeout(() => setNow(Date.now()), 1000);
    return () => clearTimeout(next);
  }, [seconds]);
  return seconds > 0 ? (
    <p role="timer">
      Again in {Math.floor(seconds / 60)}:{String(seconds % 60).padStart(2, '0')}.
    </p>
  ) : (
    <p>Now it may be tried again.</p>
  );
}

/** What failed, the request's id, and how to try again. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  if (!error) return null;
  const problem = error instanceof Problem ? error : null;
  return (
    <Banner tone="bad">
      <p>
        <strong>{problem?.message ?? 'Something went wrong on this page.'}</strong>
      </p>
      {problem?.help && <p>{problem.help}</p>}
      {problem && problem.goodFrom > 0 && <Wait until={problem.goodFrom} />}
      {problem?.requestId && (
        <p className={css.hint}>
          Request <code>{problem.requestId}</code>
        </p>
      )}
      {retry && (
        <div>
          <Button onClick={retry}>Try again</Button>
        </div>
      )}
    </Banner>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={css.empty}>
      <strong>{title}</strong>
      {children}
    </div>
  );
}

export const Skeleton = ({ height = 160 }: { height?: number }) => (
  <div className={css.skeleton} style={{ height }} aria-hidden="true" />
);

export function Facts({ of }: { of: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className={css.facts}>
      {of.map(([name, value]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>{value ?? '–'}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Figure({
  label,
  value,
  note,
}: {
  label: string;
  value: ReactNode;
  note?: ReactNode;
}) {
  return (
    <div className={css.card}>
      <div className={css.legend}>{label}</div>
      <div className={css.figure}>{value}</div>
      {note && <div className={css.hint}>{note}</div>}
    </div>
  );
}

export function Copy({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [said, setSaid] = useState('');
  return (
    <>
      <Button
        onClick={() => {
          void copyText(text).then((done) =>
            setSaid(done ? 'Copied' : 'Select the text and press Ctrl C'),
          );
        }}
      >
        {label}
      </Button>
      <span role="status" className={css.hint}>
        {said}
      </span>
    </>
  );
}

/** The command and the call that do what a button does. */
export function SameBy({ command, call }: { command?: string; call?: string }) {
  return (
    <details className={css.note}>
      <summary>Same by command line or API</summary>
      {command && <pre className={css.code}>{command}</pre>}
      {call && (
        <pre className={css.code} style={{ marginTop: 6 }}>
          {call}
        </pre>
      )}
    </details>
  );
}

export function Dialog({
  title,
  onClose,
  children,
  guarded,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** Escape does not close it. */
  guarded?: boolean;
}) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = element.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={element}
      className={css.dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        if (!guarded) onClose();
      }}
    >
      <div className={css.form}>
        <h2 id={id}>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}

/** A question before what cannot be taken back. */
export function Confirm({
  title,
  children,
  act,
  word,
  onClose,
  error,
  busy,
}: {
  title: string;
  children: ReactNode;
  act: string;
  /** What has to be typed. */
  word?: string;
  onClose: (yes: boolean) => void;
  error?: unknown;
  busy?: boolean;
}) {
  const [typed, setTyped] = useState('');
  return (
    <Dialog title={title} onClose={() => onClose(false)}>
      <div>{children}</div>
      <Failure error={error} />
      {word && (
        <Input
          label={`Type ${word} to go on`}
          value={typed}
          autoComplete="off"
          onChange={(event) => setTyped(event.target.value)}
        />
      )}
      <div className={css.row}>
        <Button
          look="danger"
          disabled={busy || (word !== undefined && typed !== word)}
          onClick={() => onClose(true)}
        >
          {act}
        </Button>
        <Button onClick={() => onClose(false)}>Cancel</Button>
      </div>
    </Dialog>
  );
}

export const Row = ({ children }: { children: ReactNode }) => (
  <div className={css.row}>{children}</div>
);
export const Cards = ({ children }: { children: ReactNode }) => (
  <div className={css.cards}>{children}</div>
);
export const Columns = ({ children }: { children: ReactNode }) => (
  <div className={css.columns}>{children}</div>
);
export const Card = ({ children }: { children: ReactNode }) => (
  <div className={join(css.card, css.form)}>{children}</div>
);
export const Code = ({ children }: { children: string }) => (
  <pre className={css.code} tabIndex={0}>
    {children}
  </pre>
);
export const Mono = ({ children }: { children: ReactNode }) => (
  <span className={css.mono}>{children}</span>
);
export const Hint = ({ children }: { children: ReactNode }) => (
  <p className={css.hint}>{children}</p>
);
