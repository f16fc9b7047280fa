// What the screen shows equals what the gateway holds: live, after cuts, after the ring forgot, after the session
// ended; in long conversations and long lists too.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { launch, openPage, patience, signIn, until } from '../browser.mjs';
import { longConversation, manyConversations, message } from '../fixtures/inbox.mjs';
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

const author = { name: 'Amélie Roussel', handle: 'amelie_rsl' };

function write(conversation, text, from = author) {
  const made = message(conversation, { network: 'x', kind: 'mention', age: 0, author: from, text });
  gateway.receive(made, from);
  return made;
}

const texts = (selector) => page.$$eval(selector, (all) => all.map((each) => each.textContent));
const shownMessages = () =>
  page.$$eval('[data-message]', (all) => all.map((each) => each.getAttribute('data-message')));
const shownRows = () => page.$$eval('[data-row]', (all) => all.map((each) => each.getAttribute('data-row')));

test('a customer’s words appear in the list, the counts, the title and the open conversation by themselves', async () => {
  await openInbox('/inbox/new/c/conv_amelie');
  await page.waitForSelector('[data-message]');
  const requests = gateway.requests.length;
  const made = write('conv_amelie', 'Une précision : le colis est à Lille.');
  await page.waitForSelector(`[data-message="${made.id}"]`);
  write('conv_zoe', 'Hello @quai_aide, are you there?', { name: 'Zoé Blanc', handle: 'zoe_b' });
  await page.waitForSelector('[data-row=conv_zoe]');
  await page.waitForFunction(() => document.title.startsWith('(6)'));
  assert.match((await texts('nav[aria-label="Queues"] a'))[0], /New.*6/);
  const announced = page.locator('p.sr-only[role=status]');
  await announced.filter({ hasText: 'Amélie Roussel: Une précision' }).waitFor({ state: 'attached' });
  assert.equal(gateway.requests.length, requests, 'a push causes no request');
});

test('an answered conversation leaves New and enters Pending while one watches', async () => {
  await openInbox();
  gateway.change('conv_hana', { state: 'pending', waiting_since: null, unseen_count: 0 });
  await page.waitForSelector('[data-row=conv_hana]', { state: 'detached' });
  await page
    .getByRole('link', { name: /^Pending/ })
    .first()
    .click();
  await page.waitForSelector('[data-row=conv_hana]');
});

test('an edit, a reaction and a deletion change the message where it stands', async () => {
  await openInbox('/inbox/new/c/conv_hana');
  const [only] = gateway.conversations.get('conv_hana').messages;
  const slip = page.locator(`[data-message="${only.id}"]`);
  await slip.waitFor();
  await until('it is told what is open', () => gateway.live.shown.open === 'conv_hana');
  gateway.changeMessage('conv_hana', only.id, {
    text: 'the strap broke after two weeks',
    edited: true,
    reactions: [{ reaction: 'like', emoji: '❤' }],
  });
  await slip.getByText('the strap broke after two weeks').waitFor();
  await slip.getByText('edited').waitFor();
  await slip.getByText('❤').waitFor();
  gateway.changeMessage('conv_hana', only.id, { text: '', deleted: true });
  await slip.getByText('Deleted on the network by its author.').waitFor();
});

