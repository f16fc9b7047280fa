import { describe, expect, it } from 'vitest';
import { directionOfText } from './direction';

describe('the direction of a text', () => {
  it('is that of its own words, not of the handles, topics and addresses in it', () => {
    expect(directionOfText('@MaisonLumiere متى يعاد فتح المتجر؟')).toBe('rtl');
    expect(directionOfText('https://a.fr/b #Quai שלום')).toBe('rtl');
    expect(directionOfText('@متجر bonjour')).toBe('ltr');
    expect(directionOfText('12:30 — Ça marche, ليلى')).toBe('ltr');
  });

  it('is left to the browser when there are no words', () => {
    expect(directionOfText('@quai 123 !')).toBe('auto');
    expect(directionOfText('')).toBe('auto');
  });
});
