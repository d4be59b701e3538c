export type Theme = 'system' | 'light' | 'dark';
const NAME = 'gatewright.theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

export const themeNow = (): Theme => (localStorage.getItem(NAME) as Theme | null) ?? 'system';

export function applyTheme(theme: Theme = themeNow()): void {
  const isDark = theme === 'dark' || (theme === 'system' && dark.matches);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
}

export function setTheme(theme: Theme): void {
  if (theme === 'system') localStorage.removeItem(NAME);
  else localStorage.setItem(NAME, theme);
  applyTheme(theme);
}

dark.addEventListener('change', () => applyTheme());
