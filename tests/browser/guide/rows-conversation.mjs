// The conversation: its story, its messages, its reply box, what may be done, and who writes (S15 to S18, S27).
import assert from 'node:assert/strict';
import { eventually } from './wait.mjs';
import { escaped } from './words.mjs';

export const S15 = [
  'the conversation view tells the whole story',
  async (world) => {
    const { installation, playground, words, said } = world;
    const lea = await world.desk('lea');
    const customer = await world.waiting('The first lamp broke');
    await lea.open(words.new, customer);
    await lea.setState(words.resolve);
    await lea.stands('resolved');
    const earlier = lea.conversation;
    installation.age(earlier, '3 days');

    // A new conversation, in public and in private, with everything that happened in its order.
    const asked = await customer.mention(`The second lamp broke ${playground.token()}`);
    await lea.open(words.new, customer);
    assert.notEqual(lea.conversation, earlier);
    const note = await lea.addNote(`Second time, ${playground.token()}`);
    await lea.composer().getByRole('tab', { name: words.reply }).click();
    const answer = await lea.reply(`Sorry to hear that, ${playground.token()}.`);
    await playground.heard(answer);
    await lea.stands('pending');
    const privately = await customer.direct(`My address ${playground.token()}`);
    await lea.message(privately).waitFor();
    await lea.stands('new');
    await lea.setState(words.resolve);
    await lea.stands('resolved');

    await lea.page.reload();
    await lea.isOpen(customer);
    const story = lea.story().getByRole('region', { name: said('conversation.messages'), exact: true });
    await eventually(async () => {
      const told = await story.innerText();
      const places = [
        said('state.today'),
        said('conversation.activity_opened'),
        asked,
        note,
        answer,
        privately,
      ].map((words_) => told.toLowerCase().indexOf(words_.toLowerCase()));
      assert.ok(!places.includes(-1), `all of it is told: ${places}`);
      assert.deepEqual(
        places.slice(2),
        places.slice(2).toSorted((a, b) => a - b),
        'in its order',
      );
    });
    await story
      .getByText(/^(Resolved|Résolue)$/)
      .first()
      .waitFor();

    await lea.link(said('conversation.previous')).click();
    await lea.message(customer.text).waitFor();
    assert.equal(lea.conversation, earlier);
  },
];

export const S16 = [
  'every message shows its kind, its link to the network where it is public, its sender and its time',
  async (world) => {
    const { playground, words, said } = world;
    const lea = await world.desk('lea');
    const facebook = await playground.customer();
    const x = await playground.customer();
    const token = () => playground.token();
    const kind = (name, network) => said(`conversation.kind_${name}`, { network });
    const messages = [
      { customer: x, text: await x.mention(`In public ${token()}`), kind: kind('mention'), on: 'X' },
      { customer: x, text: await x.direct(`In private ${token()}`), kind: kind('private_message', 'x') },
      {
        customer: facebook,
        text: await facebook.comment(`A comment ${token()}`),
        kind: kind('comment'),
        on: 'Facebook',
      },
      {
        customer: facebook,
        text: await facebook.messenger(`A message ${token()}`),
        kind: kind('private_message', 'facebook'),
      },
    ];
    const shows = async ({ text, kind: name, on, sender }) => {
      const message = lea.message(text);
      await message.getByText(name, { exact: true }).waitFor();
      await message.getByRole('heading', { name: sender, exact: true }).waitFor();
      assert.match(await message.getByRole('time').textContent(), /^\d{2}:\d{2}$/);
      const links = message.getByRole('link', { name: said.like('conversation.view_on') });
      await links.or(message).first().waitFor();
      assert.equal(await links.count(), on ? 1 : 0, `${name}: a link where it is public`);
      if (!on) return;
      const link = message.getByRole('link', {
        name: new RegExp(`^${escaped(said('conversation.view_on', { network: on }))}`),
      });
      const [page] = await Promise.all([lea.page.context().waitForEvent('page'), link.click()]);
      await page.getByText(text).first().waitFor();
      await page.close();
    };
    for (const customer of [x, facebook]) {
      await lea.open(words.new, customer);
      for (const message of messages.filter((each) => each.customer === customer)) {
        await shows({ ...message, sender: customer.name });
      }
    }
    await lea.open(words.new, x);
    await lea.actionsOf(messages[0].text);
    await lea.entry(new RegExp(`^${words.reply}`)).click();
    const answer = await lea.reply(`An answer ${token()}`);
    await playground.heard(answer);
    await lea
      .message(answer)
      .getByRole('link', { name: new RegExp(escaped(said('conversation.view_on', { network: 'X' }))) })
      .waitFor();
    await shows({ text: answer, kind: kind('reply'), on: 'X', sender: 'Léa Martin' });
  },
];

