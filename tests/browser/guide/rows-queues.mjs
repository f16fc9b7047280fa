// The queue: one place, its stages, and how a conversation goes from one to the next (S1, S7 to S14).
import assert from 'node:assert/strict';
import { eventually } from './wait.mjs';

export const S1 = [
  'every conversation of every connected account is handled from one central place',
  async (world) => {
    const { playground, words, said } = world;
    const noah = await world.desk('noah');
    const privately = (network) => said('inbox.row_private_message', { network });
    const ways = [
      { network: 'x', place: 0, write: 'mention', kind: `X · ${said('inbox.row_mention')}` },
      { network: 'x', place: 1, write: 'direct', kind: `X · ${privately('x')}` },
      { network: 'facebook', place: 0, write: 'comment', kind: `Facebook · ${said('inbox.row_comment')}` },
      { network: 'facebook', place: 1, write: 'messenger', kind: `Facebook · ${privately('facebook')}` },
    ];
    for (const way of ways) {
      way.customer = await playground.customer();
      way.text = await way.customer[way.write](`Where is my lamp ${playground.token()}?`, way.place);
    }
    await noah.go(words.all);
    const rowOf = ({ text, kind }) =>
      noah.page.getByRole('grid').getByRole('row').filter({ hasText: text }).filter({ hasText: kind });
    for (const way of ways) await rowOf(way).waitFor();
    for (const way of ways) {
      await rowOf(way).getByRole('link').click();
      await noah.message(way.text).waitFor();
      const answer = await noah.reply(`On its way, ${playground.token()}.`);
      const call = await playground.heard(answer);
      assert.equal(call.account, playground.account(way.network, way.place).account_id);
      assert.equal(call.customer.name, way.customer.name);
    }
  },
];

export const S7 = [
  'one streamlined queue holds conversations at different stages, and moves them on by itself',
  async (world) => {
    const { playground, words } = world;
    const [lea, noah] = await world.desks('lea', 'noah');
    const customer = await world.waiting('A question');
    // Noah only watches; what Léa does and what the customer writes moves the conversation on his screen.
    await noah.lists(words.new, customer);
    await lea.open(words.new, customer);
    const call = await playground.heard(await lea.reply(`An answer ${playground.token()}`));
    await noah.row(customer).waitFor({ state: 'hidden' });
    await noah.lists(words.pending, customer);
    await playground.answer(call, `One more thing ${playground.token()}`);
    await noah.row(customer).waitFor({ state: 'hidden' });
    await noah.lists(words.new, customer);
    await lea.stands('new');
    await lea.setState(words.resolve);
    await noah.row(customer).waitFor({ state: 'hidden' });
    await noah.lists(words.resolved, customer);
  },
];

export const S8 = [
  'New and Pending stand at the top, and conversations by status at the left, with live counts',
  async (world) => {
    const { words } = world;
    const [lea, noah] = await world.desks('lea', 'noah');
    await noah.go(words.all);
    const counts = async () => ({
      new: await noah.count(words.new),
      pending: await noah.count(words.pending),
      all: await noah.count(words.all),
      resolved: await noah.count(words.resolved),
      topNew: await noah.count(words.new, noah.atTheTop()),
      topPending: await noah.count(words.pending, noah.atTheTop()),
    });
    const top = await noah.atTheTop().boundingBox();
    const left = await noah.byStatus().boundingBox();
    const list = await noah.page.getByRole('grid').boundingBox();
    assert.ok(top.y + top.height <= list.y, 'New and Pending stand above the list');
    assert.ok(left.x + left.width <= list.x, 'the statuses stand at the left of the list');

    const begin = await counts();
    const become = (change) =>
      eventually(async () => {
        const wanted = Object.entries(begin).map(([name, count]) => [name, count + (change[name] ?? 0)]);
        assert.deepEqual(await counts(), Object.fromEntries(wanted));
      });
    const customer = await world.waiting('How many are we?');
    await become({ new: 1, topNew: 1, all: 1 });
    await lea.open(words.new, customer);
    await lea.setState(words.pending);
    await become({ pending: 1, topPending: 1, all: 1 });
    await lea.setState(words.resolve);
    await become({ resolved: 1 });
  },
];

export const S9 = [
  'New holds what needs attention: what is new, and what waits for an answer',
  async (world) => {
    const { playground, words, said } = world;
    const lea = await world.desk('lea');
    const returning = await world.waiting('My second lamp');
    await lea.open(words.new, returning);
    const call = await playground.heard(await lea.reply(`Which colour, ${playground.token()}?`));
    await lea.listsNot(words.new, returning);
    const fresh = await world.waiting('My first lamp');
    await playground.answer(call, `The green one ${playground.token()}`);
    for (const customer of [fresh, returning]) {
      await lea.lists(words.new, customer);
      await lea.row(customer).getByText(said.like('inbox.waiting')).waitFor({ state: 'attached' });
    }
    // Who has waited for longer stands first.
    await eventually(async () => {
      const rows = await lea.page.getByRole('grid').getByRole('row').allTextContents();
      const places = [fresh, returning].map(({ name }) => rows.findIndex((row) => row.includes(name)));
      assert.ok(places[0] < places[1], `places ${places}`);
    });
  },
];

