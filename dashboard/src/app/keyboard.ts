import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { address, PLACES } from './pages';

export const SHORTCUTS = 'gatewright.shortcuts';

/** `⌘K`, `/`, and `g` with a letter. Single keys can be switched off (WCAG 2.1.4). */
export function useShortcuts(on: {
  organization: string | null;
  project: string;
  mode: string;
  palette: () => void;
}): void {
  const navigate = useNavigate();
  const { organization, project, mode, palette } = on;
  useEffect(() => {
    let going = 0;
    const pressed = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        palette();
        return;
      }
      const typing = (event.target as HTMLElement).closest('input,textarea,select,dialog');
      const off = localStorage.getItem(SHORTCUTS) === 'off';
      if (typing || off || event.metaKey || event.ctrlKey || event.altKey) return;
      if (event.key === '/') {
        const filter = document.querySelector<HTMLElement>('[data-filter]');
        if (filter) {
          event.preventDefault();
          filter.focus();
        }
        return;
      }
      if (Date.now() - going < 1500 && organization) {
        const place = PLACES.find((each) => each.key === event.key);
        going = 0;
        if (place) void navigate({ to: address(organization, place, project, mode) });
        return;
      }
      if (event.key === 'g') going = Date.now();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [navigate, organization, project, mode, palette]);
}
