// The one script that takes a picture of every screen.
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { launch } from '../browser.mjs';
import { missingProduct, Product } from '../product.mjs';
import { everyScreen } from './walk.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    look: { type: 'string' },
    readme: { type: 'boolean', default: false },
  },
});

const looks = [];
for (const theme of ['light', 'dark']) {
  for (const size of ['wide', 'narrow']) {
    for (const language of ['en', 'fr']) looks.push({ language, theme, direction: 'ltr', size });
    looks.push({ language: 'en', theme, direction: 'rtl', size });
  }
}
const nameOf = ({ language, theme, direction, size }) =>
  [direction === 'rtl' ? 'xb' : language, theme, direction, size].join('-');

/** What README.md shows: look and screen. */
const pictures = {
  'en-light-ltr-wide': { conversation: 'conversation', 'message-menu': 'actions', 'search-found': 'search' },
  'fr-dark-ltr-wide': { conversation: 'conversation-fr-dark' },
  'en-light-ltr-narrow': { 'conversation-arabic': 'narrow' },
};

const readmeFolder = fileURLToPath(new URL('../../../services/workspace/pictures/', import.meta.url));
const folder = values.readme
  ? readmeFolder
  : (positionals[0] ?? mkdtempSync(join(tmpdir(), 'guichet-screens-')));
mkdirSync(folder, { recursive: true });
console.log(`# pictures in ${folder}`);
if (missingProduct) {
  console.error(missingProduct);
  process.exit(1);
}

const isWanted = (look) =>
  (!values.look || nameOf(look) === values.look) && (!values.readme || pictures[nameOf(look)] !== undefined);
/** One has to be signed in first. */
function onlyOf(look) {
  const picked = values.readme ? `^(${Object.keys(pictures[nameOf(look)]).join('|')})$` : values.only;
  return picked === undefined ? undefined : new RegExp(`^first-choice$|${picked}`);
}

let taken = 0;
const faults = [];
const product = await Product.start();
const browser = await launch();
try {
  for (const look of looks.filter(isWanted)) {
    const name = nameOf(look);
    const began = Date.now();
    let ofLook = 0;
    await everyScreen({ browser, product, look, only: onlyOf(look) }, async (seen) => {
      const picture = values.readme ? pictures[name][seen.name] : `${name}-${seen.name}`;
      if (picture) {
        await seen.page.screenshot({ path: join(folder, `${picture}.png`) });
        taken += 1;
      }
      ofLook += 1;
      const said = [
        ...seen.violations,
        ...seen.clipped.map((text) => `cut off: ${text}`),
        ...seen.faults.splice(0),
      ];
      for (const each of said) faults.push(`${name} ${seen.name}: ${each}`);
    }).catch((error) => faults.push(error.message));
    console.log(`# ${name}: ${ofLook} screens, ${Math.round((Date.now() - began) / 1_000)} s`);
  }
} finally {
  await browser.close();
  await product.stop();
}
for (const each of faults) console.log(each);
console.log(`${taken} pictures, ${faults.length} faults`);
process.exitCode = faults.length === 0 && taken > 0 ? 0 : 1;
