// Compiles locales/<language>/<area>.json (ICU messages) into typed functions: src/i18n/messages.gen.ts for what the
// first view needs, src/i18n/areas/<area>.gen.ts for each other area, which comes with the part that imports it.
//   node scripts/compile-locales.mjs            writes the file
//   node scripts/compile-locales.mjs --check    fails when the file is stale
// Supported: {name}, {name, number}, {name, plural, one {# …} other {# …}}, {name, select, a {…} other {…}}.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('..', import.meta.url);
const folder = fileURLToPath(new URL('src/i18n/', root));
export const languages = ['en', 'fr'];
/** The areas of the first view; whoever shows a message of another one imports its file. */
export const firstAreas = new Set(['availability', 'inbox', 'notifications', 'session', 'shell', 'state']);

export function readCatalogue(language) {
  const area = (file) => new URL(`locales/${language}/${file}`, root);
  const catalogue = new Map();
  for (const file of readdirSync(area('')).toSorted()) {
    const name = file.replace(/\.json$/, '');
    for (const [key, text] of Object.entries(JSON.parse(readFileSync(area(file), 'utf8')))) {
      catalogue.set(`${name}.${key}`, text);
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

const areaOf = (key) => key.split('.')[0];

function emitCatalogue(language, wants) {
  return [...readCatalogue(language)]
    .filter(([key]) => wants(areaOf(key)))
    .map(([key, text]) => `  '${key}': ${emitFunction(text, language)},`);
}

function compileFirst() {
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
    lines.push(`export const ${language}: Partial<Messages> = {`);
    lines.push(...emitCatalogue(language, (area) => firstAreas.has(area)), '};', '');
  }
  return lines.join('\n');
}

function compileArea(area) {
  const linesOf = (language) => emitCatalogue(language, (each) => each === area).map((line) => `  ${line}`);
  const catalogues = languages.flatMap((language) => [`  ${language}: {`].concat(linesOf(language), '  },'));
  const body = ['addMessages({', ...catalogues, '});', ''].join('\n');
  const used = ['number', 'plural', 'select'].filter((name) => body.includes(`${name}(`));
  return [
    '// Made by scripts/compile-locales.mjs from locales/. Do not edit.',
    "import { addMessages } from '../t';",
    ...(used.length > 0 ? [`import { ${used.join(', ')} } from '../icu';`] : []),
    '',
    body,
  ].join('\n');
}

/** Every file that the catalogues make, by its path under src/i18n. */
function compile() {
  const areas = new Set([...readCatalogue('en').keys()].map(areaOf));
  const later = [...areas].filter((area) => !firstAreas.has(area));
  return new Map([
    ['messages.gen.ts', compileFirst()],
    ...later.map((area) => [`areas/${area}.gen.ts`, compileArea(area)]),
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const made = compile();
  mkdirSync(`${folder}areas`, { recursive: true });
  const old = readdirSync(`${folder}areas`).filter((file) => !made.has(`areas/${file}`));
  if (process.argv.includes('--check')) {
    const isFresh = ([file, text]) =>
      existsSync(folder + file) && readFileSync(folder + file, 'utf8') === text;
    if (old.length > 0 || ![...made].every(isFresh)) {
      console.error('src/i18n/messages.gen.ts or areas/ is stale: run `npm run locales`');
      process.exit(1);
    }
  } else {
    for (const [file, text] of made) writeFileSync(folder + file, text);
    for (const file of old) rmSync(`${folder}areas/${file}`);
  }
}