test('nothing is lost and nothing is doubled, wherever the line is cut', async () => {
  await openInbox('/inbox/new/c/conv_amelie');
  await page.waitForSelector('[data-message]');
  for (let number = 1; number <= 200; number += 1) {
    write('conv_amelie', `Message ${number}`);
    if (number % 3 === 0) write(`conv_guest_${number % 5}`, `Guest ${number}`, { name: 'Guest', handle: '' });
    if (number % 20 === 0) gateway.live.cut();
    if (number === 120) gateway.live.forget();
    if (number === 150) gateway.live.loseOneFrame();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await page.waitForSelector('[data-connection=live]');
  const held = gateway.conversations.get('conv_amelie').messages.map((each) => each.id);
  await page.waitForSelector(`[data-message="${held.at(-1)}"]`);
  assert.deepEqual(await wholeStory(held.length), held);
  await page.waitForFunction((count) => document.querySelectorAll('[data-row]').length === count, 10);
});

/** Reads the story from its end to its beginning, as it scrolls by; gives up on what does not come. */
async function wholeStory(length) {
  const seen = [];
  for (const end = Date.now() + patience; Date.now() < end;) {
    const now = await shownMessages();
    const known = new Set(seen);
    const first = now.findIndex((id) => known.has(id));
    seen.unshift(...(first === -1 ? now : now.slice(0, first)));
    const top = await page.$eval('[data-scroller=timeline]', (scroller) => {
      scroller.scrollTop -= 400;
      return scroller.scrollTop;
    });
    await page.waitForTimeout(60);
    if (top === 0 && seen.length >= length && (await shownMessages())[0] === seen[0]) break;
  }
  return seen;
}

test('after the session ended, signing in again goes on where one was, with what came in between', async () => {
  await openInbox('/inbox/new/c/conv_amelie');
  await page.waitForSelector('[data-message]');
  gateway.endSessions();
  await page.waitForSelector('[role=dialog] [name=password]');
  const made = write('conv_amelie', 'Toujours là ?');
  assert.equal(await page.inputValue('[name=login]'), 'ana');
  await page.fill('[name=password]', password);
  await page.keyboard.press('Enter');
  await page.waitForSelector('[role=dialog]', { state: 'detached' });
  await page.waitForSelector(`[data-message="${made.id}"]`);
  await page.waitForSelector('[data-connection=live]');
});

test('without a network the screen stays, says so, and catches up when it is back', async () => {
  await openInbox();
  await page.context().setOffline(true);
  gateway.live.cut();
  await page.waitForSelector('[data-connection=offline]');
  assert.match((await texts('[data-connection]'))[0], /Offline, data as of \d\d:\d\d/);
  write('conv_zoe', 'While you were away', { name: 'Zoé Blanc', handle: 'zoe_b' });
  await page.context().setOffline(false);
  await page.waitForSelector('[data-connection=live]');
  await page.waitForSelector('[data-row=conv_zoe]');
});

test('what customers send is never fetched from where it lies, and only web addresses are links', async () => {
  const hosts = new Set();
  page.on('request', (request) => hosts.add(new URL(request.url()).origin));
  await openInbox('/inbox/new/c/conv_amelie');
  await page.getByText('Image from the customer').waitFor();
  assert.deepEqual([...hosts], [gateway.url]);
  const addresses = await page.$$eval('[data-message] a', (all) => all.map((each) => each.href));
  assert.ok(addresses.length >= 4);
  assert.ok(addresses.every((address) => /^https?:/.test(address)));
});

test('a conversation of a thousand messages opens at its end and keeps its place while earlier ones come in', async () => {
  gateway.conversations.set('conv_long', longConversation('conv_long', 1_000));
  await openInbox('/inbox/new/c/conv_long');
  const { messages } = gateway.conversations.get('conv_long');
  await page.waitForSelector(`[data-message="${messages.at(-1).id}"]`);
  // Long enough for the screen to stand still between the scrolling and the page that it asks for.
  gateway.delay = 150;
  for (let pages = 0; pages < 4; pages += 1) {
    const drift = await page.evaluate(driftWhileOlderComeIn);
    assert.ok(drift !== null && Math.abs(drift) <= 1, `drift of ${drift} px`);
  }
  const nodes = await page.evaluate(() => document.querySelectorAll('*').length);
  assert.ok(nodes < 2_500, `${nodes} nodes`);
  gateway.delay = 0;
  const made = write('conv_long', 'La toute dernière');
  await page.getByRole('button', { name: '1 new message' }).click();
  await page.waitForSelector(`[data-message="${made.id}"]`);
  await page.getByRole('button', { name: /new message|Jump/ }).waitFor({ state: 'detached' });
});

/** Runs in the page: goes up until a page of messages was added above, and tells how far the one in sight moved. */
async function driftWhileOlderComeIn() {
  const scroller = document.querySelector('[data-scroller=timeline]');
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const height = () => scroller.scrollHeight;
  for (let tries = 0; tries < 200; tries += 1) {
    const top = scroller.getBoundingClientRect().top;
    const anchor = [...scroller.querySelectorAll('[data-message]')].find(
      (each) => each.getBoundingClientRect().top > top,
    );
    const id = anchor.getAttribute('data-message');
    const held = anchor.getBoundingClientRect().top;
    const size = height();
    for (let wait = 0; wait < 20; wait += 1) await frame();
    if (height() > size + 1_000) {
      const now = scroller.querySelector(`[data-message="${id}"]`)?.getBoundingClientRect().top;
      return now === undefined ? null : now - held;
    }
    scroller.scrollTop -= 1_200;
    // What is held is chosen among what is on the screen after the scrolling, not before.
    await frame();
    await frame();
    await frame();
  }
  return null;
}

test('a list of thousands is walked by keys from end to end, and only what is in sight is declared', async () => {
  for (const [id, made] of manyConversations(2_000)) gateway.conversations.set(id, made);
  await openInbox();
  await page.waitForSelector('[role=grid][aria-rowcount="2005"]');
  const declared = () => gateway.live.shown.shown?.length ?? 0;
  await until('what is in sight is declared', () => declared() > 0);
  assert.ok(declared() < 20, `${declared()} declared`);
  await page.focus('[data-row] a[tabindex="0"]');
  const focused = () => page.evaluate(() => document.activeElement?.closest('[data-row]')?.dataset.row);
  await until('the last one has the focus', async () => {
    await page.keyboard.press('End');
    return (await focused()) === 'conv_dario';
  });
  assert.ok((await shownRows()).length < 60);
});

test('rows that come and go above do not move what is being read', async () => {
  for (const [id, made] of manyConversations(60)) gateway.conversations.set(id, made);
  await openInbox();
  await page.$eval('[data-scroller=conversations]', (scroller) => {
    scroller.scrollTop = 840;
  });
  const place = () =>
    page.$eval('[data-row=conv_many_00045]', (row) => Math.round(row.getBoundingClientRect().top));
  await page.waitForSelector('[data-row=conv_many_00045]');
  const placed = await place();
  gateway.change('conv_many_00059', { state: 'pending', waiting_since: null });
  await page.waitForSelector('[data-row=conv_many_00059]', { state: 'detached' });
  await page.waitForTimeout(100);
  assert.equal(await place(), placed);
});

test('language and theme change at once, and are remembered', async () => {
  await openInbox();
  await page.getByRole('button', { name: /Ana Petit/ }).click();
  await page.getByRole('menuitemradio', { name: 'Français' }).click();
  await page.getByRole('menuitemradio', { name: 'Sombre' }).click();
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(await ground(), 'rgb(13, 20, 22)');
  await page.reload();
  await page.waitForSelector('[data-row]');
  assert.equal(await page.getAttribute('html', 'lang'), 'fr');
  assert.equal(await ground(), 'rgb(13, 20, 22)');
  assert.match((await texts('nav[aria-label="Files"] a'))[0], /Nouveau/);
});

test('signing out ends the session and shows nothing of it any more', async () => {
  await openInbox();
  await page.getByRole('button', { name: /Ana Petit/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.waitForSelector('[name=password]');
  assert.equal(gateway.isSignedIn, false);
  assert.equal(await page.getByText('Amélie Roussel').count(), 0);
  await page.goBack().catch(() => undefined);
  assert.equal(await page.getByText('Amélie Roussel').count(), 0);
});
