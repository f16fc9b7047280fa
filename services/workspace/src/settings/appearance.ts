// The theme: the system's unless the member chose one. `public/appearance.js` applies it before the first paint.
import { useSyncExternalStore } from 'react';
import { Setting } from './setting';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export const themeSetting = new Setting<Theme>('guichet.theme', themes, true);

function paint(): void {
  const theme = themeSetting.value ?? 'system';
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}
themeSetting.subscribe(paint);

export function useTheme(): Theme {
  return useSyncExternalStore(themeSetting.subscribe, () => themeSetting.value ?? 'system');
}

export function chooseTheme(theme: Theme): void {
  themeSetting.set(theme);
}
