// Everything that must hold before the workspace is built into the product; quick checks first.
//   node scripts/check.mjs              all of it (the bundle's budgets need a build: `npm run build`)
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const node = process.execPath;
const oxlint = join(root, 'node_modules/oxlint/bin/oxlint');
const lint = [oxlint, '--config', join(root, '.oxlintrc.json'), '--deny-warnings', '--quiet', '.'];
// They have no tools of their own beyond what drives the browser.
const browserTests = fileURLToPath(new URL('../../../tests/browser', import.meta.url));
const checks = [
  ['lint', node, lint],
  ['lint of the browser tests', node, lint, browserTests],
  ['catalogues', node, ['scripts/check-i18n.mjs']],
  ['imports and styles', node, ['scripts/check-source.mjs']],
  [
    'format',
    node,
    [
      'node_modules/prettier/bin/prettier.cjs',
      '--check',
      '--log-level',
      'warn',
      '.',
      '../../tests/browser/**/*.mjs',
    ],
  ],
  ['types', node, ['node_modules/typescript/bin/tsc', '--noEmit']],
  ['generated types', node, ['scripts/generate-types.mjs', '--check']],
  ['bundle', node, ['scripts/check-bundle.mjs']],
];

let failed = 0;
for (const [name, command, args, cwd = root] of checks) {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  const isGood = status === 0;
  if (!isGood) failed += 1;
  console.log(`${isGood ? 'ok  ' : 'FAIL'} ${name} (${Math.round(performance.now() - start)} ms)`);
  const words = `${stdout}${stderr}`.trim();
  if (words && (!isGood || name === 'bundle' || name === 'generated types')) console.log(words);
}
console.log(`${checks.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
