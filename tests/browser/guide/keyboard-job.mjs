// The main job on the running product without a pointer: sign in, become Available, take what is handed over, answer
// by direct message with a short link, note, Pending, reopen, resolve, next (Q16 of the workspace’s goals).
import assert from 'node:assert/strict';
import { isLost } from '../browser.mjs';
import { resolveWhatWaits } from './desk.mjs';

/** Presses keys, counts them, and keeps those that lost the focus. */
function counted(page) {
  const counter = { presses: 0, lost: [] };
  counter.press = async (...keys) => {
    for (const key of keys) {
      counter.presses += 1;
      await page.keyboard.press(key);
      if (await isLost(page)) counter.lost.push(key);
    }
  };
  return counter;
}

const inBox = (page) => page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');

async function comeIn({ words, said }, { desk, login, password }, counter) {
  const { page } = desk;
  await page.goto(`${desk.url}/`);
  await page.getByLabel(said('session.login'), { exact: true }).and(page.locator(':focus')).waitFor();
  await page.keyboard.type(login);
  await counter.press('Tab');
  await page.keyboard.type(password);
  counter.presses += 1;
  await page.keyboard.press('Enter');
  const card = desk.dialog(said('availability.first_title'));
  await card
    .getByRole('button', { name: new RegExp(`^${words.available}`) })
    .and(page.locator(':focus'))
    .waitFor();
  await counter.press('Enter');
  await desk.isNow(words.available);
}

/** Answers by direct message with a short link; what the network was called with. */
async function answer({ playground, said }, desk, { press }, token) {
  const { page } = desk;
  await desk.button(said.like('composer.kind_trigger')).waitFor();
  await press('Alt+t');
  await page.waitForFunction(() => document.activeElement?.closest('[role=menu]'));
  await press('ArrowDown', 'Enter');
  await inBox(page);
  const direct = said('composer.way', { way: 'direct_message' });
  await desk.button(said('composer.kind_trigger', { kind: direct })).waitFor();
  await press('Control+Shift+l');
  const address = `https://shop.example/straps/${playground.token()}?a-long-address-that-nobody-wants-to-read`;
  await page.keyboard.type(`Please see ${address} for new ones ${token}.`);
  await press('Control+Enter');
  const call = await playground.heard(token);
  assert.equal(call.kind, 'direct_message');
  assert.ok(!call.text.includes(address), call.text);
  return call;
}

/** How many presses it took, and which of them lost the focus. */
export async function keyboardJob(world) {
  const { playground, words } = world;
  const sacha = await world.desk('sacha');
  await resolveWhatWaits(sacha);
  const newcomer = await world.newcomer();
  const { desk } = newcomer;
  const counter = counted(desk.page);
  const { press } = counter;
  await comeIn(world, newcomer, counter);

  const customer = await world.waiting('Where are the straps?');
  const next = await world.waiting('And who helps me?');
  await desk.offer().filter({ hasText: customer.name }).waitFor();
  await press('o');
  await desk.isOpen(customer);
  await inBox(desk.page);
  const token = playground.token();
  const call = await answer(world, desk, counter, token);
  await desk.stands('pending');

  await press('Escape', 'n');
  await inBox(desk.page);
  const note = `Straps again ${token}`;
  await desk.page.keyboard.type(note);
  await press('Control+Enter');
  await desk.message(note).waitFor();
  await playground.answer(call, `Thank you ${token}`);
  await desk.stands('new');
  await press('Escape', 'p');
  await desk.stands('pending');
  await press('Shift+E');
  await desk.stands('new');
  await press('e');
  await desk.stands('resolved');
  await desk.row(customer).waitFor({ state: 'hidden' });
  await press('j');
  await desk.isOpen(next);
  await desk.become(words.away);
  return counter;
}
