// The whole way, on a running product: an agent signs in, customers of the simulated networks arrive by themselves,
// and what a person writes at /playground appears in the workspace without anyone touching it. In both languages.
//   GUICHET_URL=http://… GUICHET_LOGIN=… GUICHET_PASSWORD=… node --test e2e/journey.test.mjs
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, openPage, putOffFirstChoice, screenshot, signIn, violations } from '../browser.mjs';
import { skipped } from '../product.mjs';

const { GUICHET_URL: url, GUICHET_LOGIN: login, GUICHET_PASSWORD: password } = process.env;
const missing = skipped(
  [url, login, password].includes(undefined) &&
    'GUICHET_URL, GUICHET_LOGIN and GUICHET_PASSWORD name no running product',
);

const words = {
  en: { new: 'New', mention: 'Public mention', comment: 'Comment', viewOnX: /View on X/, user: /Account of/ },
  fr: {
    new: 'Nouveau',
    mention: 'Mention publique',
    comment: 'Commentaire',
    viewOnX: /Voir sur X/,
    user: /Compte de/,
  },
};

let browser;
before(async () => {
  if (!missing) browser = await launch();
});
after(() => browser?.close());

for (const language of ['en', 'fr']) {
  describe(`an agent who reads ${language}`, { skip: missing }, () => journey(language));
}

function journey(language) {
  const world = { language, said: words[language] };
  before(async () => {
    world.page = await openPage(browser, { language, theme: language === 'en' ? 'light' : 'dark' });
    world.playground = await world.page.context().newPage();
  });
  after(() => world.page.context().close());
  test('signs in and sees conversations arrive from the playground within a minute', () => arrivals(world));
  test('sees a mention written by hand appear without touching anything, with its whole header', () =>
    mention(world));
  test('sees the next words of the same customer come into the open conversation', () => nextWords(world));
  test('sees a comment on Facebook arrive as one', () => comment(world));
  test('reads every queue, and leaves nothing behind when signing out', () => queuesAndOut(world));
}

async function arrivals({ page, language, said }) {
  const start = Date.now();
  await page.goto(url);
  await page.waitForSelector('[name=login]');
  await screenshot(page, `journey-${language}-1-sign-in`);
  await signIn(page, login, password);
  await putOffFirstChoice(page);
  await page.waitForSelector('[data-row]', { timeout: 60_000 - (Date.now() - start) });
  const heading = new RegExp(`^${said.new}`);
  await page.getByRole('link', { name: heading }).first().waitFor();
  await screenshot(page, `journey-${language}-2-conversations`);
  assert.deepEqual(await violations(page), []);
}

/** Latest activity first, so that what arrives is in sight. */
async function watchAll(page) {
  await page.goto(`${url}/inbox/all`);
  await page.waitForSelector('[data-connection=live]');
  await page.waitForSelector('[data-row]');
}

async function mention({ page, playground, language, said }) {
  const text = written(language);
  await watchAll(page);
  await write(playground, 'x', text);
  const row = page.locator('[data-row]', { hasText: text });
  await row.waitFor({ timeout: 20_000 });
  await screenshot(page, `journey-${language}-3-mention-arrived`);
  await row.getByRole('link').click();
  const slip = page.locator('[data-message]', { hasText: text });
  await slip.waitFor();
  await slip.getByText(said.mention).waitFor();
  assert.match(await slip.locator('time').textContent(), /^\d\d:\d\d$/);
  assert.notEqual((await slip.locator('h3').textContent()).trim(), '');
  await screenshot(page, `journey-${language}-4-conversation`);
  assert.deepEqual(await violations(page), []);
  const [opened] = await Promise.all([
    page.context().waitForEvent('page'),
    slip.getByRole('link', { name: said.viewOnX }).click(),
  ]);
  await opened.getByText(text).first().waitFor();
  await opened.close();
}

async function nextWords({ page, playground, language }) {
  const text = written(language);
  await write(playground, 'x', text);
  await page.locator('[data-message]', { hasText: text }).waitFor({ timeout: 20_000 });
}

async function comment({ page, playground, language, said }) {
  const text = written(language);
  await watchAll(page);
  await write(playground, 'facebook', text);
  const row = page.locator('[data-row]', { hasText: text });
  await row.waitFor({ timeout: 20_000 });
  assert.match(await row.textContent(), new RegExp(`Facebook · ${said.comment}`));
  await row.getByRole('link').click();
  const slip = page.locator('[data-message]', { hasText: text });
  await slip.waitFor();
  assert.equal(await slip.count(), 1);
  await screenshot(page, `journey-${language}-5-comment`);
}

async function queuesAndOut({ page, said }) {
  for (const queue of ['new', 'pending', 'all', 'resolved']) {
    await page.goto(`${url}/inbox/${queue}`);
    await page.waitForSelector('[data-connection=live]');
    await page.waitForSelector('[data-row], [data-region=list] p');
    assert.equal(await page.locator('[role=alert]').count(), 0, queue);
  }
  await page.getByRole('button', { name: said.user }).click();
  await page.getByRole('menuitem').last().click();
  await page.waitForSelector('[name=password]');
  assert.deepEqual(page.faults, []);
}

/** A text that no other run has written. */
function written(language) {
  const number = Math.random().toString(36).slice(2, 8).toUpperCase();
  return language === 'fr'
    ? `Bonjour, où en est la commande ${number} ?`
    : `Hello, where is my order ${number}?`;
}

/** Writes as a customer on the playground's page, on the phone of one network. */
async function write(playground, network, text) {
  await playground.goto(`${url}/playground`);
  await playground.waitForSelector('body[data-ready]');
  const phone = playground.locator(`.phone[data-network=${network}]`);
  await phone.locator('textarea[name=text]').fill(text);
  await phone.locator('button[type=submit]').click();
  await phone.locator('p[role=status]').filter({ hasText: /\S/ }).waitFor();
  assert.equal(await phone.locator('p[role=status][data-failed]').count(), 0);
}
