// A gateway that stops says goodbye first: its sockets come back to another one at the moment it named, and nobody
// is told of a loss that is none.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { launch, openPage, signIn, until } from '../browser.mjs';
import { message } from '../fixtures/inbox.mjs';
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

test('a gateway that says goodbye is left for the next one without a word on the screen', async () => {
  await page.goto(`${gateway.url}/inbox/new/c/conv_amelie`);
  await signIn(page, 'ana', password);
  await page.waitForSelector('[data-connection=live]');
  await page.evaluate(() => {
    globalThis.states = [];
    const status = document.querySelector('[data-connection]');
    const note = () => globalThis.states.push(status.dataset.connection);
    new MutationObserver(note).observe(status, { attributes: true });
  });
  gateway.live.sayGoodbye(1_000);
  const author = { name: 'Amélie Roussel', handle: 'amelie_rsl' };
  const made = message('conv_amelie', { network: 'x', kind: 'mention', age: 0, author, text: 'Between two' });
  await until('the socket is gone', () => gateway.live.count === 0);
  gateway.receive(made, author);
  await page.waitForSelector(`[data-message="${made.id}"]`);
  assert.equal(gateway.live.count, 1);
  assert.deepEqual(await page.evaluate(() => globalThis.states), []);
});
