// What the first view costs, against its budgets (kilobytes; scripts and styles as gzip, fonts as they are).
import { readFileSync } from 'node:fs';

const budgets = { scripts: 200, styles: 20, fonts: 55 };
const built = new URL('../dist/build.json', import.meta.url);

let build;
try {
  build = JSON.parse(readFileSync(built, 'utf8'));
} catch {
  console.error('there is no build to measure: run `npm run build` first');
  process.exit(1);
}
const size = (files, of) => files.reduce((sum, file) => sum + build.files[file][of], 0) / 1024;
// Latin faces only: the extended one is fetched when a name needs it.
const fonts = Object.keys(build.files).filter(
  (file) => file.endsWith('.woff2') && !file.includes('latin-ext'),
);
const costs = {
  scripts: size(build.initial.js, 'gz'),
  styles: size(build.initial.css, 'gz'),
  fonts: size(fonts, 'bytes'),
};
for (const [what, budget] of Object.entries(budgets)) {
  const isOver = costs[what] > budget;
  console.log(`${what} ${costs[what].toFixed(1)} of ${budget} KB${isOver ? ': over the budget' : ''}`);
  if (isOver) process.exitCode = 1;
}
