// The main job on a running product: a customer writes, the agent who is Available is handed it and answers, the
// customer answers back, the same agent has it again and resolves it. On both networks, in public and in private, in
// both languages. A second agent, who is Away, is handed nothing.
//   GUICHET_URL=http://… GUICHET_DEMO=…/demo.toml node --test e2e/journey-both-ways.test.mjs
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { firstChoice, launch, openPage, screenshot, signIn, until, violations } from '../browser.mjs';
import { skipped } from '../product.mjs';

const { GUICHET_URL: url, GUICHET_DEMO: demo } = process.env;
const missing = skipped(
  (url === undefined || demo === undefined) && 'GUICHET_URL and GUICHET_DEMO name no running product',
);

/** Long enough for a machine that does other things as well. */
const patience = 20_000;

const ways = [
  { network: 'x', kind: 'mention', answered: 'reply' },
  { network: 'x', kind: 'message', answered: 'direct_message' },
  { network: 'facebook', kind: 'comment', answered: 'comment' },
  { network: 'facebook', kind: 'message', answered: 'message' },
];

let browser;
before(async () => {
  if (!missing) browser = await launch();
});
after(() => browser?.close());

for (const language of ['en', 'fr']) {
  describe(`two agents who read ${language}`, { skip: missing }, () => journey(language));
}

function journey(language) {
  const world = { language };
  before(() => arrive(world));
  after(() => leave(world));
  for (const way of ways) {
    test(`${way.network}, ${way.kind}: handed over, answered, answered back, handed to the same agent, resolved`, () =>
      bothWays(world, way));
  }
  test('a mention is answered from the second account', () => fromSecondAccount(world));
  test('a mention is answered by a direct message', () => byDirectMessage(world));
  test('the agent who is away was handed nothing', () => nothingForTheOther(world));
}

async function arrive(world) {
  const { language } = world;
  const theme = language === 'en' ? 'light' : 'dark';
  world.lea = await openPage(browser, { language, theme });
  world.noah = await openPage(browser, { language, theme });
  for (const page of [world.lea, world.noah]) page.context().setDefaultTimeout(patience);
  world.playground = await world.lea.context().newPage();
  await world.playground.goto(`${url}/playground`);
  await world.playground.waitForSelector('body[data-ready]');
  await pauseCustomers(world.playground);
  await enter(world.noah, 'noah', 'away');
  await enter(world.lea, 'lea', 'away');
  await resolveEverything(world.lea);
  await become(world.lea, 'available');
}

async function leave({ lea, noah, playground }) {
  await become(lea, 'away').catch(() => undefined);
  await resumeCustomers(playground).catch(() => undefined);
  const faults = [...lea.faults, ...noah.faults];
  await lea.context().close();
  await noah.context().close();
  assert.deepEqual(faults, []);
}

// Agents

function passwordOf(login) {
  const [, password] = new RegExp(`login = "${login}"\\s+password = "([^"]+)"`).exec(
    readFileSync(demo, 'utf8'),
  );
  return password;
}

async function enter(page, login, availability) {
  await page.goto(url);
  await signIn(page, login, passwordOf(login));
  const card = await firstChoice(page);
  if (card) {
    const [available, away] = await card.locator('button.rounded-slip').all();
    await (availability === 'available' ? available : away).click();
    await card.waitFor({ state: 'detached' });
  } else await become(page, availability);
  await page.waitForSelector(`[data-availability=${availability}]`);
}

/** Available and Away are the first two of the menu. */
async function become(page, availability) {
  if ((await page.getAttribute('[data-availability]', 'data-availability')) === availability) return;
  await page.click('[data-availability]');
  await page
    .locator('[role=menuitemradio]')
    .nth(availability === 'available' ? 0 : 1)
    .click();
  const question = page.locator('[role=dialog] [data-first]');
  const done = page.locator(`[data-availability=${availability}]`);
  await question.or(done).first().waitFor();
  if (await question.isVisible()) await question.click();
  await done.waitFor();
}

/** What other tests and played customers left would be handed over first. */
function resolveEverything(page) {
  return page.evaluate(async () => {
    const { csrf } = await (await fetch('/api/v1/session')).json();
    const headers = { 'x-guichet-csrf': csrf, 'content-type': 'application/json' };
    for (let rounds = 0; rounds < 20; rounds += 1) {
      const { rows } = await (await fetch('/api/v1/conversations?queue=new&limit=100')).json();
      if (rows.length === 0) return;
      await Promise.all(
        rows.map((row) => {
          const body = JSON.stringify({ key: crypto.randomUUID(), to: 'resolved', seen_through: 1_000_000 });
          return fetch(`/api/v1/conversations/${row.id}/state`, { method: 'POST', headers, body });
        }),
      );
    }
  });
}

async function takeOffer(page, text) {
  await page.waitForSelector('[data-offer]', { timeout: patience });
  const id = await page.getAttribute('[data-offer]', 'data-offer');
  await page.keyboard.press('o');
  await page.waitForURL(new RegExp(`${id}$`));
  await page.locator('[data-message]', { hasText: text }).waitFor();
  await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
  return id;
}