export const S10 = [
  'an agent’s reply moves the conversation from New to Pending',
  async (world) => {
    const { playground, words } = world;
    const lea = await world.desk('lea');
    const customer = await world.waiting('Do you deliver?');
    await lea.open(words.new, customer);
    await lea.stands('new');
    await playground.heard(await lea.reply(`We do, ${playground.token()}.`));
    await lea.stands('pending');
    await lea.listsNot(words.new, customer);
    await lea.lists(words.pending, customer);
  },
];

export const S11 = [
  'the contact’s answer moves it back to New',
  async (world) => {
    const { playground, words } = world;
    const lea = await world.desk('lea');
    const customer = await world.waiting('Do you deliver abroad?');
    await lea.open(words.new, customer);
    const call = await playground.heard(await lea.reply(`Where to, ${playground.token()}?`));
    await lea.stands('pending');
    const answer = await playground.answer(call, `To Norway ${playground.token()}`);
    await lea.message(answer).waitFor();
    await lea.stands('new');
    await lea.listsNot(words.pending, customer);
    await lea.lists(words.new, customer);
  },
];

export const S12 = [
  'Pending waits for the contact, and is also set by hand above the reply box',
  async (world) => {
    const { playground, words } = world;
    const lea = await world.desk('lea');
    const customer = await world.waiting('It flickers');
    await lea.open(words.new, customer);
    const button = await lea.button(words.pending, lea.composer()).boundingBox();
    const box = await lea.box().boundingBox();
    assert.ok(button.y + button.height <= box.y, 'Pending stands above the reply box');
    await lea.setState(words.pending);
    await lea.stands('pending');
    await lea.listsNot(words.new, customer);
    await lea.lists(words.pending, customer);
    // The customer is told nothing, and comes back by writing.
    const { business } = await playground.get('state');
    assert.equal(business.filter((call) => call.customer?.name === customer.name).length, 0);
    await customer.mention(`Since yesterday ${playground.token()}`);
    await lea.lists(words.new, customer);
  },
];

export const S13 = [
  'All conversations shows everything that is not resolved',
  async (world) => {
    const { words } = world;
    const lea = await world.desk('lea');
    const [waiting, pending, resolved] = [
      await world.waiting('Still new'),
      await world.waiting('Soon pending'),
      await world.waiting('Soon resolved'),
    ];
    await lea.open(words.new, pending);
    await lea.setState(words.pending);
    await lea.stands('pending');
    await lea.open(words.new, resolved);
    await lea.setState(words.resolve);
    await lea.stands('resolved');
    await lea.listsNot(words.all, resolved);
    await lea.row(waiting).waitFor();
    await lea.row(pending).waitFor();
  },
];

export const S14 = [
  'Resolved is set by hand above the reply box; its list goes back three months, and search further',
  async (world) => {
    const { installation, playground, words, said } = world;
    const lea = await world.desk('lea');
    const [recent, old] = [await world.waiting('Thank you'), await world.waiting('A word of last summer')];
    const word = old.text.split(' ').at(-1);
    await lea.open(words.new, recent);
    const button = await lea.button(words.resolve, lea.composer()).boundingBox();
    assert.ok(
      button.y + button.height <= (await lea.box().boundingBox()).y,
      'Resolve stands above the reply box',
    );
    await lea.setState(words.resolve);
    await lea.stands('resolved');
    await lea.open(words.new, old);
    const answer = await lea.reply(`Solved, ${playground.token()}.`);
    await playground.heard(answer);
    await lea.stands('pending');
    await lea.setState(words.resolve);
    await lea.stands('resolved');
    await lea.lists(words.resolved, old);
    installation.age(await conversationOf(lea, old), '4 months');
    installation.age(await conversationOf(lea, recent), '2 months');

    await lea.page.reload();
    await lea.isIn();
    await lea.go(words.resolved);
    const end = lea.page.getByText(said('inbox.resolved_end'));
    // The list holds only what is in sight: down to its end, and never is the old one there.
    const { x, width } = await lea.page.getByRole('grid').boundingBox();
    await lea.page.mouse.move(x + width / 2, 500);
    let isRecentThere = false;
    await eventually(async () => {
      isRecentThere ||= (await lea.row(recent).count()) > 0;
      assert.equal(await lea.row(old).count(), 0, 'what was resolved four months ago is not in the list');
      await lea.page.mouse.wheel(0, 600);
      assert.ok(await end.isVisible(), 'the list says where it ends');
      const { y } = await end.boundingBox();
      assert.ok(y < 900, 'the end is reached');
      assert.ok(isRecentThere, 'what was resolved two months ago is in the list');
    });

    await lea.link(said('shell.search')).click();
    await lea.page.getByLabel(said('search.label')).fill(word);
    await lea.link(new RegExp(old.name)).first().click();
    await lea.isOpen(old);
    await lea.message(old.text).waitFor();
    await lea.message(answer).waitFor();
    await lea.stands('resolved');
  },
];

async function conversationOf(desk, customer) {
  await desk.openRow(customer);
  return desk.conversation;
}
