// Q16: the main job on the real product without a pointer: signing in, Available, taking what is handed over,
// answering by direct message with a short link, a note, Pending, reopening, resolving, going on.
import { openPage } from '../browser.mjs';

const patience = 20_000;

export async function keyboardJob({ browser, product }) {
  const page = await openPage(browser);
  page.context().setDefaultTimeout(patience);
  const keys = { presses: 0, lost: [] };
  try {
    await job(page, product, pressing(page, keys));
  } finally {
    await page.context().close();
  }
  return [
    { goal: 'Q16', what: 'key presses of the main job', value: keys.presses, target: 25 },
    { goal: 'Q16', what: 'presses that lost the focus', value: keys.lost.length, target: 0 },
    { goal: 'Q16', what: 'faults of script or policy', value: page.faults.length, target: 0 },
  ];
}

function pressing(page, keys) {
  const press = async (...names) => {
    for (const name of names) {
      keys.presses += 1;
      await page.keyboard.press(name);
      await page.waitForTimeout(150);
      if (await page.evaluate(() => document.activeElement === document.body)) {
        keys.lost.push(name);
        console.log(`# the focus was lost by ${name}`);
      }
    }
  };
  press.count = () => (keys.presses += 1);
  return press;
}

const inBox = (page) => page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
const state = (page, name) => page.waitForSelector(`header [data-state=${name}]`);

async function job(page, product, press) {
  const { accounts, personas } = await product.played();
  const account = accounts.find(({ network }) => network === 'x').account_id;
  const ask = (person, text) => product.play('x/mention', { account, author: personas[person].key, text });
  await page.goto(product.url);
  await page.waitForSelector('[name=login]:focus');
  await page.keyboard.type('noah');
  await press('Tab');
  await page.keyboard.type(product.passwordOf('noah'));
  // What is signed in to takes the place of the whole page, and the focus when it is there.
  press.count();
  await page.keyboard.press('Enter');
  await page.waitForSelector('[role=dialog] button:focus');
  await press('Enter');
  await page.waitForSelector('[data-availability=available]');
  await ask(0, `Where is my parcel ${Date.now()}?`);
  await page.waitForSelector('[data-offer]');
  await press('o');
  await page.waitForSelector('[data-message]');
  await inBox(page);

  await press('Alt+t', 'ArrowDown', 'Enter');
  await inBox(page);
  await press('Control+Shift+l');
  await page.keyboard.type('Please see https://example.com/parcels/where-they-are for the whole way.');
  await page.waitForTimeout(500);
  await press('Control+Enter');
  await page.locator('[data-message]', { hasText: 'Please see' }).waitFor();
  await state(page, 'pending');

  await press('Escape', 'n');
  await inBox(page);
  await page.keyboard.type('She was told where to look.');
  await press('Control+Enter');
  await page.locator('[data-note]', { hasText: 'She was told' }).waitFor();

  await press('Escape', 'Shift+E');
  await state(page, 'new');
  await press('p');
  await state(page, 'pending');
  await press('Shift+E');
  await state(page, 'new');
  await ask(1, `And where is mine ${Date.now()}?`);
  await page.waitForTimeout(500);
  await press('e');
  await state(page, 'resolved');
  const { pathname } = new URL(page.url());
  await press('j');
  await page.waitForURL((url) => url.pathname !== pathname && url.pathname.includes('/c/'));
}
