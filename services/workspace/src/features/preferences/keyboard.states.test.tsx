import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { chooseLanguage } from '../../i18n/language';
import { areLetterKeysOn, chooseLetterKeys, forgetOwnKeys, ownKeys } from '../../settings/keys';
import { brokenRules, renderScreen } from '../../testing/screen';
import { AppearancePage } from './appearance-page';
import { KeyboardPage } from './keyboard-page';

vi.setConfig({ testTimeout: 30_000 });

beforeEach(() => {
  localStorage.clear();
  chooseLanguage('en');
  chooseLetterKeys(true);
  forgetOwnKeys();
});
afterEach(cleanup);

const reply = 'Reply (to the message in focus)';
const keyOf = (command: string): HTMLElement =>
  screen.getByRole('button', { name: (name) => name.startsWith(`Change the key: ${command} `) });

async function press(key: string, more: object = {}): Promise<void> {
  await act(async () => fireEvent.keyDown(document.activeElement ?? document.body, { key, ...more }));
}

async function change(command: string): Promise<void> {
  const button = keyOf(command);
  button.focus();
  await act(async () => button.click());
}

describe('the keyboard', () => {
  it('gives a command another key, and its own back', async () => {
    const { container } = await renderScreen(<KeyboardPage />);
    expect(await brokenRules(container)).toEqual([]);
    await change(reply);
    await press('I');
    expect(ownKeys()).toEqual({ 'reply.focus': 'i' });
    expect(keyOf(reply).querySelector('kbd')?.textContent).toBe('I');
    await act(async () => screen.getByRole('button', { name: `Reset: ${reply}` }).click());
    expect(ownKeys()).toEqual({});
    expect(keyOf(reply).querySelector('kbd')?.textContent).toBe('R');
  });

  it('gives no key twice, takes single ones only, and leaves all as it was on Escape', async () => {
    await renderScreen(<KeyboardPage />);
    await change(reply);
    await press('j');
    expect(screen.getByText('Already taken: Next conversation')).toBeTruthy();
    await press('k', { ctrlKey: true });
    expect(screen.getByText('A single letter or sign, without Ctrl or Alt.')).toBeTruthy();
    await press('Escape');
    expect(ownKeys()).toEqual({});
    expect(keyOf(reply).querySelector('kbd')?.textContent).toBe('R');
  });

  it('has letters that can be turned off', async () => {
    await renderScreen(<KeyboardPage />);
    await act(async () => screen.getByRole('checkbox', { name: /Single-letter keys/ }).click());
    expect(areLetterKeysOn()).toBe(false);
  });
});

describe('the appearance', () => {
  it('follows the browser’s language until one is chosen', async () => {
    chooseLanguage(null);
    await renderScreen(<AppearancePage />);
    expect(screen.getByRole('radio', { name: 'As the browser', checked: true })).toBeTruthy();
    await act(async () => screen.getByRole('radio', { name: 'Français' }).click());
    expect(screen.getByText('Thème')).toBeTruthy();
  });
});
