// What belongs to a conversation besides its messages, on the scripted gateway: actions on messages (S18 to S20), notes
// (S23, S24), links (S25), what is known of the contact (S27), and what happened.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { launch, openPage, signIn, until } from '../browser.mjs';
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
const slipOf = (text) => page.locator('[data-message]', { hasText: text });
const noteOf = (text) => page.locator('[data-note]', { hasText: text });
const button = (name) => page.getByRole('button', { name, exact: true });
const entry = (name) => page.getByRole('menuitem', { name });
const acted = () => gateway.story.acted.map(({ action, channel_id }) => [action, channel_id]);

async function open(conversation) {
  await page.goto(`${gateway.url}/inbox/new/c/${conversation}`);
  await signIn(page, 'ana', password);
  await page.waitForSelector('[data-message]');
  await box().waitFor();
}

async function openMenu(text) {
  await slipOf(text).locator('[data-message-menu]').click();
  await page.waitForSelector('[role=menu]');
}

const strap = 'the strap broke';

test('S19: on X a public message is liked, reposted, its author followed, and each can be taken back', async () => {
  await open('conv_hana');
  await openMenu(strap);
  await entry(/^Like/).click();
  const slip = slipOf(strap);
  await slip.locator('[data-act=liked]').waitFor();
  await until('the like arrives', () => acted().length === 1);
  gateway.story.settleAct('conv_hana', gateway.conversations.get('conv_hana').messages[0].id, 'liked', {});
  await openMenu(strap);
  assert.equal(await entry(/^Like/).count(), 0);
  await entry(/^Unlike/).click();
  await slip.locator('[data-act=liked]').waitFor({ state: 'detached' });
  await openMenu(strap);
  await entry(/^Repost/).click();
  await slip.locator('[data-act=reposted]').waitFor();
  await openMenu(strap);
  await entry('Follow Hana Sato').click();
  await page.locator('header [data-act=following]').waitFor();
  await until('all four arrive', () => acted().length === 4);
  assert.deepEqual(
    acted().map(([action]) => action),
    ['like', 'unlike', 'repost', 'follow'],
  );
  assert.ok(acted().every(([, channel]) => channel === 'chan_x'));
});

test('S19: quoting shows what is quoted, and sends a quote of it', async () => {
  await open('conv_hana');
  await openMenu(strap);
  await entry(/^Quote/).click();
  await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
  await page.locator('[data-quoted]', { hasText: strap }).waitFor();
  await page.keyboard.type('We replace it.');
  await page.keyboard.press('Control+Enter');
  await slipOf('We replace it.').waitFor();
  await until('the quote arrives', () => gateway.desk.accepted.size > 0);
  const [{ message }] = gateway.desk.accepted.values();
  assert.deepEqual(
    [message.kind, message.in_reply_to],
    ['quote', gateway.conversations.get('conv_hana').messages[0].id],
  );
  // The box is emptied once the answer to the reply is read, a moment after the reply arrived.
  await page.locator('[data-quoted]').waitFor({ state: 'detached' });
});

test('S20: on Facebook a comment is hidden and liked; what is not possible says why', async () => {
  await open('conv_dario');
  const comment = 'Is the blue one';
  await openMenu(comment);
  await entry('Hide').click();
  await slipOf(comment).locator('[data-act=hidden]').waitFor();
  await until('the hiding arrives', () => acted().length === 1);
  gateway.changeMessage('conv_dario', gateway.conversations.get('conv_dario').messages[1].id, {
    actions: [
      {
        action: 'like',
        available: false,
        reason_code: 'missing_scope',
        reason: 'raw',
        channel_id: 'chan_fb',
      },
    ],
  });
  await openMenu(comment);
  assert.equal(await entry(/Hide|Unhide|Follow|Repost/).count(), 0);
  const like = entry(/^Like/).and(page.locator('[aria-disabled=true]'));
  await like.filter({ hasText: /lacks the permission/ }).waitFor();
  await like.click({ force: true });
  assert.equal(await page.locator('[role=menu]').count(), 1);
  assert.deepEqual(acted(), [['hide', 'chan_fb']]);
});

test('what is refused is taken back with its reason, and what the network refuses later is told on the message', async () => {
  await open('conv_hana');
  gateway.story.refusals.push([409, 'message_deleted', 'raw']);
  gateway.delay = 400;
  await openMenu(strap);
  await entry(/^Like/).click();
  await slipOf(strap).locator('[data-act=liked]').waitFor();
  await page.getByText('The like was not made').waitFor();
  await page.getByText('The message was deleted').waitFor();
  await slipOf(strap).locator('[data-act=liked]').waitFor({ state: 'detached' });
  const failed = { state: 'failed', failure_code: 'target_gone', failure: 'gone' };
  gateway.story.settleAct(
    'conv_hana',
    gateway.conversations.get('conv_hana').messages[0].id,
    'liked',
    failed,
  );
  await slipOf(strap).getByText('X refused: the message is gone').waitFor();
});

test('one of our own is deleted on the network only after asking', async () => {
  await page.goto(`${gateway.url}/inbox/pending/c/conv_kofi`);
  await signIn(page, 'ana', password);
  const ours = 'Thank you Kofi';
  await openMenu(ours);
  await entry('Delete on X').click();
  await page.getByRole('dialog').getByText('This cannot be undone').waitFor();
  await button('Keep it').click();
  assert.deepEqual(gateway.story.acted, []);
  await openMenu(ours);
  await entry('Delete on X').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('Deleted on the network').waitFor();
});

