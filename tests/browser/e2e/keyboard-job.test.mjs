// The whole main job without a pointer, in few key presses, and the focus never lost to the page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isLost, launch, openPage, until } from '../browser.mjs';
import { message } from '../fixtures/inbox.mjs';
import { MockGateway, password } from '../mock-gateway.mjs';

let browser;
let gateway;
let page;
let presses = 0;

before(async () => {
  browser = await launch();
  gateway = await new MockGateway().start();
  const { availability } = gateway.desk;
  gateway.desk.availability = { ...availability, availability: 'away', never_chosen: true };
  page = await openPage(browser);
});
after(async () => {
  await browser.close();
  await gateway.close();
});

async function press(...keys) {
  for (const key of keys) {
    presses += 1;
    await page.keyboard.press(key);
    assert.ok(!(await isLost(page)), `the focus was lost by ${key}`);
  }
}

const row = (id) => gateway.conversations.get(id).row;
const inBox = () => page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
const become = async (id, state) => {
  await until(`${id} is ${state}`, () => row(id).state === state);
  await page.waitForSelector(`header [data-state=${state}]`);
};

test('an agent signs in, becomes Available, takes what is handed over, answers by direct message with a short link, sets Pending, reopens, resolves and goes on, by keys alone', async () => {
  await page.goto(gateway.url);
  await page.waitForSelector('[name=login]:focus');
  await page.keyboard.type('ana');
  await press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  presses += 1;

  await page.waitForSelector('[role=dialog] button:focus');
  await press('Enter');
  await page.waitForSelector('[data-availability=available]');
  await page.focus('[data-row] a[tabindex="0"]');

  gateway.desk.hand('conv_hana');
  await page.waitForSelector('[data-offer]');
  await press('o');
  await inBox();
  assert.equal(new URL(page.url()).pathname, '/inbox/new/c/conv_hana');

  await press('Alt+t');
  await page.waitForFunction(() => document.activeElement?.closest('[role=menu]'));
  await press('ArrowDown', 'Enter');
  await inBox();
  await press('Control+Shift+l');
  await page.keyboard.type('Please see https://example.com/straps for a new one.');
  const [request] = await Promise.all([page.waitForRequest(/\/replies$/), press('Control+Enter')]);
  const { kind, shorten_links: shortens } = request.postDataJSON();
  assert.deepEqual([kind, shortens], ['private_message', true]);
  await become('conv_hana', 'pending');

  const author = { name: 'Hana Sato', handle: 'hana_s' };
  const said = { network: 'x', kind: 'private_message', age: 0, author, text: 'Thank you!' };
  const answer = message('conv_hana', said);
  gateway.receive(answer, author);
  await page.waitForSelector(`[data-message="${answer.id}"]`);

  await press('Escape', 'p');
  await become('conv_hana', 'pending');
  await press('Shift+E');
  await become('conv_hana', 'new');
  await press('p');
  await become('conv_hana', 'pending');
  await press('z');
  await become('conv_hana', 'new');
  await press('e');
  await become('conv_hana', 'resolved');
  await page.waitForSelector('[data-row=conv_hana]', { state: 'detached' });
  await press('j');
  await page.waitForURL(/\/inbox\/new\/c\/conv_(?!hana)/);

  assert.ok(presses <= 25, `${presses} key presses`);
  assert.deepEqual(page.faults, []);
});
