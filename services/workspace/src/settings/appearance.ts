// The theme: the system's unless the member chose one. `public/appearance.js` applies it before the first paint.
import { useSyncExternalStore } from 'react';
import { Setting } from './setting';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const setting = new Setting<Theme>('guichet.theme', themes);

export function useTheme(): Theme {
  return useSyncExternalStore(setting.subscribe, () => setting.value ?? 'system');
}

export function chooseTheme(theme: Theme): void {
  setting.set(theme);
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}
