// Lists: filtered and ordered by the address, and several of their conversations changed together.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { launch, openPage, signIn, until, violations } from '../browser.mjs';
import { manyConversations, message, rowOf } from '../fixtures/inbox.mjs';
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

const day = 24 * 60 * 60 * 1_000;

async function openInbox(path = '') {
  await page.goto(gateway.url + path);
  await signIn(page, 'ana', password);
}

const shownRows = () => page.$$eval('[data-row]', (all) => all.map((each) => each.getAttribute('data-row')));
const rowsAre = (ids) =>
  page.waitForFunction(
    (wanted) =>
      JSON.stringify([...document.querySelectorAll('[data-row]')].map((each) => each.dataset.row)) ===
      JSON.stringify(wanted),
    ids,
  );
const box = (id) => page.locator(`[data-row="${id}"] input[type=checkbox]`);
const bulk = (part) => page.locator(`[data-bulk=${part}]`);
const search = () => new URL(page.url()).search;
const shownCount = () => page.textContent('[data-list-count]');

function addMany(count) {
  for (const [id, conversation] of manyConversations(count)) gateway.conversations.set(id, conversation);
}

/** Where the session is there already. */
async function openInboxAgain(path) {
  await page.goto(gateway.url + path);
  await page.waitForSelector('[data-connection=live]');
}

test('filters and order are chosen by keys, stand in the address, survive a reload and another queue, and are cleared', async () => {
  gateway.change('conv_hana', { owner: { member_id: 'member_ana', name: 'Ana Petit' } });
  await openInbox();
  await page.keyboard.press('f');
  await page.getByLabel('Assigned to').selectOption('me');
  await rowsAre(['conv_hana']);
  assert.equal(search(), '?assignee=me');
  await until('they are counted', async () => (await shownCount()) === '1 conversation');
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.activeElement.textContent === '1 filter');
  await page.reload();
  await rowsAre(['conv_hana']);
  await page
    .getByRole('link', { name: /^Pending/ })
    .first()
    .click();
  await page.getByText('No conversation here goes with: Me.').waitFor();
  assert.equal(search(), '?assignee=me');
  assert.deepEqual(await violations(page), []);
  await page.getByRole('main').getByRole('button', { name: 'Clear filters' }).last().click();
  await page.waitForSelector('[data-row=conv_kofi]');
  assert.equal(search(), '');
});

test('filters and order by channel, kind, nobody and a colleague show what they say, and each can be taken away', async () => {
  gateway.change('conv_layla', { owner: { member_id: 'member_marc', name: 'Marc Lefèvre' } });
  await openInbox('/inbox/new?channel=chan_fb&kind=comment&assignee=member_marc');
  await rowsAre(['conv_layla']);
  await page.waitForSelector('text=With Marc Lefèvre');
  await page.click('[data-active-filter=assignee]');
  await rowsAre(
    gateway.lists.rows(new URLSearchParams('queue=new&channel_id=chan_fb&kind=comment')).map((row) => row.id),
  );
  await page.click('[data-active-filter=kind]');
  await page.click('[data-active-filter=channel]');
  await page.waitForSelector('[data-row=conv_amelie]');
  await openInboxAgain('/inbox/new?assignee=none');
  await page.waitForSelector('[data-row=conv_amelie]');
  assert.ok(!(await shownRows()).includes('conv_layla'));
});

test('filters and order take in and let go of rows as they change, without a request', async () => {
  await openInbox('/inbox/all?assignee=me');
  await page.getByText('Nothing matches').waitFor();
  const requests = gateway.requests.length;
  gateway.change('conv_kofi', { owner: { member_id: 'member_ana', name: 'Ana Petit' } });
  await rowsAre(['conv_kofi']);
  gateway.change('conv_kofi', { owner: null });
  await page.getByText('Nothing matches').waitFor();
  assert.equal(gateway.requests.length, requests);
});

test('filters and order show those with a draft, from the first word written to the last one removed', async () => {
  await openInbox('/inbox/new/c/conv_hana?draft=true');
  await page.getByText('Nothing matches').waitFor();
  await page.getByRole('textbox').first().fill('Bonjour Hana');
  await rowsAre(['conv_hana']);
  await page.getByRole('textbox').first().fill('');
  await page.getByText('Nothing matches').waitFor();
});

test('filters and order New begins with who waits longest, and can be turned around', async () => {
  await openInbox();
  const longest = gateway.lists.rows(new URLSearchParams('queue=new')).map((row) => row.id);
  await rowsAre(longest);
  await page.click('[data-filter-button]');
  await page.getByLabel('Order').selectOption('newest');
  await rowsAre(gateway.lists.rows(new URLSearchParams('queue=new&sort=newest')).map((row) => row.id));
  assert.equal(search(), '?sort=newest');
  await page.getByLabel('Order').selectOption('waiting');
  await rowsAre(longest);
  assert.equal(search(), '');
});

