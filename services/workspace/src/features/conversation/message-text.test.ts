import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partsOf } from './message-text.logic';
import { safeAddress } from './safe-address';

const linked = (text: string): string[] =>
  partsOf(text).flatMap((part) => (part.kind === 'link' ? [part.address] : []));

describe('the text of a message', () => {
  it('is shown whole, whatever it contains', () => {
    const texts = fc.array(
      fc.oneof(
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom('https://a.fr/x(1).', 'http://', ' «https://é.fr»', '\n'),
      ),
    );
    fc.assert(
      fc.property(texts, (pieces) => {
        const text = pieces.join('');
        expect(
          partsOf(text)
            .map((part) => part.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });

  it('links web addresses without the punctuation of the sentence', () => {
    expect(linked('Suivi : https://quai.to/7Kd2.')).toEqual(['https://quai.to/7Kd2']);
    expect(linked('(see https://a.org/b_(c)), and http://d.org/?e=f!')).toEqual([
      'https://a.org/b_(c)',
      'http://d.org/?e=f',
    ]);
  });

  it('sets handles and topics apart, and takes no address of e-mail for one', () => {
    const handles = (text: string): string[] =>
      partsOf(text).flatMap((part) => (part.kind === 'handle' ? [part.text] : []));
    expect(handles('@quai_aide, ask ana@quai.fr or @léa.p. #Soldes!')).toEqual([
      '@quai_aide',
      '@léa.p',
      '#Soldes',
    ]);
    expect(handles('https://x.com/@quai_aide')).toEqual([]);
  });

  it('links nothing that could run', () => {
    expect(linked('javascript:alert(1) data:text/html,x')).toEqual([]);
    expect(safeAddress('javascript:alert(1)')).toBeNull();
    expect(safeAddress('data:text/html,x')).toBeNull();
    expect(safeAddress('//a.org/x')).toBeNull();
    expect(safeAddress('')).toBeNull();
    expect(safeAddress('https://a.org/x')).toBe('https://a.org/x');
  });
});
