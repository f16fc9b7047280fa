// An agent's own desk on the scripted gateway: availability, what is handed over, who owns what and why, and what
// one is told.
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

const ana = { member_id: 'member_ana', name: 'Ana Petit' };
const availability = () => page.locator('[data-availability]');
const offer = () => page.locator('[data-offer]');
const bell = () => page.locator('[data-notifications]');
const toast = () => page.locator('[data-toast]');
const owner = () => page.getByRole('button', { name: /^Owner:/ });
const address = () => new URL(page.url()).pathname;

async function open(path = '/inbox/new') {
  await page.goto(gateway.url + path);
  await signIn(page, 'ana', password);
  await availability().waitFor();
}

test('the first sign-in asks how to start, and the answer becomes the default if so wished', async () => {
  gateway.desk.availability = {
    ...gateway.desk.availability,
    availability: 'away',
    default_availability: null,
    never_chosen: true,
  };
  await open();
  const card = page.getByRole('dialog', { name: 'How do you want to start?' });
  await card.getByRole('button', { name: 'Lunch' }).waitFor();
  await card.getByRole('button', { name: /^Available/ }).click();
  await card.waitFor({ state: 'detached' });
  await availability().filter({ hasText: 'Available' }).waitFor();
  await until('it is the default', () => gateway.desk.availability.default_availability === 'available');
  await page.reload();
  await availability().waitFor();
  assert.equal(await page.getByRole('dialog').count(), 0);
});

test('the menu shows the time in the state, and goes to an away state of the organization', async () => {
  await open();
  assert.match(await availability().textContent(), /Available\s*12\s?min/);
  await availability().click();
  await page.getByText('Available for 12').waitFor();
  await page.getByRole('menuitemradio', { name: 'Break' }).click();
  await availability().filter({ hasText: 'Break' }).waitFor();
  await availability()
    .filter({ hasText: /<\s1\s?min/ })
    .waitFor();
  await until('the gateway knows', () => gateway.desk.availability.away_state_id === 'away_break');
});

for (const [choice, keeps] of [
  ['Hand them back', false],
  ['Keep them', true],
]) {
  test(`going away with work on the desk asks what becomes of it: ${choice}`, async () => {
    gateway.desk.availability = { ...gateway.desk.availability, load: 3 };
    await open();
    await page.keyboard.press('v');
    await page.getByRole('menuitemradio', { name: /^Away Nothing new/ }).click();
    await page.getByRole('dialog', { name: 'You still have 3 new conversations' }).waitFor();
    await page.getByRole('button', { name: choice }).click();
    await availability().filter({ hasText: 'Away' }).waitFor();
    await until('the gateway knows', () => gateway.desk.availability.availability === 'away');
    assert.equal(gateway.desk.availability.load, keeps ? 3 : 0);
    if (!keeps) await toast().getByText('3 conversations went back to the queue').waitFor();
  });
}

test('availability that changes elsewhere changes here', async () => {
  await open();
  const away = { ...gateway.desk.availability, availability: 'away', epoch: 9 };
  gateway.live.emit('availability', away);
  await availability().filter({ hasText: 'Away' }).waitFor();
});

test('what is handed over is offered at once, takes no focus, and one key opens it at the reply box', async () => {
  await open();
  await page.focus('[data-row=conv_nobody] a');
  const requests = gateway.requests.length;
  gateway.desk.hand('conv_hana');
  await offer().getByText('Assigned to you: Hana Sato').waitFor();
  await page.locator('[data-row=conv_hana]').getByText('With you').waitFor({ state: 'attached' });
  assert.equal(
    await page.evaluate(() => document.activeElement?.closest('[data-row]')?.dataset.row),
    'conv_nobody',
  );
  assert.equal(gateway.requests.length, requests, 'a push causes no request');
  await page.keyboard.press('o');
  await page.waitForURL(/conv_hana$/);
  await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
  await offer().waitFor({ state: 'detached' });
  await page.waitForSelector('[data-notifications="0"]');
  await until('it is read', () => gateway.desk.notifications.length === 0);
});

test('an offer stays until it is opened or goes to somebody else', async () => {
  await open();
  gateway.desk.hand('conv_hana');
  gateway.desk.hand('conv_layla');
  await offer().getByText('and 1 more').waitFor();
  gateway.desk.hand('conv_hana', marc);
  gateway.desk.withdraw('conv_hana');
  await offer()
    .getByText(/ليلى منصور/)
    .first()
    .waitFor();
  await page.getByText('and 1 more').waitFor({ state: 'detached' });
  await offer().getByRole('button', { name: 'Open' }).click();
  await page.waitForURL(/conv_layla$/);
  await offer().waitFor({ state: 'detached' });
});

