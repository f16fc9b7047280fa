import { describe, expect, it } from 'vitest';
import { addressesIn, asPreviewed, choicesOf, keptOrdinals } from './links.logic';
import { addressesOnX } from './x-text';

describe('the addresses of a text', () => {
  it('end where the sentence around them goes on', () => {
    expect(addressesIn('(see https://a.org/b_(c)), « http://d.org/?e=f », https://é.fr.')).toEqual([
      'https://a.org/b_(c)',
      'http://d.org/?e=f',
      'https://é.fr',
    ]);
    expect(addressesIn('ahttps://a.fr https://')).toEqual([]);
  });

  it('are on X those that X’s own rules find', () => {
    expect(addressesOnX('see quai.fr and https://quai.fr/x, @https')).toEqual(['https://quai.fr/x']);
  });

  it('are left long together, however often one stands in the text', () => {
    const links = asPreviewed(['https://a.fr', 'https://b.fr', 'https://a.fr']);
    expect(choicesOf(links, ['https://a.fr']).map(({ url, staysLong }) => [url, staysLong])).toEqual([
      ['https://a.fr', true],
      ['https://b.fr', false],
    ]);
    expect(keptOrdinals(links, ['https://a.fr'])).toEqual([0, 2]);
  });
});
