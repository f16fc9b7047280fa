// What the pseudo-locale does to a message: its letters get accents, its vowels are doubled, its words run from right
// to left, and the whole begins at the right. What was put into the message stays as it is, in a direction of its own.
import type { Disguise } from './disguise';

const overrideRight = '\u202e';
const endOverride = '\u202c';
const rightMark = '\u200f';
const isolate = '\u2068';
const endIsolate = '\u2069';

const plain = 'aceghijklnorstuwyzACEGHIJKLNORSTUWYZ';
const accented = 'áçéĝĥîĵķļñöŕšţûŵýžÁÇÉĜĤÎĴĶĻÑÖŔŠŢÛŴÝŽ';

/** Names of branches in messages, such as `private_message`: they are looked up and not shown. */
const code = /^[a-z][a-z0-9_]*$/;

function stretch(word: string): string {
  const long = word.replace(/[aeiou]/giu, '$&$&');
  return long.replace(/[a-z]/giu, (letter) => accented[plain.indexOf(letter)] ?? letter);
}

function mirror(text: string): string {
  return text.replace(/\p{L}+(?:[’']\p{L}+)*/gu, (word) => `${overrideRight}${stretch(word)}${endOverride}`);
}

/** The parts of a text that stand outside of every isolate are changed, the others kept. */
function changeOwn(text: string, change: (part: string) => string): string {
  let result = '';
  let part = '';
  let depth = 0;
  for (const sign of text) {
    if (sign === isolate && depth === 0) {
      result += change(part);
      part = '';
    }
    if (sign === isolate) depth += 1;
    part += sign;
    if (sign === endIsolate) depth -= 1;
    if (sign === endIsolate && depth === 0) {
      result += part;
      part = '';
    }
  }
  return result + (depth === 0 ? change(part) : part);
}

function isolated(value: unknown): unknown {
  return typeof value === 'string' && !code.test(value) ? `${isolate}${value}${endIsolate}` : value;
}

export const mirrored: Disguise = {
  message: (text) => `${rightMark}${changeOwn(text, mirror)}${rightMark}`,
  parameters: <P>(given: P): P =>
    typeof given === 'object' && given !== null
      ? (Object.fromEntries(Object.entries(given).map(([name, value]) => [name, isolated(value)])) as P)
      : given,
};
