// What members set for themselves and supervisors for everybody: appearance and keys that follow a member to other
// devices, away states. In Chromium, against the scripted gateway.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { launch, openPage, signIn, until } from '../browser.mjs';
import { enter as goTo } from '../entering.mjs';
import { everyLook } from '../looks.mjs';
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
  await Promise.all(browser.contexts().map((context) => context.close()));
  await gateway.close();
  assert.deepEqual(faults, []);
});

const enter = (path, on = page) => goTo(on, gateway, path);

const names = () =>
  page
    .locator('main ul li')
    .evaluateAll((rows) => rows.map((row) => row.querySelector('[dir=auto]').textContent));
const offered = async () => {
  await page.click('[data-availability]');
  await page.getByRole('menu').waitFor();
  const items = await page.getByRole('menuitemradio').allTextContents();
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'detached' });
  return items.filter((item) => !/^(Available|Away)/.test(item));
};

// Away states

test('a supervisor adds, renames, switches off and orders away states, and the menu follows at once', async () => {
  gateway.me.roles = ['agent', 'supervisor'];
  await enter('/admin/away-states');
  assert.deepEqual(await names(), ['Lunch', 'Break', 'Meeting']);
  await until('the menu offers them', async () => (await offered()).join() === 'Lunch,Break,Meeting');

  await page.getByRole('button', { name: 'Add away state' }).click();
  await page.getByLabel('Name').fill('Lunch');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('There is one of this name already.').waitFor();
  await page.getByLabel('Name').fill('Training');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await until('it is listed', async () => (await names()).includes('Training'));

  await page.getByRole('button', { name: 'Edit Break' }).click();
  await page.getByLabel('Name').fill('Coffee');
  await page.keyboard.press('Enter');
  await until('it is renamed', async () => (await names()).includes('Coffee'));
  await page.getByRole('switch', { name: 'Offer Meeting' }).click();
  await page.getByRole('switch', { name: 'Offer Meeting', checked: false }).waitFor();
  await until('the menu follows', async () => (await offered()).join() === 'Lunch,Coffee,Training');

  // By buttons, then by drag.
  await page.getByRole('button', { name: 'Move Training up' }).click();
  await page.getByRole('button', { name: 'Save the order' }).click();
  await until('it is saved', () => gateway.personal.awayStates.map((each) => each.name)[2] === 'Training');
  await page.getByRole('button', { name: 'Save the order' }).waitFor({ state: 'detached' });
  const row = (name) => page.locator('main li', { hasText: name }).locator('[draggable]');
  await row('Training').dragTo(row('Lunch'));
  await until('it is first', async () => (await names())[0] === 'Training');
  await page.getByRole('button', { name: 'Save the order' }).click();
  await until('the menu is in order', async () => (await offered()).join() === 'Training,Lunch,Coffee');
});

test('what another supervisor changes meanwhile is seen at once, and is not written over', async () => {
  gateway.me.roles = ['agent', 'admin'];
  await enter('/admin/away-states');
  await page.getByRole('button', { name: 'Edit Lunch' }).click();
  gateway.personal.answer('PATCH', '/settings/away-states/away_lunch', { name: 'Noon', rev: 1 });
  await page.getByLabel('Name').fill('Midday');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText(/Somebody else changed this meanwhile/).waitFor();
  await page.keyboard.press('Escape');
  await until('the other name is seen', async () => (await names())[0] === 'Noon');
});

test('an agent is told who may, and a supervisor finds what is theirs alone', async () => {
  await enter('/admin/away-states');
  await page.getByText('This page is for administrators').waitFor();
  assert.equal(await page.getByRole('link', { name: 'Administration' }).count(), 0);
  assert.equal(gateway.requests.includes('GET /settings/away-states'), false);
  gateway.me.roles = ['agent', 'supervisor'];
  await enter('/inbox/new');
  await page.getByRole('link', { name: 'Administration' }).click();
  await page.waitForURL(/\/admin\/away-states$/);
  assert.deepEqual(await page.locator('nav[aria-label=Administration] a').allTextContents(), ['Away states']);
});

test('link settings that somebody else changed are read again on an open screen', async () => {
  gateway.me.roles = ['agent', 'admin'];
  await enter('/admin/link-shortening');
  await page.getByText('Short links on go.quai.example').waitFor();
  gateway.personal.chooseLinks('built_in', 'kurz.example');
  await page.getByText('Short links on kurz.example').waitFor();
});

