// The reading agent's work without a pointer; the focus is never lost to the page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isLost, launch, openPage, until } from '../browser.mjs';
import { MockGateway, password } from '../mock-gateway.mjs';

let browser;
let gateway;
let page;

before(async () => {
  browser = await launch();
  gateway = await new MockGateway().start();
  page = await openPage(browser);
});
after(async () => {
  await browser.close();
  await gateway.close();
});

async function press(...keys) {
  for (const key of keys) {
    await page.keyboard.press(key);
    assert.ok(!(await isLost(page)), `the focus was lost by ${key}`);
  }
}

const address = () => new URL(page.url()).pathname;
const focusedRow = () => page.evaluate(() => document.activeElement?.closest('[data-row]')?.dataset.row);
const focusedMessage = () =>
  page.evaluate(() => document.activeElement?.closest('[data-message]')?.dataset.message);
const focusedRegion = () =>
  page.evaluate(() => document.activeElement?.closest('[data-region]')?.dataset.region);

test('an agent signs in, reads, moves between queues and conversations, and gets help, by keys alone', async () => {
  await page.goto(gateway.url);
  await page.waitForSelector('[name=login]:focus');
  await page.keyboard.type('ana');
  await press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-row]');

  await page.keyboard.press('j');
  await page.waitForFunction(() => document.activeElement?.closest('[data-row]') !== null);
  await until('the first is open', () => address() === '/inbox/new/c/conv_nobody');
  await press('j', 'j', 'j');
  await until('the fourth is open', () => address() === '/inbox/new/c/conv_amelie');
  assert.equal(await focusedRow(), 'conv_amelie');
  await press('k', 'j');
  await until('it is open again', () => address() === '/inbox/new/c/conv_amelie');

  await press('Enter');
  await page.waitForFunction(() => document.activeElement?.closest('[data-region=timeline]') !== null);
  const { messages } = gateway.conversations.get('conv_amelie');
  await page.waitForSelector(`[data-message="${messages.at(-1).id}"]`);
  await press('Alt+ArrowDown', 'Alt+ArrowUp');
  const here = await focusedMessage();
  await press('Alt+ArrowUp');
  const order = messages.map((each) => each.id);
  assert.equal(order.indexOf(await focusedMessage()), order.indexOf(here) - 1);

  await page.keyboard.press('Escape');
  await page.waitForFunction(() => location.pathname === '/inbox/new');
  await page.waitForFunction(() => document.activeElement?.closest('[data-row]') !== null);
  assert.equal(await focusedRow(), 'conv_amelie');

  await page.keyboard.press('g');
  await page.keyboard.press('p');
  await page.waitForSelector('[data-row=conv_kofi]');
  assert.equal(address(), '/inbox/pending');
  await page.waitForFunction(() => document.activeElement?.closest('[data-region=list]') !== null);

  const regions = [];
  for (let times = 0; times < 5; times += 1) {
    await press('F6');
    regions.push(await focusedRegion());
  }
  assert.deepEqual([...new Set(regions)].toSorted(), ['list', 'queues', 'rail', 'top']);

  await press('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  for (const word of ['Reply (to the message in focus)', 'Send', 'Resolve', 'Why me? Why not yet?'])
    await sheet.getByText(word, { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await page.waitForSelector('[role=dialog]', { state: 'detached' });
  // The focus goes back in the frame after the sheet is gone.
  await page.waitForFunction(() => document.activeElement !== document.body);
  assert.deepEqual(page.faults, []);
});

test('a key that moves the focus has moved it before the next one is pressed', async () => {
  await page.goto(`${gateway.url}/inbox/new`);
  await page.waitForSelector('[data-connection=live]');
  const rows = await page.$$eval('[data-row]', (all) => all.map((row) => row.dataset.row));
  /** Where the focus is in the same moment: a person who types ahead waits for no frame. */
  const focusAfter = (key, how = {}) =>
    page.evaluate(
      ([pressed, held]) => {
        const event = new KeyboardEvent('keydown', {
          key: pressed,
          bubbles: true,
          cancelable: true,
          ...held,
        });
        document.activeElement.dispatchEvent(event);
        const { dataset } = document.activeElement.closest('[data-row],[data-item],[data-mode]') ?? {};
        return dataset?.row ?? dataset?.item ?? dataset?.mode;
      },
      [key, how],
    );
  assert.equal(await focusAfter('j'), rows[0]);
  assert.equal(await focusAfter('j'), rows[1]);
  assert.equal(await focusAfter('ArrowDown'), rows[2]);
  assert.equal(await focusAfter('End'), rows.at(-1));
  await page.goto(`${gateway.url}/inbox/new/c/conv_amelie`);
  const { messages } = gateway.conversations.get('conv_amelie');
  await page.locator(`[data-message="${messages.at(-1).id}"]`).focus();
  const alt = { altKey: true };
  assert.equal(await focusAfter('ArrowUp', alt), messages.at(-2).id);
  assert.equal(await focusAfter('ArrowUp', alt), messages.at(-3).id);
  assert.equal(await focusAfter('r'), 'reply');
  assert.equal(await focusAfter('Escape'), messages.at(-3).id);
  assert.equal(await focusAfter('n'), 'note');
  assert.deepEqual(page.faults, []);
});
