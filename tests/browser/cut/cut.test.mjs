// What the screen shows equals what the server holds, whatever becomes of the line: 500 messages of a customer, 40
// cuts of the browser's live line, some in the middle of a frame, and two gateways killed and started again. On the
// real product, with a gateway in a process of its own.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, openPage, putOffFirstChoice, signIn } from '../browser.mjs';
import { callAs, Line, missingProduct, pause, Product, SecondGateway } from '../product.mjs';

const messages = 500;
const cuts = 40;
/** After these many messages the gateway is killed, and another one started. */
const kills = new Set([170, 340]);

let browser;
let product;
let gateway;
let line;
let page;

describe(
  '500 messages over a line that is cut 40 times, and two killed gateways',
  { skip: missingProduct },
  () => {
    before(async () => {
      browser = await launch();
      product = await Product.start();
      line = await new Line().start();
      gateway = new SecondGateway(product, line.url);
      await gateway.start();
      line.target = gateway.port;
      page = await openPage(browser);
      page.context().setDefaultTimeout(60_000);
    });
    after(async () => {
      await browser?.close();
      await gateway?.stop();
      await line?.close();
      await product?.stop();
    });
    test('nothing is lost, doubled or out of order on the screen', whole);
  },
);

async function whole() {
  const { accounts, personas } = await product.played();
  const account = accounts.find(({ network }) => network === 'x').account_id;
  const [{ key: author }] = personas;
  const write = (number) => product.play('x/message', { account, author, text: `Message ${number}.` });
  await write(0);
  await page.goto(`${line.url}/inbox/all`);
  await signIn(page, 'lea', product.passwordOf('lea'));
  await putOffFirstChoice(page);
  await page.locator('[data-row] [data-row-link]').first().click();
  await page.waitForSelector('[data-message]');
  const id = new URL(page.url()).pathname.split('/').at(-1);

  const loads = await page.evaluate(() => performance.timeOrigin);
  const done = { cuts: 0, kills: 0 };
  const cutting = cutAgainAndAgain(done);
  for (let number = 1; number <= messages; number += 1) {
    await write(number);
    if (kills.has(number)) {
      await gateway.stop('SIGKILL');
      await gateway.start();
      done.kills += 1;
    }
    await pause(30);
  }
  await cutting;
  assert.equal(done.cuts, cuts);
  assert.equal(done.kills, 2);

  await toldAgain();
  await page.waitForSelector('[data-connection=live]');
  await page.locator('[data-message]', { hasText: `Message ${messages}.` }).waitFor();
  let held = await stored(id);
  for (let tries = 0; tries < 50 && held.length <= messages; tries += 1) {
    await pause(200);
    held = await stored(id);
  }
  await page.waitForTimeout(1_000);
  const texts = new Set(held.map(({ text }) => text));
  const missing = Array.from({ length: messages + 1 }, (_, number) => `Message ${number}.`).filter(
    (text) => !texts.has(text),
  );
  for (const told of missing.length === 0 ? [] : await wholeLog())
    if (missing.includes(told.text)) console.log(`# not held: ${JSON.stringify(told)}`);
  assert.deepEqual(missing, [], 'the server holds all of them');
  const shown = await wholeStory();
  assert.deepEqual(
    shown,
    held.map((message) => message.id),
    'the screen shows what the server holds',
  );
  assert.equal(new Set(shown).size, messages + 1);
  assert.equal(await page.evaluate(() => performance.timeOrigin), loads, 'the page was never loaded again');
  assert.deepEqual(page.faults, []);
}

/** Whenever there is a live line: at once, or in the middle of one of its next frames. */
async function cutAgainAndAgain(done) {
  for (const end = Date.now() + 240_000; done.cuts < cuts; await pause(150)) {
    assert.ok(Date.now() < end, `only ${done.cuts} cuts`);
    if (line.live === 0) continue;
    if (done.cuts % 2 === 0) {
      line.cut();
      done.cuts += 1;
      continue;
    }
    const made = line.cuts;
    line.fuse = Math.floor(Math.random() * 3_000);
    for (let waited = 0; waited < 40 && line.cuts === made; waited += 1) await pause(50);
    // A quiet line has no middle of a frame.
    if (line.cuts === made) line.cut();
    line.fuse = null;
    done.cuts += 1;
  }
}

/** X gives up at once on what no answer came to; its replay is what an operator asks for then, until all is told. */
async function toldAgain() {
  for (const end = Date.now() + 120_000; ; await pause(200)) {
    assert.ok(Date.now() < end, 'the network is still telling');
    if ((await product.played()).pending > 0) continue;
    const told = await wholeLog();
    const failed = told.filter(({ outcome }) => outcome === 'failed');
    if (failed.length === 0) return;
    const attempts = JSON.stringify(failed[0].attempts);
    console.log(`# no answer in time on ${failed.length} of ${told.length}: ${attempts}`);
    await product.play('x/replay', { only_failed: true });
  }
}

/** What the network told, and what was answered. */
async function wholeLog() {
  const response = await fetch(`${product.url}/playground/api/log?limit=10000`);
  const lines = (await response.text()).trim().split('\n');
  return lines.map((each) => JSON.parse(each));
}

async function stored(id) {
  const all = [];
  let place = '';
  for (;;) {
    const { body } = await callAs(page, 'GET', `/conversations/${id}/messages?limit=50${place}`);
    all.unshift(...body.messages);
    if (body.older === null) return all;
    place = `&before=${body.older}`;
  }
}

/** What is in sight, from top to bottom; the message in focus exists even far out of it. */
const onScreen = () =>
  page.$eval('[data-scroller=timeline]', (scroller) => {
    const { top, bottom } = scroller.getBoundingClientRect();
    return [...scroller.querySelectorAll('[data-message]')]
      .map((slip) => ({ id: slip.dataset.message, box: slip.getBoundingClientRect() }))
      .filter(({ box }) => box.bottom > top && box.top < bottom)
      .toSorted((one, other) => one.box.top - other.box.top)
      .map(({ id }) => id);
  });

/** Reads the story from its end to its beginning, as it scrolls by; what is in sight stands in its order. */
async function wholeStory() {
  const seen = [];
  for (let rounds = 0; rounds < 1_200; rounds += 1) {
    const now = await onScreen();
    const known = new Set(seen);
    const first = now.findIndex((id) => known.has(id));
    seen.unshift(...(first === -1 ? now : now.slice(0, first)));
    // What was read before is the same now: nothing slips in between.
    const again = now.slice(Math.max(0, first));
    assert.deepEqual(again, seen.slice(first === -1 ? 0 : first, (first === -1 ? 0 : first) + again.length));
    const top = await page.$eval('[data-scroller=timeline]', (scroller) => {
      scroller.scrollTop -= 250;
      return scroller.scrollTop;
    });
    await page.waitForTimeout(60);
    if (top === 0) {
      await page.waitForTimeout(500);
      const [oldest] = await onScreen();
      if (oldest === seen[0]) return seen;
    }
  }
  throw new Error(`the beginning was not reached after ${seen.length} messages`);
}
