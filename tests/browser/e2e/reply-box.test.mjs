// The reply box keeps its place on the scripted gateway: whatever becomes known, nothing of it moves under the hand.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { launch, narrow, openPage, signIn, wide } from '../browser.mjs';
import { marc } from '../mock-desk.mjs';
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

const box = () => page.locator('[data-region=composer] textarea');
const kind = () => page.getByRole('button', { name: /^Kind of message/ });

/** So wide that the reply bar has one line. */
const widest = { width: 1920, height: 900 };

for (const [size, viewport] of Object.entries({ widest, wide, narrow })) {
  test(`nothing of the reply box moves when it is known how to answer, nor when others answer or write: ${size}`, async () => {
    await page.setViewportSize(viewport);
    await page.goto(gateway.url);
    await signIn(page, 'ana', password);
    gateway.delay = 60_000;
    await page.click('[data-row=conv_hana] a');
    await box().waitFor();
    const parts = '[data-region=composer] :is([role=tab], textarea, [role=switch])';
    const places = () =>
      page.$$eval(parts, (all) =>
        all.map((part) => {
          const { left, top } = part.getBoundingClientRect();
          return [Math.round(left), Math.round(top)];
        }),
      );
    const placed = await places();
    assert.equal(placed.length, 4);
    assert.equal(await kind().count(), 0);
    gateway.delay = 0;
    await kind().waitFor();
    assert.deepEqual(await places(), placed);
    gateway.desk.lockFor('conv_hana');
    await page.getByText('Marc Lefèvre is answering this conversation.').waitFor();
    assert.deepEqual(await places(), placed);
    const viewers = [{ ...marc, typing: true }];
    gateway.live.aside('viewers', { conversation_id: 'conv_hana', viewers });
    await page.getByText('Marc Lefèvre is writing…').waitFor();
    assert.deepEqual(await places(), placed);
  });
}
