// The guide, row by row (product.md, section 2), in both languages, on the running product and as a person does it:
// by the names and roles on the screen; what came of it is looked up where it shows.
//   GUICHET_URL=http://… GUICHET_DEMO=…/demo.toml node --test guide/guide.test.mjs
//   GUICHET_LANGUAGES=fr node --test --test-name-pattern='S19:' guide/guide.test.mjs   starts a product of its own
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, screenshot } from '../browser.mjs';
import { Playground } from './customers.mjs';
import { resolveWhatWaits } from './desk.mjs';
import { Installation, missing } from './installation.mjs';
import * as conversation from './rows-conversation.mjs';
import * as desk from './rows-desk.mjs';
import { keyboardJob } from './keyboard-job.mjs';
import * as links from './rows-links.mjs';
import * as actions from './rows-actions.mjs';
import * as queues from './rows-queues.mjs';
import * as settings from './rows-settings.mjs';
import { World } from './world.mjs';

const rows = { ...desk, ...queues, ...conversation, ...actions, ...links, ...settings };
const inOrder = Object.entries(rows).toSorted(([a], [b]) => Number(a.slice(1)) - Number(b.slice(1)));

let installation;
let playground;
let browser;

before(async () => {
  if (missing) return;
  [installation, browser] = await Promise.all([Installation.reach(), launch()]);
  playground = new Playground(installation.url);
  await playground.silence();
});
after(async () => {
  await browser?.close();
  await installation?.leave();
});

for (const language of (process.env.GUICHET_LANGUAGES ?? 'en fr').split(' ')) {
  describe(`the guide in ${language}`, { skip: missing }, () => {
    let world;
    const show = (name, row) => async () => {
      try {
        await row(world);
      } catch (fault) {
        await world.photograph(`failed-${name}`, screenshot);
        await world.forget();
        throw fault;
      }
    };
    before(async () => {
      world = new World(language, installation, playground, browser);
      await resolveWhatWaits(await world.desk('camille'));
    });
    after(() => world?.close());
    for (const [name, [promise, row]] of inOrder) test(`${name}: ${promise}`, show(name, row));
    test('the main job by keys alone, in at most 25 presses', show('keys', inFewPresses));
  });
}

async function inFewPresses(world) {
  const { presses, lost } = await keyboardJob(world);
  assert.deepEqual(lost, [], 'the focus was lost');
  assert.ok(presses <= 25, `${presses} key presses`);
}
