import { afterEach, describe, expect, it } from 'vitest';
import { directionOf } from './direction';
import { wear } from './disguise';
import { mirrored } from './pseudo';
import { translate } from './t';

const plainOf = (text: string): string => text.replaceAll(/[\u202a-\u202e\u2066-\u2069\u200f]/g, '');

afterEach(() => wear(null));

describe('the pseudo-locale', () => {
  it('runs from right to left, word by word, with accents and more room taken', () => {
    wear(mirrored);
    const said = translate('en', 'inbox.pending');
    expect(said).toBe('\u200f\u202ePééñdîîñĝ\u202c\u200f');
    expect(directionOf('en')).toBe('rtl');
  });

  it('leaves alone what is put into a message, and finds the branch that it names', () => {
    wear(mirrored);
    const unseen = plainOf(translate('en', 'inbox.unseen', { count: 1234 }));
    expect(unseen).toContain('1,234');
    expect(translate('en', 'inbox.someone', { network: 'Facebook <b>' })).toContain(
      '\u2068Facebook <b>\u2069',
    );
    const own = mirrored.message('By \u2068Zoé at \u2068Ana\u2069\u2069 now');
    expect(own).toContain('\u2068Zoé at \u2068Ana\u2069\u2069');
    expect(plainOf(own)).toBe('Bý Zoé at Ana ñööŵ');
  });

  it('is worn by nobody who did not ask', () => {
    expect(translate('en', 'inbox.pending')).toBe('Pending');
    expect(directionOf('en')).toBe('ltr');
  });
});