test('a customer who answers is offered to the same agent again, with toast and badge', async () => {
  gateway.conversations.get('conv_kofi').row.owner = ana;
  await open('/inbox/pending');
  await page.waitForSelector('[data-row=conv_kofi]');
  const { contact } = gateway.conversations.get('conv_kofi').row;
  const author = { name: contact.name, handle: contact.handle };
  gateway.receive(
    message('conv_kofi', { network: 'x', kind: 'private_message', age: 0, author, text: 'Any news?' }),
    author,
  );
  gateway.desk.raise('conv_kofi', 'customer_answered');
  await offer().getByText('Kofi Mensah answered you').waitFor();
  await toast().getByText('The customer answered').waitFor();
  await bell().click();
  await page.getByRole('menuitem', { name: /Kofi Mensah/ }).click();
  await page.waitForURL(/conv_kofi$/);
  await toast().waitFor({ state: 'detached' });
  await page.waitForSelector('[data-notifications="0"]');
});

test('while away there is nothing but the badge, and what was read elsewhere goes here too', async () => {
  await open();
  gateway.desk.raise('conv_hana', 'customer_answered', true);
  await page.waitForSelector('[data-notifications="1"]');
  await page.waitForTimeout(300);
  assert.equal(await toast().count(), 0);
  gateway.desk.withdraw('conv_hana');
  await page.waitForSelector('[data-notifications="0"]');
});

test('what stood before one came is in the badge', async () => {
  gateway.desk.raise('conv_hana', 'assigned_to_you');
  await open();
  await page.waitForSelector('[data-notifications="1"]');
  assert.equal(await toast().count(), 0);
});

test('an agent takes what nobody has, and gives it back', async () => {
  await open('/inbox/new/c/conv_hana');
  await owner().filter({ hasText: 'Nobody' }).click();
  assert.equal(await page.getByText('Assign to').count(), 0, 'assigning to others is for supervisors');
  await page.getByRole('menuitem', { name: 'Take it' }).click();
  await owner().filter({ hasText: 'You' }).waitFor();
  assert.equal(await offer().count(), 0, 'what one takes is not offered');
  await page.keyboard.press('a');
  await page.getByRole('menuitem', { name: /^Unassign/ }).click();
  await owner().filter({ hasText: 'Nobody' }).waitFor();
});

test('a supervisor assigns to a colleague, whose availability and load are shown', async () => {
  gateway.me = { ...gateway.me, roles: ['supervisor'] };
  await open('/inbox/new/c/conv_hana');
  await owner().click();
  const colleague = page.getByRole('menuitem', { name: /Sacha Moreau/ });
  assert.match(await colleague.textContent(), /Lunch · 0 of 5/);
  assert.equal(await page.getByRole('menuitem', { name: /Ana Petit/ }).count(), 0);
  await page.getByRole('menuitem', { name: /Marc Lefèvre/ }).click();
  await owner().filter({ hasText: 'Marc Lefèvre' }).waitFor();
  await page.locator('[data-row=conv_hana]').getByText('With Marc Lefèvre').waitFor({ state: 'attached' });
});

const considered = [
  { ...ana, removed_by: null, load: 1, capacity: 5 },
  { ...marc, removed_by: 'at_capacity', load: 5, capacity: 5 },
  { member_id: 'member_sacha', name: 'Sacha Moreau', removed_by: 'away', load: 0, capacity: 5 },
];

const decision = (facts) => ({
  decision_id: 'dec_1',
  at: new Date().toISOString(),
  outcome: 'assigned',
  reason: null,
  member_id: null,
  name: null,
  by_member_id: null,
  by_name: null,
  waiting_since: new Date(Date.now() - 240_000).toISOString(),
  position: null,
  policy_version: 1,
  candidates: considered,
  ...facts,
});

test('“Why me?” tells who was considered and what spoke against each', async () => {
  gateway.desk.hand('conv_hana');
  gateway.desk.explanations.set('conv_hana', [decision({ ...ana })]);
  await open('/inbox/new/c/conv_hana');
  await page.waitForSelector('[data-message]');
  await page.keyboard.press('w');
  const panel = page.getByRole('dialog', { name: 'Why me?' });
  await panel.getByText('Handed to Ana Petit: the most free room among those available').waitFor();
  await panel.getByText(/It had waited for 4/).waitFor();
  assert.match(await panel.getByRole('row', { name: /Marc/ }).textContent(), /5 of 5At capacity/);
  assert.match(await panel.getByRole('row', { name: /Ana/ }).textContent(), /Chosen/);
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
});

test('“Why nobody yet?” tells what it waits for and its place', async () => {
  const facts = { outcome: 'waiting', reason: 'all_at_capacity', position: 3 };
  gateway.desk.explanations.set('conv_hana', [decision(facts)]);
  await open('/inbox/new/c/conv_hana');
  await owner().click();
  await page.getByRole('menuitem', { name: 'Why nobody yet?' }).click();
  const panel = page.getByRole('dialog');
  await panel.getByText('It waits: everybody available is at capacity').waitFor();
  await panel.getByText(/Place 3 in the queue\./).waitFor();
});

test('an owner who cannot be changed stays, and it is said why', async () => {
  await open('/inbox/new/c/conv_hana');
  gateway.failures = [[/\/take$/, 503]];
  await owner().click();
  await page.getByRole('menuitem', { name: 'Take it' }).click();
  await toast().getByText('The owner was not changed').waitFor();
  assert.equal(address(), '/inbox/new/c/conv_hana');
  await owner().filter({ hasText: 'Nobody' }).waitFor();
});
