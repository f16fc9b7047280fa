// Single-letter keys can be turned off, or be others (WCAG 2.1.4); speech input and stray presses would trigger them.
import { useSyncExternalStore } from 'react';
import { Kept, Setting } from './setting';

export const letterKeysSetting = new Setting<'on' | 'off'>('guichet.letter-keys', ['on', 'off'], true);

export function areLetterKeysOn(): boolean {
  return letterKeysSetting.value !== 'off';
}

export function useLetterKeys(): boolean {
  return useSyncExternalStore(letterKeysSetting.subscribe, areLetterKeysOn);
}

export function chooseLetterKeys(isOn: boolean): void {
  letterKeysSetting.set(isOn ? 'on' : 'off');
}

/** Keys of the member's own, by the command that they are for. */
export type OwnKeys = Readonly<Record<string, string>>;

const none: OwnKeys = {};

function isOwnKeys(value: unknown): value is OwnKeys {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((key) => typeof key === 'string');
}

export const ownKeysSetting = new Kept<OwnKeys>('guichet.own-keys', {
  read: (stored) => {
    const value: unknown = JSON.parse(stored);
    return isOwnKeys(value) ? value : null;
  },
  write: (value) => JSON.stringify(value),
  isShared: true,
});

export function ownKeys(): OwnKeys {
  return ownKeysSetting.value ?? none;
}

export function useOwnKeys(): OwnKeys {
  return useSyncExternalStore(ownKeysSetting.subscribe, ownKeys);
}

/** Null gives the command back the key of the table. */
export function chooseKey(command: string, key: string | null): void {
  const { [command]: _, ...others } = ownKeys();
  ownKeysSetting.set(key === null ? others : { ...others, [command]: key });
}

export function forgetOwnKeys(): void {
  ownKeysSetting.set(null);
}
