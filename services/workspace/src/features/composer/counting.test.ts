import { describe, expect, it } from 'vitest';
import { lengthOf, loadWeighing } from './counting';

describe('the length of a text', () => {
  it('is in characters what people would count as one, not half a pair', () => {
    expect(lengthOf('characters', 'été 😢', null)).toBe(5);
  });

  it('is in bytes what travels', () => {
    expect(lengthOf('bytes', 'é😢', null)).toBe(6);
  });

  it('is not known on X before its rules are here', () => {
    expect(lengthOf('x_weighted', 'abc', null)).toBeNull();
  });

  it.each([
    ['plain', 'Bonjour', 7],
    ['an address counts 23 however long it is', `Voir https://example.com/${'a'.repeat(200)}`, 28],
    ['an address without a scheme counts the same', 'Voir example.com/a', 28],
    ['Chinese weighs two', '你好', 4],
    ['an emoji weighs two, of however many parts', '👨‍👩‍👧‍👦', 2],
    ['an accent that follows its letter is one with it', 'e\u0301', 1],
  ])('weighs on X as X does: %s', async (_, text, expected) => {
    expect(lengthOf('x_weighted', text, await loadWeighing())).toBe(expected);
  });
});
