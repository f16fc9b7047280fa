// Hostile texts in every field that reaches a screen, behind the real gateway with its own policy: nothing runs,
// nothing is fetched from elsewhere, the policy is never even touched, also while a dialog and a menu are open.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { launch, openPage, putOffFirstChoice, signIn } from '../browser.mjs';
import { callAs, missingProduct, pause, Product } from '../product.mjs';
import { inputs, shortInputs } from './inputs.mjs';
import { effects, watch } from './watch.mjs';

let browser;
let product;
let page;
let outside;
let rows;

describe('hostile texts', { skip: missingProduct }, () => {
  before(async () => {
    browser = await launch();
    product = await Product.start();
    page = await openPage(browser);
    page.context().setDefaultTimeout(30_000);
    outside = await watch(page.context(), product.url);
    await page.goto(product.url);
    await signIn(page, 'camille', product.passwordOf('camille'));
    await putOffFirstChoice(page);
    await customers();
    await colleagues();
  });
  after(async () => {
    await browser?.close();
    await product?.stop();
  });
  test('the policy lets no inline script, no inline style and no other host through', thePolicy);
  test('are shown as they were written, in every list, story and contact', theirStories);
  test('do nothing while a dialog and a menu are open', openParts);
  test('do nothing in what colleagues wrote: administration, preferences, away states, names', theirSettings);
  test('do nothing when they are searched for, and in what is found', theSearch);
  test('would have been noticed', theWatch);
});

// What is written

const call = (method, path, body) => callAs(page, method, path, body);

async function must(method, path, body) {
  const { status, body: answer } = await call(method, path, body);
  assert.ok(status < 400, `${method} ${path}: ${status} ${JSON.stringify(answer)}`);
  return answer;
}

async function customers() {
  const { accounts } = await product.played();
  const on = (network) => accounts.find((account) => account.network === network).account_id;
  for (const [number, text] of inputs.entries()) {
    // Names are hostile too; handles come by a webhook that no playground would make.
    await product.join(text, `evil_${number}`);
    await product.play('x/mention', { account: on('x'), author: `evil_${number}`, text });
    await product.play('facebook/message', { account: on('facebook'), author: `evil_${number}`, text });
  }
  for (const [number, text] of inputs.entries()) await webhook(number, text);
  for (const end = Date.now() + 60_000; ; await pause(300)) {
    ({ rows } = await must('GET', '/conversations?queue=all&limit=100'));
    if (rows.length >= inputs.length * 3) return;
    assert.ok(Date.now() < end, `only ${rows.length} conversations arrived`);
  }
}

