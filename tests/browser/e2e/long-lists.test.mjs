// Long lists are held by their places, and what is under the pointer stays there while the world goes on.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { launch, openPage, signIn, until } from '../browser.mjs';
import { manyConversations, message } from '../fixtures/inbox.mjs';
import { MockGateway, password } from '../mock-gateway.mjs';

let browser;
let gateway;
let page;

before(async () => {
  browser = await launch();
});
after(() => browser.close());
beforeEach(async () => {
  gateway = await new MockGateway().start();
  page = await openPage(browser);
});
afterEach(async () => {
  const { faults } = page;
  await page.context().close();
  await gateway.close();
  assert.deepEqual(faults, []);
});

async function openInbox(path = '') {
  await page.goto(gateway.url + path);
  await signIn(page, 'ana', password);
}

function addMany(count) {
  for (const [id, conversation] of manyConversations(count)) gateway.conversations.set(id, conversation);
}

function write(id, text, from) {
  gateway.receive(message(id, { network: 'x', kind: 'mention', age: 0, author: from, text }), from);
}

const scroller = '[data-scroller=conversations]';

test('a long list of 50,000 is held by its places: a page, an index, and the rows in sight over the line', async () => {
  addMany(49_990);
  await openInbox();
  const total = gateway.lists.rows(new URLSearchParams('queue=new')).length;
  await page.waitForFunction(
    ([of, count]) => document.querySelector(of).scrollHeight > count * 80,
    [scroller, 49_000],
  );
  assert.equal(await page.getAttribute('[role=grid]', 'aria-rowcount'), String(total));
  const asked = () => gateway.requests.filter((each) => /GET \/conversations(\/index)?$/.test(each)).length;
  assert.equal(asked(), 2);
  await page.$eval(scroller, (element) => element.scrollTo(0, element.scrollHeight / 2));
  await page.waitForFunction(() => {
    const rows = [...document.querySelectorAll('[data-row]')];
    return rows.length > 8 && rows.filter((row) => row.textContent.includes('Question')).length > 8;
  });
  const inSight = await page.$eval('[data-row]:last-of-type', (row) =>
    Number(row.getAttribute('aria-rowindex')),
  );
  assert.ok(inSight > 20_000 && inSight < 30_000, `${inSight}`);
  await page.locator('[data-row-link]').first().focus();
  await page.keyboard.press('End');
  await page.waitForFunction(
    (count) => document.activeElement.closest('[data-row]')?.getAttribute('aria-rowindex') === String(count),
    total,
  );
  assert.equal(asked(), 2);
  assert.equal(await page.evaluate(() => document.activeElement === document.body), false);
});

test('a long list is told where rows stand that are not in sight, and asks for none of them', async () => {
  addMany(2_000);
  await openInbox('/inbox/all');
  await page.waitForFunction((of) => document.querySelector(of).scrollHeight > 2_000 * 80, scroller);
  const requests = gateway.requests.length;
  const whole = gateway.live.sent['conversation.upsert'] ?? 0;
  for (let n = 0; n < 300; n += 1) gateway.change(`conv_many_0${1_000 + n}`, { unseen_count: 2 });
  await until('they are told', () => gateway.live.sent['moved'] === 300);
  assert.equal(gateway.live.sent['conversation.upsert'] ?? 0, whole);
  // One that moves into sight comes whole, over the line.
  write('conv_many_01999', 'Toujours rien ?', { name: 'Client 2000', handle: 'client_2000' });
  const first = page.locator('[data-row][aria-rowindex="1"]');
  await first.getByText('Toujours rien ?').waitFor();
  assert.equal(gateway.requests.length, requests, 'a push causes no request');
});

test('a long list says when the rest of it cannot be had, and goes on when asked', async () => {
  addMany(1_500);
  gateway.failures = [[/conversations\/index$/, 503]];
  await openInbox();
  await page.waitForSelector('[data-row=conv_many_00000], [data-row]');
  await page.$eval(scroller, (element) => element.scrollTo(0, element.scrollHeight));
  await page.getByText('The rest of the list could not be loaded.').waitFor();
  gateway.failures = [];
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.waitForFunction((of) => document.querySelector(of).scrollHeight > 1_500 * 80, scroller);
});

test('a row stays where it is while it moves in the list, and goes there once nobody aims at it', async () => {
  addMany(40);
  await openInbox('/inbox/all');
  const third = page.locator('[data-row][aria-rowindex="3"]');
  const id = await third.getAttribute('data-row');
  await third.hover();
  const there = await page.locator(`[data-row="${id}"]`).boundingBox();
  write(id, 'Encore moi', { name: 'Client', handle: 'client' });
  await page.locator(`[data-row="${id}"]`).getByText('Encore moi').waitFor();
  const still = await page.locator(`[data-row="${id}"]`).boundingBox();
  assert.equal(still.y, there.y);
  await page.mouse.move(900, 500);
  await page.waitForFunction(
    (of) => document.querySelector(`[data-row="${of}"]`)?.getAttribute('aria-rowindex') === '1',
    id,
  );
});

test('nothing moves while others come and go above', async () => {
  addMany(200);
  await openInbox('/inbox/all');
  await page.$eval('[data-scroller=conversations]', (element) => element.scrollTo(0, 3_000));
  const inTheMiddle = () => document.elementFromPoint(500, 450).closest('[data-row]');
  await page.waitForFunction(inTheMiddle);
  const middle = await page.evaluate(() => {
    const at = document.elementFromPoint(500, 450).closest('[data-row]');
    return { id: at.dataset.row, y: at.getBoundingClientRect().y };
  });
  const total = Number(await page.getAttribute('[role=grid]', 'aria-rowcount'));
  for (let n = 0; n < 60; n += 1) {
    write(`conv_guest_${n}`, `Guest ${n}`, { name: 'Guest', handle: '' });
    if (n % 10 === 0) await page.waitForTimeout(30);
  }
  await page.waitForFunction(
    (count) => Number(document.querySelector('[role=grid]').getAttribute('aria-rowcount')) === count,
    total + 60,
  );
  const y = await page.$eval(`[data-row="${middle.id}"]`, (row) => row.getBoundingClientRect().y);
  assert.equal(y, middle.y);
});
