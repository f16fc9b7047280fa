// The quality goals of the workspace: each is measured, printed beside its target, and gated: sizes, counts and
// accessibility at the target itself, timings at one and a half of it, because the machine may be a shared one.
import { appendFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { availableParallelism, homedir, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { launch } from '../browser.mjs';
import { missingProduct, Product } from '../product.mjs';
import { access } from './access.mjs';
import { bundle } from './bundle.mjs';
import { conversation } from './conversation.mjs';
import { firstView } from './first-view.mjs';
import { keyboardJob } from './keyboard-job.mjs';
import { lists } from './lists.mjs';

/** Which goals a part measures, and whether it needs the whole product. */
const parts = [
  { goals: ['Q1', 'Q2'], measure: bundle },
  { goals: ['Q7', 'Q8', 'Q9', 'Q20'], measure: lists },
  { goals: ['Q11', 'Q12', 'Q13'], measure: conversation },
  { goals: ['Q4', 'Q6'], measure: firstView, isWhole: true },
  { goals: ['Q16'], measure: keyboardJob, isWhole: true },
  { goals: ['Q15'], measure: access, isWhole: true },
];

const wanted = process.argv.slice(2);
const chosen = parts.filter(
  ({ goals }) => wanted.length === 0 || goals.some((goal) => wanted.includes(goal)),
);
const results = [];
/** How many wanted a processor at the same time, over the minute before: a busy machine explains slow figures. */
const busy = () => Math.round(loadavg()[0] * 100) / 100;
const load = { processors: availableParallelism(), before: busy() };
let browser;
let product;

try {
  for (const { goals, measure, isWhole } of chosen) {
    console.log(`# measuring ${goals.join(', ')} …`);
    const began = performance.now();
    browser ??= await launch();
    if (isWhole && missingProduct) throw new Error(missingProduct);
    if (isWhole) product ??= await Product.start();
    try {
      results.push(...(await measure({ browser, product })));
    } catch (error) {
      // What could not be measured is not met.
      for (const goal of goals) results.push({ goal, what: 'could not be measured', error: error.message });
      console.error(error);
    }
    console.log(`#   ${Math.round((performance.now() - began) / 1_000)} s`);
  }
} finally {
  await browser?.close();
  await product?.stop();
}

const order = (goal) => Number(goal.slice(1));
const shown = results
  .filter(({ goal }) => wanted.length === 0 || wanted.includes(goal))
  .toSorted((a, b) => order(a.goal) - order(b.goal))
  .map((result) => Object.assign(result, judged(result)));

function judged({ value, target, atLeast = false, slack = 1, error }) {
  if (error) return { limit: null, isMet: false, isPassed: false };
  const limit = atLeast ? target / slack : target * slack;
  const within = (bound) => (atLeast ? value >= bound : value <= bound);
  return { limit, isMet: within(target), isPassed: within(limit) };
}

const number = (value) => (Number.isInteger(value) ? String(value) : value.toFixed(value < 0.1 ? 4 : 1));
const width = Math.max(...shown.map(({ what }) => what.length), 0);
for (const result of shown) {
  const { goal, what, value, target, floor, unit = '', atLeast, limit, isMet, isPassed, error } = result;
  const words = isMet ? 'met' : isPassed ? 'within the gate' : 'MISSED';
  const sign = atLeast ? '≥' : '≤';
  const figures = error
    ? error.split('\n')[0]
    : `${number(value).padStart(8)} ${unit.padEnd(6)} target ${sign} ${number(target)}, gate ${sign} ${number(limit)}`;
  const beside = floor === undefined ? '' : `, a plain page of this machine ${number(floor)}`;
  console.log(`${goal.padEnd(4)} ${what.padEnd(width)} ${figures}  ${words}${beside}`);
}
load.after = busy();
console.log(`# load of ${load.processors} processors: ${load.before} before, ${load.after} after`);

const folder = process.env.GUICHET_QUALITY ?? mkdtempSync(join(tmpdir(), 'guichet-quality-'));
mkdirSync(folder, { recursive: true });
const record = { at: new Date().toISOString(), load, results: shown };
writeFileSync(join(folder, 'quality.json'), `${JSON.stringify(record, null, 2)}\n`);
const trend = join(homedir(), '.cache/guichet/quality.jsonl');
mkdirSync(join(trend, '..'), { recursive: true });
const brief = shown.map(({ goal, what, value, isMet }) => ({ goal, what, value, isMet }));
appendFileSync(trend, `${JSON.stringify({ at: record.at, load, results: brief })}\n`);
console.log(`# figures in ${join(folder, 'quality.json')}, one line more in ${trend}`);

const passed = shown.filter(({ isPassed }) => isPassed).length;
console.log(`${passed} passed, ${shown.length - passed} failed`);
process.exitCode = passed === shown.length && shown.length > 0 ? 0 : 1;
