// Compiles locales/<language>/<area>.json (ICU messages) into typed functions: src/i18n/messages.gen.ts.
//   node scripts/compile-locales.mjs            writes the file
//   node scripts/compile-locales.mjs --check    fails when the file is stale
// Supported: {name}, {name, number}, {name, plural, one {# …} other {# …}}, {name, select, a {…} other {…}}.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('..', import.meta.url);
const target = fileURLToPath(new URL('src/i18n/messages.gen.ts', root));
export const languages = ['en', 'fr'];

export function readCatalogue(language) {
  const folder = new URL(`locales/${language}/`, root);
  const catalogue = new Map();
  for (const file of readdirSync(folder).toSorted()) {
    const area = file.replace(/\.json$/, '');
    for (const [key, text] of Object.entries(JSON.parse(readFileSync(new URL(file, folder), 'utf8')))) {
      catalogue.set(`${area}.${key}`, text);
    }
  }
  return catalogue;
}

class Parser {
  #at = 0;

  constructor(text) {
    this.text = text;
  }

  fail(what) {
    throw new Error(`${what} at ${this.#at} in ${JSON.stringify(this.text)}`);
  }

  get next() {
    return this.text[this.#at];
  }

  get isDone() {
    return this.#at >= this.text.length;
  }

  skip() {
    while (/\s/.test(this.next ?? '')) this.#at += 1;
  }

  word() {
    this.skip();
    const found = /^[=\w]+/.exec(this.text.slice(this.#at));
    if (!found) this.fail('a name was expected');
    this.#at += found[0].length;
    this.skip();
    return found[0];
  }

  expect(sign) {
    this.skip();
    if (this.next !== sign) this.fail(`"${sign}" was expected`);
    this.#at += 1;
  }

  branches(counted) {
    const found = {};
    this.skip();
    while (this.next !== '}') {
      const name = this.word();
      this.expect('{');
      found[name] = this.parts(counted);
      this.expect('}');
      this.skip();
    }
    if (!found.other) this.fail('the branch "other" is missing');
    return found;
  }

  argument() {
    this.expect('{');
    const name = this.word();
    let part = { kind: 'value', name };
    if (this.next === ',') {
      this.#at += 1;
      const kind = this.word();
      if (kind === 'number') part = { kind, name };
      else if (kind === 'plural' || kind === 'select') {
        this.expect(',');
        part = { kind, name, branches: this.branches(kind === 'plural' ? name : undefined) };
      } else this.fail(`the format "${kind}" is not supported`);
    }
    this.expect('}');
    return part;
  }

  /** `counted` is the argument that # stands for, inside a plural. */
  parts(counted) {
    const list = [];
    while (!this.isDone && this.next !== '}') {
      if (this.next === '{') list.push(this.argument());
      else if (this.next === '#' && counted) {
        list.push({ kind: 'number', name: counted });
        this.#at += 1;
      } else list.push({ kind: 'text', text: this.literal(counted) });
    }
    return list;
  }

  literal(counted) {
    const [found] = (counted ? /^[^{}#]+/ : /^[^{}]+/).exec(this.text.slice(this.#at));
    this.#at += found.length;
    return found;
  }
}

/** Parses one ICU message into a list of parts; throws with the position of a mistake. */
export function parseMessage(text) {
  const parser = new Parser(text);
  const list = parser.parts();
  if (!parser.isDone) parser.fail('an unexpected "}"');
  return list;
}

/** The arguments of a message with their types: number for plural and number, string otherwise. */
export function argumentsOf(parts, found = new Map()) {
  for (const part of parts) {
    if (part.kind === 'text') continue;
    const type = part.kind === 'number' || part.kind === 'plural' ? 'number' : 'string';
    if (found.get(part.name) !== 'number') found.set(part.name, type);
    for (const branch of Object.values(part.branches ?? {})) argumentsOf(branch, found);
  }
  return found;
}

function emit(parts, language) {
  if (parts.length === 0) return "''";
  return parts.map((part) => emitPart(part, language)).join(' + ');
}

function emitPart(part, language) {
  const value = `p.${part.name}`;
  if (part.kind === 'text') return JSON.stringify(part.text);
  if (part.kind === 'value') return value;
  if (part.kind === 'number') return `number('${language}', ${value})`;
  const branches = Object.entries(part.branches)
    .map(([name, branch]) => `${JSON.stringify(name)}: ${emit(branch, language)}`)
    .join(', ');
  if (part.kind === 'plural') return `plural('${language}', ${value}, { ${branches} })`;
  return `select(${value}, { ${branches} })`;
}

function emitFunction(text, language) {
  const parts = parseMessage(text);
  return argumentsOf(parts).size > 0 ? `(p) => ${emit(parts, language)}` : `() => ${emit(parts, language)}`;
}

function compile() {
  const lines = [
    '// Made by scripts/compile-locales.mjs from locales/. Do not edit.',
    "import { number, plural, select } from './icu';",
    '',
    'export interface Messages {',
  ];
  for (const [key, text] of readCatalogue('en')) {
    const list = [...argumentsOf(parseMessage(text))].map(([name, type]) => `${name}: ${type}`);
    lines.push(`  '${key}': (${list.length > 0 ? `p: { ${list.join('; ')} }` : ''}) => string;`);
  }
  lines.push('}', '');
  for (const language of languages) {
    lines.push(`export const ${language}: Messages = {`);
    for (const [key, text] of readCatalogue(language)) {
      lines.push(`  '${key}': ${emitFunction(text, language)},`);
    }
    lines.push('};', '');
  }
  return lines.join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const made = compile();
  if (process.argv.includes('--check')) {
    if (readFileSync(target, 'utf8') !== made) {
      console.error('src/i18n/messages.gen.ts is stale: run `npm run locales`');
      process.exit(1);
    }
  } else {
    writeFileSync(target, made);
  }
}