export const S17 = [
  'the reply box at the bottom chooses the kind and the account, then takes the text',
  async (world) => {
    const { playground, words, said } = world;
    const lea = await world.desk('lea');
    const customer = await world.waiting('Can you write to me?');
    await lea.open(words.new, customer);
    const message = await lea.message(customer.text).boundingBox();
    const box = await lea.box().boundingBox();
    assert.ok(box.y >= message.y + message.height, 'the reply box stands below the story');

    const pick = async (what, name) => {
      await lea.button(said.like(`composer.${what}_trigger`), lea.composer()).click();
      const group = lea.page.getByRole('group', { name: said(`composer.${what}`), exact: true });
      await group
        .getByRole('menuitemradio', { name: new RegExp(`^${escaped(name)}`) })
        .first()
        .click();
      await lea
        .button(said(`composer.${what}_trigger`, { kind: name, account: name }), lea.composer())
        .waitFor();
    };
    const second = playground.account('x', 1);
    const name = await nameOfAccount(lea, second.handle);
    await pick('kind', said('composer.way', { way: 'direct_message' }));
    await pick('account', name);
    assert.match(await lea.box().getAttribute('aria-label'), new RegExp(escaped(customer.name)));
    const direct = await playground.heard(await lea.reply(`In private, ${playground.token()}.`));
    assert.deepEqual([direct.kind, direct.handle], ['direct_message', second.handle]);

    await lea.message(customer.text).getByRole('button', { name: words.reply, exact: true }).click();
    await pick('kind', said('composer.way', { way: 'reply' }));
    const open = await playground.heard(await lea.reply(`For everybody, ${playground.token()}.`));
    assert.deepEqual([open.kind, open.handle], ['reply', playground.account('x').handle]);
  },
];

async function nameOfAccount(desk, handle) {
  const { body } = await desk.call('GET', '/bootstrap');
  return body.channels.find((channel) => channel.handle === handle).display_name;
}

export const S18 = [
  'beside each message stand only the actions that it and its account allow',
  async (world) => {
    const { playground, words, said } = world;
    const lea = await world.desk('lea');
    const [x, facebook] = [await playground.customer(), await playground.customer()];
    const token = () => playground.token();
    const follow = said('actions.follow', { name: x.name });
    const always = [words.addNote, said('actions.copy_text')];
    const link = said('actions.copy_link');
    const offered = [
      {
        of: x,
        text: await x.mention(`A mention ${token()}`),
        has: [words.reply, words.quote, words.like, words.repost, follow, link],
      },
      { of: x, text: await x.direct(`A direct message ${token()}`), has: [words.reply, follow] },
      {
        of: facebook,
        text: await facebook.comment(`A comment ${token()}`),
        has: [words.reply, words.like, words.hide, link],
      },
      { of: facebook, text: await facebook.messenger(`A private message ${token()}`), has: [words.reply] },
    ];
    for (const customer of [x, facebook]) {
      await lea.open(words.new, customer);
      for (const { text, has } of offered.filter((each) => each.of === customer)) {
        await lea.message(text).getByRole('button', { name: words.reply, exact: true }).waitFor();
        await lea.actionsOf(text);
        const entries = lea.page.getByRole('menuitem');
        await eventually(async () => {
          // The first line is the action, the second which account does it, or why it is not possible.
          const names = (await entries.allInnerTexts()).map((entry) => entry.split('\n')[0]);
          assert.deepEqual(names.toSorted(), [...has, ...always].toSorted());
        });
        assert.equal(await lea.page.locator('[role=menuitem][aria-disabled=true]').count(), 0);
        await lea.page.keyboard.press('Escape');
        await lea.page.getByRole('menu').waitFor({ state: 'hidden' });
      }
    }
  },
];

export const S27 = [
  'the Contact tab shows what is known of the customer',
  async (world) => {
    const { playground, words, said, language } = world;
    const [lea, noah] = await world.desks('lea', 'noah');
    const customer = await playground.known(language === 'en' ? 'priya' : 'margaux');
    const text = await customer.mention(`About my account ${playground.token()}`);
    await lea.go(words.all);
    await lea.page.getByRole('row').filter({ hasText: text }).getByRole('link').click();
    await lea.isOpen(customer);
    const panel = (desk) => desk.page.getByRole('complementary', { name: words.contact });
    await panel(lea).getByText(customer.name).first().waitFor();
    const known = {
      Langue: language === 'en' ? 'English' : 'Français',
      'E-mail': `${customer.handle.replace('_', '.')}@courriel.example`,
      'Numéro de compte': /^ML-\d{6}$/,
      Affiliation: /\S/,
    };
    const terms = panel(lea).getByRole('term');
    await terms.first().waitFor();
    for (const [name, value] of Object.entries(known)) {
      const shown = panel(lea)
        .getByRole('definition')
        .nth((await terms.allTextContents()).indexOf(name));
      await shown.getByText(value).first().waitFor();
    }
    await panel(lea).getByRole('link', { name: known['E-mail'] }).waitFor();

    // What a colleague learns is seen by everybody at once.
    const stranger = await world.waiting('You do not know me');
    for (const desk of [lea, noah]) await desk.open(words.new, stranger);
    await lea.button(said('contact.add_named', { name: 'Affiliation' })).click();
    await panel(lea).getByRole('textbox').fill('Club Lumière');
    await lea.button(said('contact.save'), panel(lea)).click();
    await panel(noah).getByText('Club Lumière').waitFor();
  },
];