test('M opens the menu of the message in focus, L likes it, Q quotes it', async () => {
  await open('conv_hana');
  await page.keyboard.press('Alt+ArrowUp');
  await page.keyboard.press('m');
  await page.waitForSelector('[role=menu]');
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.activeElement?.closest('[data-message]'));
  await page.keyboard.press('l');
  await slipOf(strap).locator('[data-act=liked]').waitFor();
  await page.keyboard.press('q');
  await page.locator('[data-quoted]').waitFor();
});

test('S23, S24: a note is added to a message, carries name and time, is edited and its history is kept', async () => {
  await open('conv_amelie');
  const { messages } = gateway.conversations.get('conv_amelie');
  await openMenu('Voici la photo');
  await entry('Add note').click();
  await page.waitForSelector('[data-mode=note]');
  await page.getByText('Not visible to the customer', { exact: true }).waitFor();
  await page.keyboard.type('The label is of the first parcel.');
  await page.keyboard.press('Control+Enter');
  const slip = noteOf('The label is of the first parcel.');
  await slip.waitFor();
  assert.equal((await slip.locator('h3 bdi').textContent()).trim(), 'Ana Petit');
  assert.ok(await slip.locator('time').getAttribute('datetime'));
  await slip.getByText('Voici la photo').waitFor();
  await until('the box is empty', async () => (await box().inputValue()) === '');
  await until('the note arrives', () => gateway.story.notes.size > 0);
  assert.equal([...gateway.story.notes.values()][0].message_id, messages.at(-2).id);
  await slip.getByRole('button', { name: 'Edit' }).click();
  await page.keyboard.type(' It was lost.');
  await page.keyboard.press('Control+Enter');
  await noteOf('It was lost.')
    .getByRole('button', { name: /^Edited/ })
    .click();
  await page.getByRole('dialog').getByText('The label is of the first parcel.', { exact: true }).waitFor();
});

test('a note is deleted at once and comes back by Undo', async () => {
  gateway.story.note('conv_amelie', 'To be thrown away', { member_id: 'member_ana', mine_to_change: true });
  await open('conv_amelie');
  await noteOf('To be thrown away').getByRole('button', { name: 'Delete' }).click();
  await noteOf('To be thrown away').waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.activeElement !== document.body);
  await button('Undo').click();
  await noteOf('To be thrown away').waitFor();
});

test('a colleague’s note comes in by itself and cannot be changed; what they change while I edit is shown', async () => {
  const mine = gateway.story.note('conv_amelie', 'First text', { mine_to_change: true });
  await open('conv_amelie');
  gateway.story.note('conv_amelie', 'From Marc');
  await noteOf('From Marc').waitFor();
  assert.equal(await noteOf('From Marc').getByRole('button', { name: 'Edit' }).count(), 0);
  await noteOf('First text').getByRole('button', { name: 'Edit' }).click();
  await page.keyboard.type(' and mine');
  gateway.story.putNote({ ...mine, text: 'Changed by Marc', rev: 2 });
  await page.getByText('changed this note meanwhile').waitFor();
  await button('Keep mine').click();
  await page.keyboard.press('Tab');
  await button('Save').click();
  await noteOf('First text and mine').waitFor();
});

test('reply and note never change places by themselves, and each keeps its own draft', async () => {
  await open('conv_amelie');
  await box().fill('for the customer');
  await page.keyboard.press('Escape');
  await page.keyboard.press('n');
  await page.waitForSelector('[data-mode=note]');
  await page.keyboard.type('for colleagues');
  await page.getByRole('tab', { name: 'Reply' }).click();
  assert.equal(await box().inputValue(), 'for the customer');
  await page.getByRole('tab', { name: 'Add note' }).click();
  assert.equal(await box().inputValue(), 'for colleagues');
  gateway.change('conv_amelie', { state: 'pending' });
  await button('Reopen').waitFor();
  assert.equal(await page.locator('[data-mode=note]').count(), 1);
  assert.ok(
    !gateway.desk.locks.has('conv_amelie') || gateway.requests.every((each) => !/replies/.test(each)),
  );
});

test('S25: links of a reply are shortened when it is asked for, each can be left as it is', async () => {
  await open('conv_amelie');
  await box().fill('See https://quai.fr/aide and https://quai.fr/suivi/8841');
  assert.equal(await page.locator('[aria-pressed]').count(), 0);
  await page.keyboard.press('Control+Shift+L');
  await page.getByRole('button', { name: /quai\.fr\/aide becomes quai\.to/ }).waitFor();
  const second = page.getByRole('button', { name: /suivi\/8841/ });
  await second.click();
  assert.equal(await second.getAttribute('aria-pressed'), 'false');
  await box().press('Control+Enter');
  await slipOf('See quai.fr').waitFor();
  await until('the reply arrives', () => gateway.replies.length > 0);
  const sent = gateway.replies.at(-1);
  assert.deepEqual([sent.shorten_links, sent.keep_long_ordinals], [true, [1]]);
});
