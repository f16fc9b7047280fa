// Q7, Q8, Q9, Q20: a list of 50,000 conversations that is scrolled, that something happens in, and that a flood of
// events comes over. The gateway is scripted: it keeps the list in memory and sends what it is told to.
import { openPage, signIn } from '../browser.mjs';
import { manyConversations } from '../fixtures/inbox.mjs';
import { MockGateway, password } from '../mock-gateway.mjs';
import { pause } from '../product.mjs';
import { instrument, median, medians, percentile } from './measure.mjs';

const size = 50_000;
const runs = 5;

export async function lists({ browser }) {
  const gateway = await new MockGateway().start();
  for (const [id, made] of manyConversations(size)) gateway.conversations.set(id, made);
  const page = await openPage(browser);
  await instrument(page.context());
  try {
    const floor = await plainList(page);
    await page.goto(gateway.url);
    await signIn(page, 'ana', password);
    await page.waitForTimeout(1_000);
    const found = [...(await scrolling(page, floor)), ...(await events(gateway, page))];
    found.push(
      ...(await burst(gateway, page)),
      await slowBurst(gateway, page),
      await requests(gateway, page),
    );
    return found;
  } finally {
    await page.context().close();
    await gateway.close();
  }
}

/** What this browser on this machine does with rows of plain text in a list as long, without the workspace. */
async function plainList(page) {
  await page.goto('about:blank');
  await page.setContent('<div data-scroller="conversations"><div></div></div>');
  await page.evaluate((count) => {
    const rowHeight = 92;
    const scroller = document.querySelector('[data-scroller]');
    const [list] = scroller.children;
    scroller.style.cssText = 'height: 700px; width: 350px; overflow-y: auto';
    list.style.cssText = `height: ${count * rowHeight}px; position: relative`;
    const rows = Array.from({ length: 24 }, () => list.appendChild(document.createElement('div')));
    for (const row of rows) row.style.cssText = 'position: absolute; inset-inline: 0; height: 91px';
    scroller.addEventListener('scroll', () => {
      const first = Math.max(0, Math.floor(scroller.scrollTop / rowHeight) - 8);
      for (const [index, row] of rows.entries()) {
        row.style.transform = `translateY(${(first + index) * rowHeight}px)`;
        row.textContent = `Client ${first + index}: Question ${first + index}`;
      }
    });
  }, size);
  return scrollFrames(page);
}

/** Frames in a second, and how many were slow, while the list is scrolled for three seconds; medians. */
function scrollFrames(page) {
  return medians(runs, async () => {
    const deltas = await page.evaluate(async () => {
      const scroller = document.querySelector('[data-scroller=conversations]');
      scroller.scrollTop = 0;
      await globalThis.measured.frames(300);
      return globalThis.measured.frames(3_000, () => {
        scroller.scrollTop += 400;
      });
    });
    return {
      rate: deltas.length / (deltas.reduce((sum, each) => sum + each, 0) / 1_000),
      slow: deltas.filter((each) => each > 32).length,
    };
  });
}

async function scrolling(page, floor) {
  const { rate, slow } = await scrollFrames(page);
  await page.$eval('[data-scroller=conversations]', (scroller) => (scroller.scrollTop = 0));
  await page.waitForTimeout(500);
  const reach = await page.evaluate(() => {
    const height = document.querySelector('[data-row]').getBoundingClientRect().height;
    return Math.round(document.querySelector('[role=grid]').getBoundingClientRect().height / height);
  });
  const figure = { goal: 'Q7', slack: 1.5 };
  return [
    { goal: 'Q7', what: 'rows that the scrollbar reaches', value: reach, target: size, atLeast: true },
    {
      ...figure,
      what: 'frames, scrolling 50,000 rows',
      value: rate,
      floor: floor.rate,
      target: 58,
      atLeast: true,
      unit: 'a s',
    },
    { ...figure, what: 'frames over 32 ms in 3 s', value: slow, floor: floor.slow, target: 3 },
  ];
}