/** A direct message on X, signed, of somebody whose name, handle and picture are hostile. */
async function webhook(number, text) {
  const demo = readFileSync(`${product.data}/demo.toml`, 'utf8');
  const one = (key) => new RegExp(`network = "x"[^[]*?${key} = "([^"]+)"`).exec(demo)[1];
  const event = JSON.parse(
    readFileSync(new URL('../../fixtures/x/dm.received.json', import.meta.url), 'utf8'),
  );
  const us = one('account_id');
  const them = `900000000000000${1000 + number}`;
  event.data.event_uuid = String(700_000 + number);
  event.data.filter.user_id = us;
  const { payload } = event.data;
  const [message] = payload.direct_message_events;
  message.id = `31000000000000${10_000 + number}`;
  message.created_timestamp = String(Date.now());
  message.message_create.target.recipient_id = us;
  message.message_create.sender_id = them;
  message.message_create.message_data.text = text;
  const [theirs, ours] = Object.values(payload.users);
  Object.assign(theirs.data, {
    id: them,
    name: text,
    username: text,
    profile_image_url: 'javascript:stolen=1',
  });
  Object.assign(ours.data, { id: us });
  payload.users = { [them]: theirs, [us]: ours };
  const body = JSON.stringify(event);
  const signature = createHmac('sha256', one('secret')).update(body).digest('base64');
  const { webhooks } = product;
  const response = await fetch(`${webhooks}/hooks/x/${one('application_id')}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-twitter-webhooks-signature': `sha256=${signature}` },
    body,
  });
  assert.equal(response.status, 200, await response.text());
}

async function colleagues() {
  const key = () => crypto.randomUUID();
  const due = new Date(Date.now() + 3_600_000).toISOString();
  const wanted = { name: shortInputs[0], type: 'text', choices: [] };
  const { attributes } = await must('POST', '/settings/contact-attributes', wanted);
  const attribute = attributes.find(({ name }) => name === wanted.name).attribute_id;
  for (const [number, text] of inputs.entries()) {
    const { id, contact } = rows[number];
    await must('POST', `/conversations/${id}/notes`, { key: key(), text, message_id: null });
    await must('PUT', `/conversations/${id}/reminder`, {
      key: key(),
      due_at: due,
      note: text,
      seen_through: 1_000_000,
    });
    await known(`/contacts/${contact.id}/attributes/${attribute}`, { value: text, rev: 0 }, text);
    await must('PUT', `/conversations/${id}/drafts/reply`, {
      text,
      kind: null,
      channel_id: null,
      in_reply_to: null,
      shorten_links: false,
      written_at: new Date().toISOString(),
    });
  }
  const taken = { away: 0, members: 0, attributes: 0 };
  for (const [number, text] of shortInputs.entries()) {
    const count = ({ status }) => (status < 400 ? 1 : 0);
    taken.away += count(await call('POST', '/settings/away-states', { name: text }));
    taken.attributes += count(
      await call('POST', '/settings/contact-attributes', { name: `${text} `, type: 'list', choices: [text] }),
    );
    const who = { login: `evil${number}`, display_name: text, roles: ['agent'] };
    taken.members += count(await call('POST', '/invitations', who));
  }
  for (const [what, count] of Object.entries(taken))
    assert.ok(count >= 4, `${what}: only ${count} were accepted`);
  const { channels } = await must('GET', '/channels');
  for (const [number, channel] of channels.entries()) {
    const name = { display_name: inputs[number], rev: channel.rev };
    await must('PATCH', `/channels/${channel.channel_id}`, name);
  }
  await rename();
}

/** What was defined a moment ago is not known everywhere yet. */
async function known(path, body, text) {
  for (const end = Date.now() + 20_000; ; await pause(200)) {
    const { status, body: said } = await call('PUT', path, body);
    if (status < 400) return;
    // What cannot be seen at all is refused for what it is.
    if (status === 422 && /[\t\u202E\u200B]/u.test(text)) return;
    assert.ok(status === 404 && Date.now() < end, `${text}: ${status} ${JSON.stringify(said)}`);
  }
}

/** Members' own names, the one who looks included. */
async function rename() {
  const { members } = await must('GET', '/members');
  for (const [number, member] of members.entries()) {
    await must('PATCH', `/members/${member.member_id}`, { display_name: inputs[number], rev: member.rev });
  }
}

// What is seen

async function nothingHappened(where) {
  await page.waitForTimeout(150);
  assert.deepEqual(await effects(page), [], where);
  assert.deepEqual(page.faults, [], where);
  assert.deepEqual(outside, [], where);
}

async function show(path, selector) {
  await page.goto(product.url + path);
  await page.waitForSelector(selector);
  await page.waitForTimeout(200);
}

async function thePolicy() {
  for (const path of ['/', '/inbox/new', '/assets/nothing.js', '/api/v1/session']) {
    const policy = (await fetch(product.url + path)).headers.get('content-security-policy');
    assert.match(policy, /default-src 'self'/, path);
    assert.match(policy, /script-src 'self'(;| 'nonce)/, path);
    assert.match(policy, /style-src 'self'(;| 'nonce)/, path);
    assert.match(policy, /require-trusted-types-for 'script'/, path);
    assert.doesNotMatch(policy, /unsafe|\*|https?:/, path);
  }
}

async function theirStories() {
  for (const queue of ['new', 'pending', 'all', 'resolved']) {
    await show(`/inbox/${queue}`, '[data-region=list]');
    await nothingHappened(queue);
  }
  for (const { id } of rows.slice(0, inputs.length * 3)) {
    await page.goto(`${product.url}/inbox/all/c/${id}`);
    await page.waitForSelector('[data-message]');
    await nothingHappened(id);
  }
  await show(`/inbox/all/c/${rows[0].id}`, '[data-note]');
  const told = await page.locator('[data-note]').first().textContent();
  assert.ok(told.includes(inputs[0]), 'what was written is there to be read');
}

async function openParts() {
  await show(`/inbox/all/c/${rows[0].id}`, '[data-message]');
  for (const opener of [
    '[data-message-menu]',
    '[data-owner]',
    '[data-availability]',
    '[data-opens=reminder]',
  ]) {
    await page.locator(opener).first().click();
    await page.waitForSelector('[role=menu]');
    await nothingHappened(opener);
    await page.keyboard.press('Escape');
  }
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press('w');
  await page.waitForSelector('[role=dialog]');
  await nothingHappened('why');
  await page.keyboard.press('Escape');
  await page.waitForSelector('[role=dialog]', { state: 'detached' });
  const { accounts } = await product.played();
  const x = accounts.find(({ network }) => network === 'x').account_id;
  await page.locator('[data-opens=reminder]').click();
  await page.waitForSelector('[role=menu]');
  // Words that arrive while a menu is open, and are announced.
  for (const text of inputs) await product.play('x/mention', { account: x, author: 'evil_0', text });
  await page.waitForTimeout(1_500);
  await nothingHappened('arrivals');
  await page.keyboard.press('Escape');
}

async function theirSettings() {
  for (const first of ['/admin/contact-attributes', '/me/general']) {
    await show(first, '[data-region=list] a');
    const paths = await page.$$eval('[data-region=list] a', (all) =>
      all.map((link) => new URL(link.href).pathname),
    );
    for (const path of paths) {
      await show(path, 'main h1');
      await nothingHappened(path);
    }
  }
  await show('/admin/people', 'main button');
  await page.locator('main button').first().click();
  await page.waitForSelector('[role=dialog]');
  await nothingHappened('the dialog of an invitation');
}

async function theSearch() {
  for (const text of inputs) {
    await page.goto(`${product.url}/search?q=${encodeURIComponent(text)}`);
    await page.waitForSelector('main, [role=search]');
    await page.waitForTimeout(400);
    await nothingHappened(text);
  }
  await show('/search?q=stolen', 'mark');
  await nothingHappened('what was found');
}

/** The same watch sees what is put there on purpose. */
async function theWatch() {
  await page.evaluate(() => {
    const style = document.createElement('style');
    style.textContent = 'body { color: red }';
    document.body.append(style);
    const link = document.createElement('a');
    link.setAttribute('href', 'javascript:stolen=1');
    document.body.append(link);
  });
  const handler = () => document.body.setAttribute('onclick', 'stolen=1');
  await assert.rejects(page.evaluate(handler), /TrustedScript/);
  await page.waitForTimeout(200);
  const found = (await effects(page)).join('\n');
  for (const what of [/style-src/, /element <style/, /address javascript:/]) {
    assert.match(found, what);
  }
}
