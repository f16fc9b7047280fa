// The rules of the source that a linter does not know: which folder may import which, logical directions only,
// file size, names of files.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../src/', import.meta.url));
const longest = 300;

/** Who may import whom; a folder may always import itself. `top` is the files of src/ itself. */
const allowed = {
  api: [],
  settings: [],
  drafts: ['api'],
  live: ['api'],
  i18n: ['api', 'settings'],
  a11y: [],
  commands: ['i18n', 'settings', 'ui'],
  ui: ['api', 'i18n'],
  features: ['ui', 'live', 'drafts', 'api', 'commands', 'i18n', 'a11y', 'settings'],
  app: ['features', 'ui', 'live', 'drafts', 'api', 'commands', 'i18n', 'a11y', 'settings'],
  testing: ['live', 'api', 'drafts'],
  top: ['app', 'features', 'ui', 'live', 'api', 'i18n'],
};
/** Sides that break right-to-left; the logical ones are start and end. */
const sides =
  /(?<![\w-])-?(?:ml|mr|pl|pr|left|right|border-l|border-r|rounded-l|rounded-r|rounded-tl|rounded-tr|rounded-bl|rounded-br|scroll-ml|scroll-mr)-(?:\d|\[|auto|px|full)|text-(?:left|right)(?![\w-])/;

const faults = [];
const files = readdirSync(source, { recursive: true })
  .map((file) => file.split(sep).join('/'))
  .filter((file) => /\.(tsx?|css)$/.test(file) && !file.endsWith('.gen.ts'));

const folderOf = (path) => (path.includes('/') ? path.split('/')[0] : 'top');
const featureOf = (path) => (path.startsWith('features/') ? path.split('/')[1] : null);

function checkImport(file, target) {
  const path = relative(source, join(source, dirname(file), target))
    .split(sep)
    .join('/');
  // Tests may use what is made for tests; nothing else may.
  const from = folderOf(file);
  if (folderOf(path) === 'testing' && (from === 'testing' || /\.test\./.test(file))) return;
  const to = folderOf(path);
  if (from !== to && !allowed[from]?.includes(to)) faults.push(`${file}: ${from} may not import ${to}`);
  const [own, other] = [featureOf(file), featureOf(path)];
  const isInner = other !== null && own !== other && path.split('/').length > 2;
  if (isInner) faults.push(`${file}: import ${other} through its index`);
}

for (const file of files) {
  const text = readFileSync(join(source, file), 'utf8');
  const lines = text.split('\n').length;
  if (lines > longest) faults.push(`${file}: ${lines} lines, at most ${longest}`);
  if (!/^[a-z0-9./-]+$/.test(file)) faults.push(`${file}: names are kebab-case`);
  if (sides.test(text)) faults.push(`${file}: "${sides.exec(text)?.[0]}" is not a logical direction`);
  const usesReact = /from '(react|react-dom)'/.test(text);
  if (file.startsWith('live/') && usesReact && file !== 'live/select.ts') {
    faults.push(`${file}: only live/select.ts knows React`);
  }
  for (const [, target] of text.matchAll(/from '(\.[^']+)'/g)) checkImport(file, target);
}

for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
