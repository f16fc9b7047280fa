import { describe, expect, it } from 'vitest';
import type { Preferences, SharedPreferences } from '../../api/settings-types';
import { isSame, type Known, nextStep } from './preferences.logic';

const keyboard = { single_letters: true, send_with_enter: false, keys: {} };
const plain: SharedPreferences = { appearance: 'system', language: 'system', keyboard };
const dark: SharedPreferences = { ...plain, appearance: 'dark' };
const french: SharedPreferences = { ...plain, language: 'fr' };
const nine = '2026-11-23T09:00:00.000Z';
const ten = '2026-11-23T10:00:00.000Z';

const says = (values: SharedPreferences, rev: number, written: string | null = null): Preferences => ({
  ...values,
  written_at: written,
  rev,
});
const heard = (values: SharedPreferences, rev: number, member = 'lea'): Known => ({ member, rev, values });

describe('what two devices say', () => {
  it('is taken from the server when nothing was chosen here', () => {
    expect(nextStep('lea', { values: plain, changedAt: null }, null, says(dark, 3))).toBe('take');
    expect(nextStep('lea', { values: plain, changedAt: null }, null, says(plain, 0))).toBe('nothing');
    expect(nextStep('lea', { values: plain, changedAt: nine }, heard(plain, 2), says(dark, 3))).toBe('take');
  });

  it('is told to the server when it was chosen here since', () => {
    expect(nextStep('lea', { values: dark, changedAt: nine }, heard(plain, 3), says(plain, 3))).toBe('put');
    expect(nextStep('lea', { values: dark, changedAt: nine }, null, says(plain, 0))).toBe('put');
  });

  it('is the newer word when both chose meanwhile', () => {
    const mine = { values: dark, changedAt: ten };
    expect(nextStep('lea', mine, heard(plain, 3), says(french, 4, nine))).toBe('put');
    expect(nextStep('lea', { ...mine, changedAt: nine }, heard(plain, 3), says(french, 4, ten))).toBe('take');
  });

  it('is never somebody else’s who used this browser', () => {
    const left = { values: dark, changedAt: ten };
    expect(nextStep('noah', left, heard(dark, 7), says(french, 2, nine))).toBe('take');
    expect(nextStep('noah', left, heard(plain, 7), says(plain, 0))).toBe('nothing');
  });

  it('is the same whatever the order in which keys were chosen', () => {
    const one = { ...plain, keyboard: { ...keyboard, keys: { a: 'x', b: 'y' } } };
    const other = { ...plain, keyboard: { ...keyboard, keys: { b: 'y', a: 'x' } } };
    expect(isSame(one, other)).toBe(true);
    expect(isSame(one, plain)).toBe(false);
  });
});
