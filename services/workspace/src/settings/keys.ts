// Single-letter keys can be turned off (WCAG 2.1.4); speech input and stray presses would trigger them.
import { useSyncExternalStore } from 'react';
import { Setting } from './setting';

const setting = new Setting<'on' | 'off'>('guichet.letter-keys', ['on', 'off']);

export function areLetterKeysOn(): boolean {
  return setting.value !== 'off';
}

export function useLetterKeys(): boolean {
  return useSyncExternalStore(setting.subscribe, areLetterKeysOn);
}

export function chooseLetterKeys(isOn: boolean): void {
  setting.set(isOn ? 'on' : 'off');
}