test('several conversations are resolved by keys alone: selected, extended, done, named where refused, and taken back', async () => {
  gateway.lists.refusals.set('conv_hana', { code: 'newer_message', sentence: 'There is a newer message.' });
  await openInbox();
  const all = await shownRows();
  await page.locator('[data-row-link]').first().focus();
  await page.keyboard.press('x');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await bulk('actions').getByText('3 selected').waitFor();
  await page.keyboard.press('*');
  await page.keyboard.press('a');
  await bulk('actions').getByText(`${all.length} selected`).waitFor();
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press('e');
  await bulk('outcome')
    .getByText(`${all.length - 1} done. 1 not.`)
    .waitFor();
  await rowsAre(['conv_hana']);
  await bulk('outcome').getByRole('button', { name: 'Show' }).click();
  const refused = page.locator('[data-refused=conv_hana]');
  assert.match(await refused.textContent(), /Hana Sato.*The customer has written meanwhile/);
  assert.deepEqual(await violations(page), []);
  await page.locator('[data-row-link]').first().focus();
  await page.keyboard.press('z');
  await bulk('outcome')
    .getByText(`${all.length - 1} taken back.`)
    .waitFor();
  await rowsAre(all);
  await page.keyboard.press('Escape');
  await bulk('outcome').waitFor({ state: 'detached' });
});

test('several conversations by pointer: a range with shift, Pending, and the checkbox above', async () => {
  await openInbox();
  const all = await shownRows();
  const placeOf = async () => (await page.locator(`[data-row="${all[3]}"]`).boundingBox()).y;
  const place = await placeOf();
  await box(all[0]).click();
  await box(all[2]).click({ modifiers: ['Shift'] });
  await bulk('actions').getByText('3 selected').waitFor();
  assert.equal(await placeOf(), place, 'no row moves because something was selected');
  await bulk('actions').getByRole('button', { name: 'Pending' }).click();
  await bulk('outcome').getByText('3 done.').waitFor();
  await rowsAre(all.slice(3));
  assert.deepEqual(
    gateway.lists.bulks.map(({ action }) => action),
    [{ to: 'pending' }],
  );
  await page.getByRole('checkbox', { name: 'Select all' }).click();
  await bulk('actions')
    .getByText(`${all.length - 3} selected`)
    .waitFor();
  await page.getByRole('checkbox', { name: 'Select all' }).click();
  await bulk('actions').waitFor({ state: 'detached' });
});

test('several conversations are assigned to a colleague and given back to whom they belonged', async () => {
  gateway.me.roles = ['supervisor'];
  gateway.change('conv_hana', { owner: { member_id: 'member_sacha', name: 'Sacha Moreau' } });
  await openInbox();
  await box('conv_hana').click();
  await box('conv_amelie').click();
  await page.keyboard.press('a');
  await page.getByRole('menuitem', { name: 'Marc Lefèvre' }).click();
  await bulk('outcome').getByText('2 done.').waitFor();
  const owners = () =>
    ['conv_hana', 'conv_amelie'].map((id) => gateway.conversations.get(id).row.owner?.name);
  assert.deepEqual(owners(), ['Marc Lefèvre', 'Marc Lefèvre']);
  await bulk('outcome').getByRole('button', { name: 'Undo' }).click();
  await bulk('outcome').getByText('2 taken back.').waitFor();
  assert.deepEqual(owners(), ['Sacha Moreau', undefined]);
});

test('several conversations many of them show how far it is, and can be stopped', async () => {
  addMany(120);
  await openInbox();
  await page.getByRole('checkbox', { name: 'Select all' }).click();
  gateway.delay = 60_000;
  await bulk('actions').getByRole('button', { name: 'Resolve' }).click();
  await bulk('progress')
    .getByText(/^\d+ of 1\d\d$/)
    .waitFor();
  assert.deepEqual(await violations(page), []);
  await bulk('progress').getByRole('button', { name: 'Stop' }).click();
  gateway.delay = 0;
  await bulk('outcome')
    .getByText(/ left out\./)
    .waitFor();
  const done = gateway.lists.bulks.length * 25;
  assert.equal(done, 25);
  assert.match(await bulk('outcome').textContent(), new RegExp(`^${done} done\\. \\d+ left out\\.`));
});

test('several conversations Resolved ones are reopened', async () => {
  await openInbox('/inbox/resolved');
  await box('conv_marin').click();
  await bulk('actions').getByRole('button', { name: 'Reopen' }).click();
  await bulk('outcome').getByText('1 done.').waitFor();
  assert.equal(gateway.conversations.get('conv_marin').row.state, 'new');
});

test('Resolved ends three months back and says where the older ones are', async () => {
  const messages = [message('conv_old', { network: 'x', kind: 'post', age: 130 * day, text: 'Autrefois' })];
  const row = rowOf('conv_old', { name: 'Rémi Jadis', handle: 'remi' }, messages, { state: 'resolved' });
  gateway.conversations.set('conv_old', { row, messages });
  await openInbox('/inbox/resolved');
  await page.getByText('more than three months ago are not shown here. Search finds them.').waitFor();
  assert.ok(!(await shownRows()).includes('conv_old'));
  // It is read by its address, and is still not in the list.
  await openInboxAgain('/inbox/resolved/c/conv_old');
  await page.waitForSelector('[data-message]');
  assert.ok(!(await shownRows()).includes('conv_old'));
});
