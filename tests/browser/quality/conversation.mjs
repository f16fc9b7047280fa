// Q11, Q12, Q13: answering, going from conversation to conversation, and one of 10,000 messages. The gateway is
// scripted and 40 ms away.
import { openPage, signIn } from '../browser.mjs';
import { longConversation, manyConversations } from '../fixtures/inbox.mjs';
import { MockGateway, password } from '../mock-gateway.mjs';
import { instrument, median, percentile } from './measure.mjs';

const away = 40;
/** So many that one hiccup of the machine does not decide. */
const steps = 40;
const timing = { unit: 'ms', slack: 1.5 };

export async function conversation({ browser }) {
  const gateway = await new MockGateway().start();
  for (const [id, made] of manyConversations(200)) gateway.conversations.set(id, made);
  gateway.conversations.set('conv_long', longConversation('conv_long', 10_000));
  const page = await openPage(browser);
  await instrument(page.context());
  try {
    await page.goto(gateway.url);
    await signIn(page, 'ana', password);
    gateway.delay = away;
    return [...(await answering(page, gateway)), ...(await switching(page)), ...(await long(page, gateway))];
  } finally {
    await page.context().close();
    await gateway.close();
  }
}

async function answering(page, gateway) {
  await page.goto(`${gateway.url}/inbox/new/c/conv_amelie`);
  await page.waitForSelector('[data-message]');
  const box = page.locator('[data-region=composer] textarea');
  const taken = [];
  for (let number = 0; number < steps; number += 1) {
    const text = `Answer ${number} of the test`;
    await box.fill(text);
    await page.waitForTimeout(150);
    await page.evaluate((said) => {
      const { pressed, shown } = globalThis.measured;
      const there = () =>
        [...document.querySelectorAll('[data-message]')].some((slip) => slip.textContent.includes(said));
      globalThis.waited = pressed('Enter').then(async (from) => (await shown(there)) - from);
    }, text);
    await box.press('Control+Enter');
    taken.push(await page.evaluate(() => globalThis.waited));
    await page.waitForTimeout(250);
  }
  const value = percentile(taken, 0.95);
  return [{ goal: 'Q11', what: 'Enter to the reply on the screen, 95 of 100', value, target: 50, ...timing }];
}

/** From the key to the first message of the conversation that it opens. */
async function step(page, pressing) {
  await page.evaluate((key) => {
    const { pressed, shown } = globalThis.measured;
    const before = location.pathname;
    const there = () => {
      if (location.pathname === before) return false;
      const row = document.querySelector('[data-row][aria-selected=true]');
      const name = row?.querySelector('[data-row-link]')?.textContent;
      const slip = document.querySelector('[data-message] h3');
      return name !== undefined && slip?.textContent === name;
    };
    globalThis.waited = pressed(key).then(async (from) => (await shown(there)) - from);
  }, pressing);
  await page.keyboard.press(pressing);
  return page.evaluate(() => globalThis.waited);
}

async function switching(page) {
  // To the middle of the list of customers who wrote once each.
  await page.focus('[data-row] a[tabindex="0"]');
  await page.keyboard.press('j');
  await page.waitForTimeout(400);
  const cold = [];
  const cached = [];
  for (let number = 0; number < steps; number += 1) {
    cold.push(await step(page, 'j'));
    await page.waitForTimeout(200);
  }
  for (let number = 0; number < steps; number += 1) {
    cached.push(await step(page, number % 2 === 0 ? 'k' : 'j'));
    await page.waitForTimeout(200);
  }
  return [...both('seen before', cached, 80), ...both('never seen', cold, 300)];
}

function both(which, taken, target) {
  const figure = { goal: 'Q12', target, ...timing };
  return [
    { ...figure, what: `next conversation, ${which}, median`, value: median(taken) },
    { ...figure, what: `next conversation, ${which}, 95 of 100`, value: percentile(taken, 0.95) },
  ];
}

async function long(page, gateway) {
  const { messages } = gateway.conversations.get('conv_long');
  const last = messages.at(-1).id;
  const opened = [];
  for (let number = 0; number < 5; number += 1) {
    await page.goto(`${gateway.url}/inbox/new`);
    await page.waitForSelector('[data-row]');
    await page.waitForTimeout(300);
    opened.push(await open(page, last));
  }
  // The first one on the screen stays where it is, page for page.
  gateway.delay = 150;
  let drift = 0;
  let nodes = 0;
  for (let number = 0; number < 20; number += 1) {
    drift = Math.max(drift, Math.abs(await page.evaluate(driftWhileOlderComeIn)));
    nodes = Math.max(nodes, await page.evaluate(() => document.querySelectorAll('*').length));
  }
  gateway.delay = away;
  const jumped = await jump(page, last);
  const figure = { goal: 'Q13' };
  return [
    { ...figure, what: 'opening 10,000 messages', value: median(opened), target: 400, ...timing },
    { ...figure, what: 'jump to the end', value: jumped, target: 400, ...timing },
    {
      ...figure,
      what: 'drift while 20 pages come in above',
      value: Math.round(drift),
      target: 0,
      unit: 'px',
    },
    { ...figure, what: 'nodes of the page', value: nodes, target: 2_500 },
  ];
}

/** By the address, as a link in the workspace does it: without loading the page again. */
function open(page, last) {
  return page.evaluate(async (id) => {
    const from = performance.now();
    history.pushState({}, '', '/inbox/new/c/conv_long');
    dispatchEvent(new PopStateEvent('popstate'));
    const there = () => document.querySelector(`[data-message="${id}"]`);
    return (await globalThis.measured.shown(there)) - from;
  }, last);
}

function jump(page, last) {
  return page.evaluate(async (id) => {
    const isIt = (each) => /Jump|new message/.test(each.textContent);
    const button = [...document.querySelectorAll('main button')].find(isIt);
    const from = performance.now();
    button.click();
    const inSight = () => {
      const slip = document.querySelector(`[data-message="${id}"]`);
      const scroller = document.querySelector('[data-scroller=timeline]');
      return slip && slip.getBoundingClientRect().top < scroller.getBoundingClientRect().bottom;
    };
    return (await globalThis.measured.shown(inSight)) - from;
  }, last);
}

/** Runs in the page: goes up until a page of messages was added above, and tells how far the one in sight moved. */
async function driftWhileOlderComeIn() {
  const scroller = document.querySelector('[data-scroller=timeline]');
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  for (let tries = 0; tries < 300; tries += 1) {
    const top = scroller.getBoundingClientRect().top;
    const slips = [...scroller.querySelectorAll('[data-message]')];
    const anchor = slips.find((each) => each.getBoundingClientRect().top > top);
    const id = anchor.getAttribute('data-message');
    const held = anchor.getBoundingClientRect().top;
    const size = scroller.scrollHeight;
    for (let wait = 0; wait < 20; wait += 1) await frame();
    if (scroller.scrollHeight > size + 1_000) {
      const now = scroller.querySelector(`[data-message="${id}"]`)?.getBoundingClientRect().top;
      return now === undefined ? 9_999 : now - held;
    }
    scroller.scrollTop -= 1_200;
    for (let settle = 0; settle < 3; settle += 1) await frame();
  }
  throw new Error('no page of messages came in above');
}
