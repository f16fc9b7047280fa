// What was written and not yet sent survives on the real product: a tab that is killed, another conversation, a
// session that ended, and it is there on a second device.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { launch, openPage, putOffFirstChoice, signIn } from '../browser.mjs';
import { callAs, missingProduct, pause, Product } from '../product.mjs';

let browser;
let product;
let page;
let ids;
let count = 0;

const boxOf = (one) => one.locator('[data-region=composer] textarea').first();

describe('drafts', { skip: missingProduct }, () => {
  before(async () => {
    browser = await launch();
    product = await Product.start();
    const { accounts, personas } = await product.played();
    const account = accounts.find(({ network }) => network === 'x').account_id;
    for (const { key } of personas.slice(0, 2)) {
      await product.play('x/message', { account, author: key, text: 'Hello, is anybody there?' });
    }
    const first = await device();
    for (const end = Date.now() + 30_000; ; await pause(200)) {
      const { body } = await callAs(first, 'GET', '/conversations?queue=all&limit=10');
      ids = body.rows.map((row) => row.id);
      if (ids.length === 2) break;
      assert.ok(Date.now() < end, 'no conversations');
    }
    await first.context().close();
  });
  after(async () => {
    await browser?.close();
    await product?.stop();
  });
  beforeEach(async () => {
    page = await device();
  });
  afterEach(async () => {
    const { faults } = page;
    await page.context().close();
    assert.deepEqual(faults, []);
  });
  test('a draft is there after its tab was killed in the middle of a word', killed);
  test('a draft is there after one has answered somewhere else', switched);
  test('a draft is there after the session ended and was signed in again', expired);
  test('a draft is there on a second device, and goes there when it is sent here', secondDevice);
});

/** Another browser, signed in. */
async function device() {
  const one = await openPage(browser);
  one.context().setDefaultTimeout(30_000);
  await one.goto(product.url);
  await signIn(one, 'lea', product.passwordOf('lea'));
  await putOffFirstChoice(one);
  return one;
}

async function open(one, id) {
  await one.goto(`${product.url}/inbox/all/c/${id}`);
  await one.waitForSelector('[data-message]');
  await boxOf(one).waitFor();
}

const words = () => {
  count += 1;
  return `Unsent words ${count} ${Date.now()}`;
};

async function written(one, text) {
  await one.waitForFunction(
    (wanted) => document.querySelector('[data-region=composer] textarea')?.value === wanted,
    text,
  );
}

async function killed() {
  await open(page, ids[0]);
  const text = words();
  await boxOf(page).fill('');
  await boxOf(page).pressSequentially(text);
  // Nothing of the page runs any more: no handler that a closing tab would call.
  const context = page.context();
  const debug = await context.newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  debug.send('Page.crash').catch(() => undefined);
  await crashed;
  page = Object.assign(await context.newPage(), { faults: [] });
  await open(page, ids[0]);
  await written(page, text);
}

async function switched() {
  await open(page, ids[0]);
  const text = words();
  await boxOf(page).fill(text);
  await page.locator(`[data-row="${ids[1]}"] [data-row-link]`).click();
  await page.waitForURL(new RegExp(ids[1]));
  await page.waitForSelector('[data-message]');
  const other = words();
  await boxOf(page).fill(other);
  await page.locator(`[data-row="${ids[0]}"] [data-row-link]`).click();
  await page.waitForURL(new RegExp(ids[0]));
  await written(page, text);
  await page.locator(`[data-row="${ids[1]}"] [data-row-link]`).click();
  await page.waitForURL(new RegExp(ids[1]));
  await written(page, other);
}

async function expired() {
  await open(page, ids[0]);
  const text = words();
  await boxOf(page).fill(text);
  await page.context().clearCookies();
  // The question comes with the click's own request, or with one that the workspace makes before it.
  const asked = page.locator('[role=dialog] [name=password]');
  await Promise.any([page.locator(`[data-row="${ids[1]}"] [data-row-link]`).click(), asked.waitFor()]);
  await asked.waitFor();
  await page.fill('[role=dialog] [name=password]', product.passwordOf('lea'));
  await page.keyboard.press('Enter');
  await page.waitForSelector('[role=dialog]', { state: 'detached' });
  await page.locator(`[data-row="${ids[0]}"] [data-row-link]`).click();
  await page.waitForURL(new RegExp(ids[0]));
  await written(page, text);
}

async function secondDevice() {
  const other = await device();
  await open(page, ids[1]);
  const text = words();
  await boxOf(page).fill(text);
  // It goes out after a moment of rest.
  await pause(3_500);
  await open(other, ids[1]);
  await written(other, text);
  const more = `${text}, and more`;
  await boxOf(other).fill(more);
  await written(page, more);
  await boxOf(page).press('Control+Enter');
  await page.locator('[data-message]', { hasText: more }).waitFor();
  await written(other, '');
  await other.context().close();
}
