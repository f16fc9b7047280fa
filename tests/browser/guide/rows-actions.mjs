// What is done to a message on its network, and what colleagues write beside it (S19, S20, S23, S24).
import assert from 'node:assert/strict';
import { eventually } from './wait.mjs';
import { escaped } from './words.mjs';

export const S19 = [
  'on X an agent follows the author, likes, quotes and reposts a public message',
  async (world) => {
    const { playground, words, said } = world;
    const lea = await world.desk('lea');
    const customer = await world.waiting('I love my lamp');
    const ours = playground.account('x').handle;
    const seen = (mark, handles) =>
      eventually(async () => assert.deepEqual((await customer.sees('x', customer.text))[mark], handles));
    await lea.open(words.new, customer);
    const message = lea.message(customer.text);

    await lea.act(customer.text, words.like);
    await message.getByText(said('actions.liked')).waitFor();
    await seen('liked_by', [ours]);
    await lea.act(customer.text, words.repost);
    await message.getByText(said('actions.reposted')).waitFor();
    await seen('reposted_by', [ours]);
    await lea.act(customer.text, said('actions.follow', { name: customer.name }));
    await lea.story().getByText(said('actions.following'), { exact: true }).waitFor();
    await seen('followed_by', [ours]);

    await lea.act(customer.text, words.quote);
    await lea.composer().getByRole('blockquote').filter({ hasText: customer.text }).waitFor();
    const call = await playground.heard(await lea.reply(`We love it too, ${playground.token()}.`));
    assert.deepEqual([call.kind, call.handle], ['quote', ours]);

    // Each can be taken back.
    await lea.act(customer.text, said('actions.unlike'));
    await seen('liked_by', []);
    await lea.act(customer.text, said('actions.unrepost'));
    await seen('reposted_by', []);
    await lea.act(customer.text, said('actions.unfollow', { name: customer.name }));
    await seen('followed_by', []);
    for (const badge of ['liked', 'reposted', 'following']) {
      await lea
        .story()
        .getByText(said(`actions.${badge}`), { exact: true })
        .waitFor({ state: 'hidden' });
    }
  },
];

export const S20 = [
  'on Facebook an agent likes and hides a public message',
  async (world) => {
    const { playground, words, said } = world;
    const lea = await world.desk('lea');
    const customer = await playground.customer();
    const text = await customer.comment(`What a colour ${playground.token()}`);
    const ours = playground.account('facebook').handle;
    const seen = (mark, value) =>
      eventually(async () => assert.deepEqual((await customer.sees('facebook', text))[mark], value));
    await lea.open(words.new, customer);
    const message = lea.message(text);

    await lea.act(text, words.like);
    await message.getByText(said('actions.liked')).waitFor();
    await seen('liked_by', [ours]);
    await lea.act(text, words.hide);
    await message.getByText(said('actions.hidden'), { exact: true }).waitFor();
    await seen('hidden', true);

    await lea.act(text, said('actions.unlike'));
    await seen('liked_by', []);
    await lea.act(text, said('actions.unhide'));
    await seen('hidden', false);
    await message.getByText(said('actions.hidden'), { exact: true }).waitFor({ state: 'hidden' });
  },
];

export const S23 = [
  'a note is added on a message of a conversation, and no customer sees it',
  async (world) => {
    const { playground, words, said } = world;
    const [lea, noah] = await world.desks('lea', 'noah');
    const customer = await world.waiting('My invoice is wrong');
    await lea.open(words.new, customer);
    await noah.open(words.new, customer);
    await lea.act(customer.text, words.addNote);
    const text = `Ask accounting ${playground.token()}`;
    await lea.write(text);
    await lea.button(said('composer.note_add'), lea.composer().getByRole('tabpanel')).click();
    for (const desk of [lea, noah]) {
      const note = desk.message(text);
      await note.getByText(said('notes.unseen')).waitFor();
      await note
        .getByRole('button', { name: new RegExp(escaped(said('notes.on', { name: customer.name }))) })
        .filter({ hasText: customer.text })
        .waitFor();
    }
    // Not a word of it left; and a note answers nobody.
    await lea.stands('new');
    assert.equal(await playground.everHeard(text), 0);
  },
];

export const S24 = [
  'a note carries its author’s name and time, and is edited and deleted at any time',
  async (world) => {
    const { playground, words, said } = world;
    const [lea, noah] = await world.desks('lea', 'noah');
    const customer = await world.waiting('My parcel is late');
    for (const desk of [lea, noah]) await desk.open(words.new, customer);
    const first = await lea.addNote(`Called the carrier ${playground.token()}`);
    const note = noah.message(first);
    await note.getByRole('heading', { name: said('notes.note_of', { name: 'Léa Martin' }) }).waitFor();
    assert.match(await note.getByRole('time').textContent(), /^\d{2}:\d{2}$/);
    // Nobody’s but one’s own.
    assert.equal(await note.getByRole('button', { name: said('notes.edit'), exact: true }).count(), 0);

    // At any time: also when the conversation is over.
    await lea.setState(words.resolve);
    await lea.stands('resolved');
    await lea.button(said('notes.edit'), lea.message(first)).click();
    const second = `The carrier called back ${playground.token()}`;
    await lea.page.getByRole('textbox', { name: said('notes.text') }).fill(second);
    await lea.button(said('notes.save'), lea.story()).click();
    await noah.message(second).waitFor();
    await note.waitFor({ state: 'hidden' });
    await lea.button(said.like('notes.edited_history'), lea.message(second)).click();
    await lea.dialog(said('notes.history')).getByText(first).waitFor();
    await lea.page.keyboard.press('Escape');

    await lea.button(said('notes.delete'), lea.message(second)).click();
    await noah.message(second).waitFor({ state: 'hidden' });
    const deleted = lea.region(said('shell.toasts')).getByText(said('notes.deleted')).locator('../..');
    await lea.button(said('notes.undo'), deleted).click();
    await noah.message(second).waitFor();
    await lea.button(said('notes.delete'), lea.message(second)).click();
    await noah.message(second).waitFor({ state: 'hidden' });
    await lea.message(second).waitFor({ state: 'hidden' });
  },
];
