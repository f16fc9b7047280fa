// Answering on the scripted gateway: how and from which account, every state of a reply, what is refused, and
// drafts.
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
const kind = () => page.getByRole('button', { name: /^Kind of message/ });
const account = () => page.getByRole('button', { name: /^Account: / });
const sendButton = () => page.getByRole('button', { name: /^Send/ });
const story = (id) => gateway.conversations.get(id).messages;
const stateOf = (id) => gateway.conversations.get(id).row.state;
const replies = () => [...gateway.desk.accepted.values()].map(({ message: made }) => made);

async function firstReply() {
  await until('the reply arrives', () => replies().length > 0);
  return replies()[0];
}

async function open(conversation) {
  await page.goto(`${gateway.url}/inbox/new/c/${conversation}`);
  await signIn(page, 'ana', password);
  await page.waitForSelector('[data-message]');
  await box().waitFor();
}

/** Writes and sends by keys, as most do. */
async function answer(text) {
  await box().fill(text);
  await page.keyboard.press('Control+Enter');
}

test('a reply is in the story at once, moves the conversation to Pending, and tells how far it has come', async () => {
  await open('conv_amelie');
  gateway.delay = 1_500;
  await answer('Je regarde tout de suite.');
  const slip = slipOf('Je regarde tout de suite.');
  await slip.getByText('Sending…').waitFor();
  assert.equal(await box().inputValue(), '');
  await slip.getByText('Queued').waitFor();
  assert.equal(await slip.count(), 1);
  await page.getByRole('button', { name: 'Reopen' }).waitFor();
  assert.equal(stateOf('conv_amelie'), 'pending');
  const made = await firstReply();
  assert.deepEqual([made.kind, made.channel_ids, made.in_reply_to], ['private_message', ['chan_x'], null]);
  const settle = (reply, facts) => gateway.desk.settle('conv_amelie', made.id, reply, facts);
  settle({ state: 'sending' });
  await slip.getByText('Sending…').waitFor();
  settle({ state: 'sent' }, { external_id: '77', permalink: null });
  await slip.getByText('Sent').waitFor();
  settle({}, { delivered: true });
  await slip.getByText('Delivered').waitFor();
  settle({}, { read: true });
  await slip.getByText('Read').waitFor();
  await slip.getByText('from @quai_aide').waitFor();
  assert.equal((await slip.locator('h3').textContent()).trim(), 'Ana Petit');
});

test('kind and account are chosen among those that this message allows, the others say why not', async () => {
  await open('conv_hana');
  assert.match(await kind().textContent(), /Public reply/);
  assert.match(await account().textContent(), /@quai_aide/);
  await account().click();
  await page.getByRole('menuitemradio', { name: '@quai_pro' }).click();
  await kind().click();
  await page.getByRole('menuitemradio', { name: /Direct message/ }).click();
  await page.getByText('Only Hana Sato can see this answer to a public message.').waitFor();
  assert.match(await box().getAttribute('aria-label'), /^Direct message to Hana Sato on X$/);
  await account().click();
  const second = page.getByRole('menuitemradio', { name: /@quai_pro/ });
  assert.equal(await second.getAttribute('aria-disabled'), 'true');
  assert.match(await second.textContent(), /lacks the permission/);
  // Playwright rightly takes it for disabled; a person presses all the same.
  await second.click({ force: true });
  assert.match(await account().textContent(), /@quai_aide/);
  await page.keyboard.press('Escape');
  await answer('We write to you here.');
  await slipOf('We write to you here.').getByText('Direct message').waitFor();
  const made = await firstReply();
  assert.deepEqual([made.kind, made.channel_ids], ['private_message', ['chan_x']]);
  assert.equal(made.in_reply_to, story('conv_hana')[0].id);
});

