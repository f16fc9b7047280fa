// The contact (S27), reminders (S12), what happened (S15) and drafts of other devices, on the scripted gateway.
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
const button = (name) => page.getByRole('button', { name, exact: true });
const entry = (name) => page.getByRole('menuitem', { name });

async function open(conversation) {
  await page.goto(`${gateway.url}/inbox/new/c/${conversation}`);
  await signIn(page, 'ana', password);
  await page.waitForSelector('[data-message]');
  await box().waitFor();
}

const panel = () => page.locator('[data-region=contact]');
const row = (id) => panel().locator(`[data-attribute=${id}]`);

test('S27: shows what is known in the administrator’s order, each by its type', async () => {
  await open('conv_amelie');
  await row('attr_language').waitFor();
  const names = await panel().locator('dt').allTextContents();
  assert.deepEqual(names.slice(0, 4), ['Language', 'Email', 'Account number', 'Affiliation']);
  assert.ok(!names.includes('Internal code'));
  assert.equal(await row('attr_email').locator('a').getAttribute('href'), 'mailto:amelie@roussel.example');
  assert.match(await row('attr_since').textContent(), /1 March 2019/);
  assert.match(await row('attr_orders').textContent(), /1,234/);
  assert.match(await row('attr_newsletter').textContent(), /Yes/);
  await button('Hide what is empty').click();
  assert.equal(await row('attr_affiliation').count(), 0);
  await page.getByRole('button', { name: /^Show 2 empty/ }).click();
  await row('attr_affiliation').waitFor();
});

test('a value is added and edited in its place, and refused with its reason', async () => {
  await open('conv_amelie');
  await button('Add Affiliation').click();
  await page.keyboard.type('Press');
  await page.keyboard.press('Enter');
  await row('attr_affiliation').getByText('Press').waitFor();
  await until('the value arrives', () => gateway.story.values.get('attr_affiliation')?.value === 'Press');
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Edit Affiliation');
  await button('Edit Email').click();
  await page.keyboard.type('no address');
  await page.keyboard.press('Enter');
  await page.getByText('Enter an e-mail address.').waitFor();
  await page.keyboard.press('Escape');
  await row('attr_email').getByText('amelie@roussel.example').waitFor();
  await button('Edit Language').click();
  await row('attr_language').locator('select').selectOption('English');
  await button('Save').click();
  await row('attr_language').getByText('English').waitFor();
});

test('what somebody else saved meanwhile is shown, and mine or theirs is kept as I say', async () => {
  await open('conv_amelie');
  await button('Edit Account number').click();
  await page.keyboard.type('mine-1');
  gateway.story.learn('attr_account', 'theirs-2');
  await page.getByText('Changed meanwhile to:').waitFor();
  await panel().getByText('theirs-2').waitFor();
  await button('Keep mine').click();
  await button('Save').click();
  await row('attr_account').getByText('mine-1').waitFor();
  await button('Edit Account number').click();
  await page.keyboard.type('mine-3');
  gateway.story.values.set('attr_account', {
    ...gateway.story.values.get('attr_account'),
    value: 'theirs-4',
    rev: 9,
  });
  await page.keyboard.press('Enter');
  await page.getByText('Changed meanwhile to:').waitFor();
  await button('Show theirs').click();
  await page.keyboard.press('Tab');
  await button('Save').click();
  await row('attr_account').getByText('theirs-4').waitFor();
});

test('an earlier conversation opens beside the one that is being worked on; the keys [ and ] make room', async () => {
  await open('conv_amelie');
  await panel().locator('[data-past=conv_marin]').click();
  const sheet = page.getByRole('dialog');
  await sheet.getByText('Merci, tout est arrivé !').waitFor();
  assert.match(page.url(), /conv_amelie/);
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.activeElement?.getAttribute('data-past') === 'conv_marin');
  await page.locator('[data-message]').last().focus();
  await page.keyboard.press(']');
  await panel().waitFor({ state: 'detached' });
  await page.keyboard.press('[');
  await page.locator('[data-region=list]').waitFor({ state: 'hidden' });
  await page.keyboard.press('j');
  await page.waitForURL(/conv_dario/);
  await page.keyboard.press('[');
  await page.locator('[data-region=list]').waitFor();
  await page.keyboard.press(']');
  await panel().waitFor();
});

test('S12: Pending until a chosen time, shown on the row and in the header, cancelled and undone', async () => {
  await open('conv_amelie');
  await page.locator('[data-opens=reminder]').click();
  await entry(/^In 4 hours/).click();
  await page.locator('[data-region=timeline] header [data-reminder]').waitFor();
  await page.locator('[data-activity=reminder_set]').waitFor();
  assert.equal(gateway.conversations.get('conv_amelie').row.state, 'pending');
  await button('Undo').click();
  await page.locator('[data-row=conv_amelie]').waitFor();
  gateway.change('conv_amelie', { reminder: null });
  await page.keyboard.press('b');
  await entry(/^Choose a time/).click();
  await page.getByRole('radio', { name: 'In 24 hours' }).check();
  await page.getByRole('textbox', { name: /^Note/ }).fill('Ask the depot');
  await button('Set the reminder').click();
  const reminder = () => gateway.conversations.get('conv_amelie').row.reminder;
  await until('the reminder arrives', () => reminder()?.note === 'Ask the depot');
  await page.locator('[data-region=timeline] header [data-reminder]').waitFor();
  await page.locator('[data-opens=reminder]').click();
  await entry(/^Cancel the reminder/).click();
  await page.locator('[data-region=timeline] header [data-reminder]').waitFor({ state: 'detached' });
  await until('it is cancelled', () => reminder() === null);
});

test('S15: what happened stands in the story between the messages, and comes in by itself', async () => {
  gateway.story.happened('conv_amelie', {
    kind: 'assigned',
    to: { member_id: 'member_marc', name: 'Marc Lefèvre' },
    name: 'Sacha Moreau',
  });
  await open('conv_amelie');
  await page.locator('[data-activity=assigned]', { hasText: 'Assigned to Marc Lefèvre' }).waitFor();
  const earlier = gateway.requests.length;
  gateway.desk.hand('conv_amelie');
  await page.locator('[data-activity=assigned]', { hasText: 'Assigned to Ana Petit' }).waitFor();
  // A push never causes a request; the read mark of what was raised is one of the member's own.
  const asked = gateway.requests.slice(earlier).filter((each) => !/notifications/.test(each));
  assert.deepEqual(asked, []);
});

test('a draft is on the server after two seconds and comes from another device when it is newer', async () => {
  await open('conv_amelie');
  await box().fill('written here');
  await until(
    'the draft arrives',
    () => gateway.story.drafts.get('conv_amelie reply')?.text === 'written here',
  );
  const newer = { kind: null, channel_id: null, in_reply_to: null, shorten_links: false };
  const written_at = new Date(Date.now() + 1_000).toISOString();
  gateway.story.draftElsewhere('conv_amelie', 'reply', { ...newer, text: 'from the telephone', written_at });
  await page.waitForFunction(() => document.querySelector('textarea')?.value === 'from the telephone');
  gateway.story.draftElsewhere('conv_hana', 'note', { ...newer, text: 'a note', written_at });
  await page.locator('[data-row=conv_hana]').getByText('Draft').waitFor();
  await box().fill('');
  await until('the draft goes', () => !gateway.story.drafts.has('conv_amelie reply'));
});
