// The catalogues: same keys and arguments in every language, every key used, French typography, compiled file fresh.
import { readdirSync, readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { argumentsOf, languages, parseMessage, readCatalogue } from './compile-locales.mjs';

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
const code = readdirSync(source, { recursive: true })
  .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.gen.ts') && !/\.test\./.test(file))
  .map((file) => readFileSync(join(source, file), 'utf8'))
  .join('\n');
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

const compiled = spawnSync(process.execPath, ['scripts/compile-locales.mjs', '--check'], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  encoding: 'utf8',
});
if (compiled.status !== 0) faults.push(compiled.stderr.trim());

for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
