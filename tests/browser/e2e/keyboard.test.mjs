// The reading agent's work without a pointer; the focus is never lost to the page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage } from '../browser.mjs';
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
    await page.waitForTimeout(60);
    const isLost = await page.evaluate(() => document.activeElement === document.body);
    assert.ok(!isLost, `the focus was lost by ${key}`);
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
  assert.equal(address(), '/inbox/new/c/conv_nobody');
  await press('j', 'j', 'j');
  assert.equal(address(), '/inbox/new/c/conv_amelie');
  assert.equal(await focusedRow(), 'conv_amelie');
  await press('k', 'j');
  assert.equal(address(), '/inbox/new/c/conv_amelie');

  await press('Enter');
  await page.waitForFunction(() => document.activeElement?.closest('[data-region=timeline]') !== null);
  const { messages } = gateway.conversations.get('conv_amelie');
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
  await page.waitForSelector('[role=dialog]');
  await page.keyboard.press('Escape');
  await page.waitForSelector('[role=dialog]', { state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement === document.body), false);
  assert.deepEqual(page.faults, []);
});
