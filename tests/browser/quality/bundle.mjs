// Q1, Q2: what the first view fetches, and what each later part adds, as gzip at its best.
import { readFileSync } from 'node:fs';

const built = new URL('../../../services/workspace/dist/build.json', import.meta.url);

export function bundle() {
  const { files, initial } = JSON.parse(readFileSync(built, 'utf8'));
  const size = (names, of) => names.reduce((sum, name) => sum + files[name][of], 0) / 1024;
  const later = Object.keys(files).filter((name) => name.endsWith('.js') && !initial.js.includes(name));
  const largest = later.toSorted((a, b) => files[b].gz - files[a].gz)[0];
  // The faces of the first view; the extended one is fetched when a name needs it.
  const fonts = Object.keys(files).filter((name) => name.endsWith('.woff2') && !name.includes('latin-ext'));
  return [
    { goal: 'Q1', what: 'scripts of the first view', value: size(initial.js, 'gz'), target: 200, unit: 'KB' },
    {
      goal: 'Q1',
      what: `largest later part (${largest.replace(/^assets\/|-[^-]*$/g, '')})`,
      value: size([largest], 'gz'),
      target: 60,
      unit: 'KB',
    },
    { goal: 'Q2', what: 'styles of the first view', value: size(initial.css, 'gz'), target: 20, unit: 'KB' },
    { goal: 'Q2', what: 'fonts of the first view', value: size(fonts, 'bytes'), target: 55, unit: 'KB' },
  ];
}