async function answer(page, text) {
  await page.fill('[data-region=composer] textarea', text);
  await page.keyboard.press('Control+Enter');
  await page.locator('[data-message]', { hasText: text }).waitFor();
  await page.waitForSelector('header [data-state=pending]');
}

async function choose(page, what, index) {
  await page.click(`[data-chooses=${what}]`);
  await page.locator('[role=menuitemradio]').nth(index).click();
  await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
}

async function resolve(page) {
  await page.locator('[data-region=composer] textarea').press('Escape');
  await page.keyboard.press('e');
  await page.waitForSelector('header [data-state=resolved]');
}

async function toList(page) {
  await page.goto(`${url}/inbox/new`);
  await page.waitForSelector('[data-connection=live]');
}

// Customers

async function setRunning(playground, isWanted) {
  const state = () => playground.evaluate(async () => (await fetch('/playground/api/state')).json());
  const isSo = ({ generator, pending }) => generator.running === isWanted && (isWanted || pending === 0);
  if ((await state()).generator.running !== isWanted) await playground.click('#generator-running');
  await until('the customers do as wished', async () => isSo(await state()));
}

const pauseCustomers = (playground) => setRunning(playground, false);
const resumeCustomers = (playground) => setRunning(playground, true);

const phoneOf = (playground, network) => playground.locator(`.phone[data-network=${network}]`);

async function sendFrom(phone, text) {
  await phone.locator('textarea[name=text]').fill(text);
  await phone.locator('button[type=submit]').click();
  await phone.locator('p[role=status]').filter({ hasText: /\S/ }).waitFor();
  assert.equal(await phone.locator('p[role=status][data-failed]').count(), 0);
}

async function write(playground, network, kind, text) {
  const phone = phoneOf(playground, network);
  await phone.locator(`input[type=radio][value=${kind}]`).check();
  await sendFrom(phone, text);
}

/** What the business said, as its customer sees it. */
function saidBy(playground, text) {
  return playground.locator('#business li', { hasText: text });
}

async function answerBack(playground, network, said, text) {
  await saidBy(playground, said).locator('[data-answer]').click();
  await sendFrom(phoneOf(playground, network), text);
}

let written = 0;

function words(language, what) {
  written += 1;
  const number = `${Date.now().toString(36)}${written}`.toUpperCase();
  const texts = {
    en: {
      asks: `Where is my order ${number}?`,
      answers: `On its way, ${number}.`,
      thanks: `Thank you ${number}`,
    },
    fr: {
      asks: `Où est ma commande ${number} ?`,
      answers: `En route, ${number}.`,
      thanks: `Merci ${number}`,
    },
  };
  return texts[language][what];
}

// The journeys

async function bothWays({ language, lea, noah, playground }, { network, kind, answered }) {
  await toList(lea);
  const question = words(language, 'asks');
  await write(playground, network, kind, question);
  const id = await takeOffer(lea, question);
  await screenshot(lea, `both-ways-${language}-${network}-${kind}-1-handed`);
  assert.equal(await noah.locator('[data-offer]').count(), 0);

  const said = words(language, 'answers');
  await answer(lea, said);
  await saidBy(playground, said).waitFor();
  assert.equal(await saidBy(playground, said).getAttribute('data-kind'), answered);
  assert.equal(await saidBy(playground, said).count(), 1);

  const thanks = words(language, 'thanks');
  await answerBack(playground, network, said, thanks);
  await lea.locator('[data-message]', { hasText: thanks }).waitFor();
  await lea.waitForSelector('header [data-state=new]');
  assert.equal(await lea.locator('[data-message]', { hasText: said }).count(), 1, 'an echo is shown once');
  const mine = await lea.evaluate(async () => (await (await fetch('/api/v1/session')).json()).me.id);
  await lea.waitForSelector(`[data-owner="${mine}"]`);
  assert.equal(new URL(lea.url()).pathname.endsWith(id), true);
  await screenshot(lea, `both-ways-${language}-${network}-${kind}-2-answered`);
  assert.deepEqual(await violations(lea), []);
  await resolve(lea);
}

async function fromSecondAccount({ language, lea, playground }) {
  await toList(lea);
  const question = words(language, 'asks');
  await write(playground, 'x', 'mention', question);
  await takeOffer(lea, question);
  await choose(lea, 'account', 1);
  const said = words(language, 'answers');
  await answer(lea, said);
  await saidBy(playground, said).getByText('@LumiereAide').waitFor();
  assert.equal(await saidBy(playground, said).getAttribute('data-kind'), 'reply');
  await resolve(lea);
}

async function byDirectMessage({ language, lea, playground }) {
  await toList(lea);
  const question = words(language, 'asks');
  await write(playground, 'x', 'mention', question);
  await takeOffer(lea, question);
  await choose(lea, 'kind', 1);
  const said = words(language, 'answers');
  await answer(lea, said);
  await saidBy(playground, said).waitFor();
  assert.equal(await saidBy(playground, said).getAttribute('data-kind'), 'direct_message');
  await resolve(lea);
}

async function nothingForTheOther({ noah }) {
  assert.equal(await noah.locator('[data-offer]').count(), 0);
  assert.equal(await noah.getAttribute('[data-notifications]', 'data-notifications'), '0');
  assert.equal(await noah.getAttribute('[data-availability]', 'data-availability'), 'away');
}