test('Reply beside an earlier message turns the box to it, and back', async () => {
  await open('conv_amelie');
  assert.match(await kind().textContent(), /Direct message/);
  const [first] = story('conv_amelie');
  const slip = page.locator(`[data-message="${first.id}"]`);
  await slip.scrollIntoViewIfNeeded().catch(() => undefined);
  await page.$eval('[data-scroller=timeline]', (scroller) => scroller.scrollTo(0, 0));
  await slip.getByRole('button', { name: 'Reply' }).click();
  await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
  assert.match(await kind().textContent(), /Public reply/);
  await page.getByText('quand part ma commande').last().waitFor();
  await page.getByRole('button', { name: 'Answer the last message instead' }).click();
  assert.match(await kind().textContent(), /Direct message/);
});

test('what is left is counted as the network counts, and too much is not sent', async () => {
  await open('conv_hana');
  const counter = page.locator('#composer-counter');
  await box().fill(`https://example.com/${'a'.repeat(300)} 你好`);
  await counter.filter({ hasText: '252 left' }).waitFor();
  await box().fill('é'.repeat(283));
  await counter.filter({ hasText: '3 too many' }).waitFor();
  assert.equal(await sendButton().getAttribute('aria-disabled'), 'true');
  await page.keyboard.press('Control+Enter');
  await page.waitForTimeout(200);
  assert.equal(replies().length, 0);
});

test('links are shortened only when the switch is on', async () => {
  await open('conv_amelie');
  const bodies = [];
  page.on('request', (request) => request.url().endsWith('/replies') && bodies.push(request.postDataJSON()));
  await answer('https://example.com/1');
  await slipOf('example.com/1').waitFor();
  await box().focus();
  await page.keyboard.press('Control+Shift+L');
  await page.getByRole('switch', { name: 'Shorten links', checked: true }).waitFor();
  await answer('https://example.com/2');
  await slipOf('example.com/2').waitFor();
  await until('both are asked for', () => bodies.length === 2);
  assert.deepEqual(
    bodies.map((body) => body.shorten_links),
    [false, true],
  );
});

test('a reply that failed says why, and is sent again on demand', async () => {
  await open('conv_amelie');
  await answer('Trop tard ?');
  await slipOf('Trop tard ?').getByText('Queued').waitFor();
  const made = await firstReply();
  const failure = { state: 'failed', failure_code: 'recipient_unreachable', failure: 'No.', retryable: true };
  gateway.desk.settle('conv_amelie', made.id, failure);
  gateway.change('conv_amelie', { state: 'new', waiting_since: new Date().toISOString() });
  const slip = slipOf('Trop tard ?');
  await slip.getByText('The customer does not accept messages from this account.').waitFor();
  await slip.getByRole('button', { name: 'Send again' }).click();
  await slip.getByText('Queued').waitFor();
  await until('it is sent again', () => story('conv_amelie').at(-1).reply.attempt === 2);
});

for (const [said, sent, shown] of [
  ['It arrived', true, 'Sent'],
  ['It did not', false, 'Marked as not arrived.'],
]) {
  test(`a reply of which nothing is known is settled by a person: ${said}`, async () => {
    await open('conv_amelie');
    await answer('Bien reçu ?');
    await slipOf('Bien reçu ?').getByText('Queued').waitFor();
    const made = await firstReply();
    gateway.desk.settle('conv_amelie', made.id, { state: 'unknown' });
    const slip = slipOf('Bien reçu ?');
    await slip.getByText('It is not known whether this arrived').waitFor();
    assert.equal(await slip.getByRole('button', { name: 'Send again' }).count(), 0);
    await slip.getByRole('button', { name: said }).click();
    await slip.getByText(shown).waitFor();
    const settled = sent ? 'sent' : 'failed';
    await until('it is settled', () => story('conv_amelie').at(-1).reply.state === settled);
  });
}

test('a reply that waits its turn at the network says until when', async () => {
  await open('conv_amelie');
  await answer('Patience.');
  await slipOf('Patience.').getByText('Queued').waitFor();
  const made = await firstReply();
  const turn = new Date(Date.now() + 600_000).toISOString();
  gateway.desk.settle('conv_amelie', made.id, { waits_until: turn, wait_reason: 'rate_limited' });
  await slipOf('Patience.')
    .getByText(/Waits until \d\d:\d\d/)
    .waitFor();
});

