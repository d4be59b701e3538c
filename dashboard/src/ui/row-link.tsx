import { useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** A link in a row of many: the router's own listens to every address there is, a thousand times. */
export function RowLink({
  to,
  title,
  children,
}: {
  to: string;
  title?: string;
  children: ReactNode;
}) {
  const router = useRouter();
  return (
    <a
      href={router.history.createHref(router.basepath + to)}
      title={title}
      style={{ whiteSpace: 'nowrap' }}
      onClick={(event) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
          return;
        event.preventDefault();
        void router.navigate({ to });
      }}
    >
      {children}
    </a>
  );
}