// Appearance and keys

const theme = (on) => on.getAttribute('html', 'data-theme');

test('a theme and a language chosen on one device are there on another', async () => {
  await enter('/me/appearance');
  await page.getByRole('radio', { name: 'Dark' }).click();
  assert.equal(await theme(page), 'dark', 'at once');
  await page.getByRole('radio', { name: 'Français' }).click();
  await page.getByRole('heading', { name: 'Apparence' }).waitFor();
  await until('the server is told', () => gateway.personal.preferences.language === 'fr');
  assert.deepEqual(gateway.personal.preferences.appearance, 'dark');
  const other = await openPage(browser);
  await enter('/inbox/new', other);
  await until('the other device follows', async () => (await theme(other)) === 'dark');
  assert.equal(await other.getAttribute('html', 'lang'), 'fr');
  assert.deepEqual(other.faults, []);
});

test('what is chosen while the server is away holds, and is told when it is back', async () => {
  await enter('/me/appearance');
  gateway.failures = [[/^\/preferences$/, 503]];
  await page.getByRole('radio', { name: 'Dark' }).click();
  await page.waitForTimeout(1_200);
  assert.equal(gateway.personal.preferences.rev, 0);
  await page.reload();
  assert.equal(await theme(page), 'dark', 'before the first paint');
  gateway.failures = [];
  gateway.live.cut();
  await until('the server is told', () => gateway.personal.preferences.appearance === 'dark');
});

test('the first view waits for no preferences', async () => {
  await enter();
  const hanging = new Promise(() => undefined);
  await page.route('**/api/v1/preferences', () => hanging);
  await page.reload();
  await page.waitForSelector('[data-row]');
});

test('a key can be another one, which no two commands share, and letters can be turned off', async () => {
  await enter('/me/keyboard');
  const reply = page.getByRole('button', { name: /^Change the key: Reply \(to/ });
  await reply.click();
  await page.keyboard.press('j');
  await page.getByText('Already taken: Next conversation').waitFor();
  await page.keyboard.press('i');
  await page.getByRole('button', { name: 'Reset: Reply (to the message in focus)' }).waitFor();
  await until('the server is told', () => gateway.personal.preferences.keyboard.keys['reply.focus'] === 'i');

  await page.goto(`${gateway.url}/inbox/new/c/conv_amelie`);
  const box = page.locator('[data-region=composer] textarea');
  await box.waitFor();
  const isInBox = () => box.evaluate((element) => element === document.activeElement);
  await page.locator('body').press('r');
  assert.equal(await isInBox(), false);
  await page.locator('body').press('i');
  await until('the reply has the focus', isInBox);
  await page.keyboard.press('Escape');
  await page.locator('body').press('?');
  await page.getByRole('dialog').getByText('Reply (to the message in focus)').waitFor();
  const line = page
    .getByRole('dialog')
    .locator('div', { has: page.locator('dt', { hasText: /^Reply \(to/ }) });
  assert.match(await line.last().innerText(), /I$/);
  await page.getByRole('checkbox', { name: /Single-letter keys/ }).uncheck();
  await page.keyboard.press('Escape');
  await page.locator('body').press('i');
  assert.equal(await isInBox(), false);
  await until('that is told as well', () => !gateway.personal.preferences.keyboard.single_letters);
});

everyLook((screen, world) => {
  const show = (name, path, ready) =>
    screen(name, async () => {
      const { page: at, gateway: of } = world();
      of.me.roles = ['agent', 'admin'];
      await at.goto(of.url + path);
      if ((await at.locator('[name=password]').count()) > 0 || !of.isSignedIn) {
        await signIn(at, 'ana', password);
        await at.goto(of.url + path);
      }
      await at.waitForSelector(ready);
    });
  show('away-states', '/admin/away-states', 'main [role=switch]');
  screen('away-state-edit', async () => {
    const { page: at } = world();
    await at.locator('main li button').last().click();
    await at.waitForSelector('[role=dialog]');
  });
  show('appearance', '/me/appearance', 'main [type=radio]');
  show('keyboard', '/me/keyboard', 'main kbd');
  show('notification-preferences', '/me/notifications', '[data-push]');
});
