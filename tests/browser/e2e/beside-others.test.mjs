// Answering beside others on the scripted gateway: the right to answer, taking over, who looks and writes; and the
// states by hand, with their undoing and the customer's next word.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { launch, openPage, signIn, until } from '../browser.mjs';
import { message } from '../fixtures/inbox.mjs';
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
const slipOf = (text) => page.locator('[data-message]', { hasText: text });
const sendButton = () => page.getByRole('button', { name: /^Send/ });
const stateOf = (id) => gateway.conversations.get(id).row.state;

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

function write(conversation, text) {
  const { row } = gateway.conversations.get(conversation);
  const author = { name: row.contact.name, handle: row.contact.handle };
  const made = message(conversation, { network: row.network, kind: 'private_message', age: 0, author, text });
  gateway.receive(made, author);
  return made;
}

test('the right to answer is taken with the focus, told to others, and given back on leaving', async () => {
  await open('conv_amelie');
  await box().focus();
  const holder = () => gateway.desk.locks.get('conv_amelie')?.lock.member_id;
  await until('the right to answer is taken', () => holder() === 'member_ana');
  await page.keyboard.type('Bonj');
  await until('it is told that one writes', () => gateway.live.typing.length > 0);
  assert.deepEqual(gateway.live.typing.at(-1), { t: 'typing', conversation: 'conv_amelie', on: true });
  await page.click('[data-row=conv_hana] a');
  await page.waitForURL(/conv_hana/);
  await until('the right to answer is given back', () => holder() === undefined);
  await until('it is told that one stopped', () => gateway.live.typing.at(-1).on === false);
});

test('an agent sees who answers, cannot send meanwhile, and may not take over what is not theirs', async () => {
  await open('conv_amelie');
  gateway.desk.lockFor('conv_amelie');
  await page.getByText('Marc Lefèvre is answering this conversation.').waitFor();
  await box().fill('Moi aussi');
  assert.equal(await page.getByRole('button', { name: 'Take over' }).count(), 0);
  assert.equal(await sendButton().getAttribute('aria-disabled'), 'true');
  gateway.desk.unlock('conv_amelie');
  await page.getByText('Marc Lefèvre is answering this conversation.').waitFor({ state: 'detached' });
  await page.keyboard.press('Control+Enter');
  await slipOf('Moi aussi').waitFor();
});

test('a supervisor takes over; whoever is displaced keeps the text', async () => {
  gateway.me = { ...gateway.me, roles: ['supervisor'] };
  await open('conv_amelie');
  gateway.desk.lockFor('conv_amelie');
  await page.getByRole('button', { name: 'Take over' }).click();
  await page.getByText('Marc Lefèvre is answering').waitFor({ state: 'detached' });
  await box().fill('À moi');
  gateway.desk.lockFor('conv_amelie');
  await page.getByText('Marc Lefèvre took over. Your text is kept.').waitFor();
  assert.equal(await box().inputValue(), 'À moi');
  await page.getByRole('button', { name: 'Take over' }).click();
  await page.getByText('Marc Lefèvre took over.').waitFor({ state: 'detached' });
  // The right to answer is back only when the gateway has said so.
  await sendButton().and(page.locator(':not([aria-disabled="true"])')).waitFor();
  await page.keyboard.press('r');
  await page.keyboard.press('Control+Enter');
  await slipOf('À moi').first().waitFor();
});

test('a reply that lost the right to answer on its way comes back with its text', async () => {
  await open('conv_amelie');
  gateway.desk.refusals = [[409, 'lock_lost', 'Somebody else is answering.']];
  await answer('Trop lent');
  await page.getByText('Somebody else is answering.').waitFor();
  await until('the text is back', async () => (await box().inputValue()) === 'Trop lent');
});

test('colleagues who look and write are named', async () => {
  await open('conv_amelie');
  const tell = (typing) =>
    gateway.live.aside('viewers', {
      conversation_id: 'conv_amelie',
      viewers: [
        { member_id: 'member_ana', name: 'Ana Petit', typing: false },
        { ...marc, typing },
      ],
    });
  tell(false);
  await page.getByText('Marc Lefèvre is viewing').waitFor();
  tell(true);
  await page.getByText('Marc Lefèvre is writing…').waitFor();
});

test('Pending and Resolve by hand can be undone for a moment, and what is resolved reopened', async () => {
  await open('conv_hana');
  await page.getByRole('button', { name: 'Pending' }).click();
  await page.locator('[data-toast]').getByText('Set to Pending').waitFor();
  assert.equal(stateOf('conv_hana'), 'pending');
  await page.getByRole('button', { name: 'Undo' }).click();
  await until('it is New again', () => stateOf('conv_hana') === 'new');
  await page.locator('[data-row=conv_hana]').waitFor();
  await page.getByRole('button', { name: 'Pending' }).waitFor();
  await page.keyboard.press('e');
  await page.locator('[data-toast]').getByText('Resolved').waitFor();
  assert.equal(stateOf('conv_hana'), 'resolved');
  // A toast waits as long as the pointer rests on it.
  await page.mouse.move(700, 300);
  await page.locator('[data-toast]').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Reopen' }).click();
  await until('it is reopened', () => stateOf('conv_hana') === 'new');
  await page.locator('[data-row=conv_hana]').waitFor();
  await page.getByRole('button', { name: 'Pending' }).waitFor();
  await page.keyboard.press('p');
  await until('it is Pending', () => stateOf('conv_hana') === 'pending');
  await page.locator('[data-toast]').getByText('Set to Pending').waitFor();
  await page.keyboard.press('z');
  await until('that is undone', () => stateOf('conv_hana') === 'new');
});

test('the answer of a customer whose conversation is open brings it back to New and is in the story', async () => {
  await open('conv_amelie');
  await answer('On regarde.');
  await slipOf('On regarde.').getByText('Queued').waitFor();
  const made = write('conv_amelie', 'Merci !');
  await page.waitForSelector(`[data-message="${made.id}"]`);
  await page.getByRole('button', { name: 'Pending' }).waitFor();
});