/** A row as it stands after the customer's next words. */
function next(gateway, id, text) {
  const have = gateway.conversations.get(id);
  const { row } = have;
  const last = { ...row.last, text };
  have.row = { ...row, rev: row.rev + 1, unseen_count: row.unseen_count + 1, last };
  return have.row;
}

const rowsOf = (page) => page.$$eval('[data-row]', (all) => all.slice(0, 8).map((row) => row.dataset.row));

async function events(gateway, page) {
  const taken = [];
  for (let number = 0; number < 100; number += 1) {
    const rows = await rowsOf(page);
    const id = rows[number % 6];
    const token = `Words ${number} of the test`;
    await page.evaluate(
      ([row, said]) => {
        const { arrival, shown } = globalThis.measured;
        const there = () => document.querySelector(`[data-row="${row}"]`)?.textContent.includes(said);
        globalThis.waited = arrival(said).then(async (from) => (await shown(there)) - from);
      },
      [id, token],
    );
    gateway.live.emit('conversation.upsert', next(gateway, id, token));
    taken.push(await page.evaluate(() => globalThis.waited));
  }
  const figure = (what, share, target) => ({
    goal: 'Q8',
    what: `event to paint, ${what}`,
    value: percentile(taken, share),
    target,
    unit: 'ms',
    slack: 1.5,
  });
  return [figure('median', 0.5, 20), figure('95 of 100', 0.95, 35)];
}

/** Events at a steady rate: rows in sight and out of sight, some that leave, some that are new, and the counts. */
async function flood(gateway, { rate, seconds }) {
  const ids = [...gateway.conversations.keys()];
  const counts = gateway.counts();
  const began = Date.now();
  for (let sent = 0; sent < rate * seconds;) {
    for (const due = ((Date.now() - began) / 1_000) * rate; sent < due && sent < rate * seconds; sent += 1) {
      const near = sent % 3 === 0;
      const id = near ? ids.at(-1 - (sent % 12)) : ids[(sent * 7_919) % ids.length];
      if (sent % 10 === 9) {
        counts.new += 1;
        counts.all += 1;
        gateway.live.emit('counts', { ...counts });
      } else gateway.live.emit('conversation.upsert', next(gateway, id, `Burst ${sent}`));
    }
    await pause(2);
  }
}

async function floodFrames(gateway, page, seconds) {
  const frames = page.evaluate((length) => globalThis.measured.frames(length), seconds * 1_000 + 300);
  await flood(gateway, { rate: 250, seconds });
  return frames;
}

async function burst(gateway, page) {
  const slow = [];
  const longest = [];
  for (let number = 0; number < runs; number += 1) {
    const deltas = await floodFrames(gateway, page, 2);
    slow.push(percentile(deltas, 0.95));
    longest.push(Math.max(...deltas));
    await pause(300);
  }
  const figure = { goal: 'Q9', unit: 'ms', slack: 1.5 };
  return [
    { ...figure, what: 'frame in a burst of 250 events/s, 95 of 100', value: median(slow), target: 25 },
    { ...figure, what: 'frame in a burst, longest', value: median(longest), target: 60 },
  ];
}

async function slowBurst(gateway, page) {
  const debug = await page.context().newCDPSession(page);
  await debug.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  const deltas = await floodFrames(gateway, page, 2);
  await debug.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  const value = Math.max(...deltas);
  return {
    goal: 'Q9',
    what: 'longest freeze, a quarter of the speed',
    value,
    target: 300,
    unit: 'ms',
    slack: 1.5,
  };
}

async function requests(gateway, page) {
  await pause(1_000);
  const before = gateway.requests.length;
  let fetched = 0;
  const count = () => (fetched += 1);
  page.on('request', count);
  await flood(gateway, { rate: 500, seconds: 2 });
  await pause(1_000);
  page.off('request', count);
  const value = Math.max(fetched, gateway.requests.length - before);
  return { goal: 'Q20', what: 'requests caused by 1,000 events', value, target: 0 };
}