test('what the customer wrote in between holds the reply back, and a second press sends it anyway', async () => {
  await open('conv_amelie');
  gateway.desk.refusals = [[409, 'newer_message', 'The customer wrote again.']];
  await answer('Votre colis est à Lille.');
  await page.getByText('The customer wrote again in the meantime.').waitFor();
  await until('the text is back', async () => (await box().inputValue()) === 'Votre colis est à Lille.');
  await slipOf('Votre colis est à Lille.').waitFor({ state: 'detached' });
  const [request] = await Promise.all([
    page.waitForRequest(/\/replies$/),
    page.getByRole('button', { name: 'Send anyway' }).click(),
  ]);
  assert.equal(request.postDataJSON().despite_newer, true);
  await slipOf('Votre colis est à Lille.').getByText('Queued').waitFor();
  await page.getByText('The customer wrote again in the meantime.').waitFor({ state: 'detached' });
});

test('without a connection the reply waits, can be taken back, and goes out once when the line is there', async () => {
  await open('conv_amelie');
  gateway.failures = [[/\/replies$/, 503]];
  await answer('Hors ligne');
  const slip = slipOf('Hors ligne');
  await slip.getByText('Waiting for the connection').waitFor();
  await slip.getByRole('button', { name: 'Take back' }).click();
  await slip.waitFor({ state: 'detached' });
  await until('the text is back', async () => (await box().inputValue()) === 'Hors ligne');
  await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
  await page.keyboard.press('Control+Enter');
  await slip.getByText('Waiting for the connection').waitFor();
  gateway.failures = [];
  gateway.live.cut();
  await slip.getByText('Queued').waitFor();
  assert.equal(story('conv_amelie').filter((each) => each.text === 'Hors ligne').length, 1);
});

test('a draft survives a reload, belongs to its conversation, and is gone once it was accepted', async () => {
  await open('conv_amelie');
  await box().fill('À moitié éc');
  await page.locator('[data-row=conv_amelie]').getByText('Draft').waitFor();
  await page.click('[data-row=conv_hana] a');
  await page.waitForURL(/conv_hana/);
  await page.waitForFunction(() => document.querySelector('textarea')?.value === '');
  await page.reload();
  await page.click('[data-row=conv_amelie] a');
  await page.waitForFunction(() => document.querySelector('textarea')?.value === 'À moitié éc');
  await box().focus();
  await page.keyboard.press('Control+Enter');
  await slipOf('À moitié éc').getByText('Queued').waitFor();
  await page.reload();
  await box().waitFor();
  assert.equal(await box().inputValue(), '');
  const kept = await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('draft')));
  assert.deepEqual(kept, []);
});

test('the page that goes while a reply is on its way neither loses it nor sends it twice', async () => {
  await open('conv_amelie');
  gateway.delay = 1_500;
  await answer('Juste avant de partir');
  await slipOf('Juste avant de partir').waitFor();
  const asked = () => gateway.requests.filter((each) => each.endsWith('/replies')).length;
  await until('the gateway hears of it', () => asked() > 0);
  await page.reload();
  const said = () => story('conv_amelie').filter((each) => each.text === 'Juste avant de partir').length;
  await until('the gateway has it', () => said() > 0);
  // Only now: what gives the right to answer back must not overtake it.
  gateway.delay = 0;
  await slipOf('Juste avant de partir').first().waitFor();
  // No answer came: it stands in the box still, and is asked for again with its own key.
  assert.equal(await box().inputValue(), 'Juste avant de partir');
  await box().focus();
  await page.keyboard.press('Control+Enter');
  await until('it is asked for again', () => asked() > 1);
  await until('the box is empty', async () => (await box().inputValue()) === '');
  assert.equal(said(), 1);
});
