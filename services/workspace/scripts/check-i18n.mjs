// The catalogues: same keys and arguments in every language, every key used, French typography, compiled files
// fresh, and whoever shows a message that the first view does not have brings it along.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { argumentsOf, firstAreas, languages, parseMessage, readCatalogue } from './compile-locales.mjs';

const source = fileURLToPath(new URL('../src/', import.meta.url));
const faults = [];

const [reference, ...others] = languages.map((language) => [language, readCatalogue(language)]);
const shape = (text) => JSON.stringify([...argumentsOf(parseMessage(text))].toSorted());

for (const [language, catalogue] of others) {
  for (const key of reference[1].keys()) if (!catalogue.has(key)) faults.push(`${language} lacks ${key}`);
  for (const [key, text] of catalogue) {
    const other = reference[1].get(key);
    if (other === undefined) faults.push(`${reference[0]} lacks ${key}`);
    else if (shape(other) !== shape(text)) faults.push(`${key} takes other arguments in ${language}`);
  }
}

// A narrow no-break space before high punctuation, and the typographic apostrophe; arguments do not count.
for (const [key, text] of readCatalogue('fr')) {
  const words = literals(parseMessage(text));
  if (/[^\s\u202f][:;!?](\s|$)|[ \u00a0][:;!?]/u.test(words)) faults.push(`fr ${key}: space before ${words}`);
  if (words.includes("'")) faults.push(`fr ${key}: a straight apostrophe`);
}

function literals(parts) {
  return parts
    .map(
      (part) =>
        part.text ??
        Object.values(part.branches ?? { value: null })
          .map((branch) => (branch ? literals(branch) : 'x'))
          .join(' '),
    )
    .join('');
}

// A key is used when it is written in the source, whole or as a template such as `inbox.empty_${queue}_text`.
const sources = readdirSync(source, { recursive: true })
  .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.gen.ts') && !/\.test\./.test(file))
  .map((file) => [file, readFileSync(join(source, file), 'utf8')]);
const code = sources.map(([, text]) => text).join('\n');
const templates = [...code.matchAll(/`([a-z]+\.[a-z_]*\$\{[^`]*)`/g)].map(
  ([, template]) =>
    new RegExp(
      `^${template
        .split(/\$\{[^}]*\}/)
        .map((part) => part.replaceAll('.', '\\.'))
        .join('[a-z_]+')}$`,
    ),
);
for (const key of reference[1].keys()) {
  const isUsed = code.includes(`'${key}'`) || templates.some((template) => template.test(key));
  if (!isUsed) faults.push(`${key} is not used`);
}

// The table of commands names labels that only the help sheet shows.
const namesOnly = new Set(['commands/table.ts']);
const areas = new Set([...reference[1].keys()].map((key) => key.split('.')[0]));
for (const [file, text] of sources) {
  if (namesOnly.has(file)) continue;
  for (const area of areas) {
    const isShown = [...text.matchAll(new RegExp(`['\`](${area}\\.[a-z_]+)`, 'g'))].some(
      ([whole, key]) => whole.startsWith('`') || reference[1].has(key),
    );
    if (isShown && !firstAreas.has(area) && !text.includes(`i18n/areas/${area}.gen'`)) {
      if (process.argv.includes('--fix')) bringAlong(file, area);
      else
        faults.push(`${file} shows messages of ${area}: import i18n/areas/${area}.gen (or run with --fix)`);
    }
  }
}

function bringAlong(file, area) {
  const path = join(source, file);
  const text = readFileSync(path, 'utf8');
  const line = `import '${'../'.repeat(file.split('/').length - 1)}i18n/areas/${area}.gen';\n`;
  const first = text.search(/^import /m);
  writeFileSync(path, text.slice(0, first) + line + text.slice(first));
}

const compiled = spawnSync(process.execPath, ['scripts/compile-locales.mjs', '--check'], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  encoding: 'utf8',
});
if (compiled.status !== 0) faults.push(compiled.stderr.trim());

for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
