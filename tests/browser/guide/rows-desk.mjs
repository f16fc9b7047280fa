// The agent: how they start, what they are handed, how they leave, and what they want to be told (S2 to S6).
import assert from 'node:assert/strict';
import { resolveWhatWaits } from './desk.mjs';
import { eventually } from './wait.mjs';
import { escaped } from './words.mjs';

export const S2 = [
  'at the first sign-in an agent chooses Available or Away, or an away state of the organization',
  async (world) => {
    const { playground, words, said } = world;
    const camille = await world.desk('camille');
    const state = `Inventory ${playground.token()}`;
    await camille.administration(said('admin.away_states'));
    await camille.button(said('admin.away_state_add')).click();
    const dialog = camille.dialog(said('admin.away_state_add'));
    await dialog.getByLabel(said('admin.away_state_name'), { exact: true }).fill(state);
    await camille.save(dialog);
    await dialog.waitFor({ state: 'hidden' });

    const first = await world.newcomer();
    await first.desk.typeIn(first.login, first.password);
    const card = first.desk.dialog(said('availability.first_title'));
    await card.getByRole('button', { name: new RegExp(`^${words.away}`) }).waitFor();
    await card.getByRole('button', { name: state }).waitFor();
    await card.getByRole('button', { name: new RegExp(`^${words.available}`) }).click();
    await first.desk.isNow(words.available);
    await first.desk.become(state);

    const second = await world.newcomer();
    await second.desk.typeIn(second.login, second.password);
    const again = second.desk.dialog(said('availability.first_title'));
    await again.getByRole('button', { name: new RegExp(`^${words.away}`) }).click();
    await second.desk.isNow(words.away);
    // It is asked once.
    await second.desk.signOut();
    await second.desk.typeIn(second.login, second.password);
    await second.desk.isNow(words.away);
    assert.equal(await again.count(), 0);

    // What is no longer wanted is offered no longer.
    await camille.page
      .getByRole('switch', { name: said('admin.away_state_offered', { name: state }) })
      .click();
    await second.desk.availability().click();
    await second.desk.choice(state).waitFor({ state: 'hidden' });
    await second.desk.page.keyboard.press('Escape');
  },
];

export const S3 = [
  'an Available agent is handed the first conversation waiting in New, at once',
  async (world) => {
    const { words, said } = world;
    const lea = await world.desk('lea');
    await resolveWhatWaits(lea);
    const first = await world.waiting('I was first');
    const second = await world.waiting('I was second');
    for (const customer of [first, second]) await lea.lists(words.new, customer);
    assert.equal(await lea.offer().count(), 0);
    await lea.become(words.available);
    await lea
      .offer()
      .filter({ hasText: said('notifications.offer_handed', { name: first.name }) })
      .waitFor();
    await lea.button(said('notifications.open'), lea.offer()).click();
    await lea.isOpen(first);
    await lea.ownedBy(said('assignment.you'));
    await lea.message(first.text).waitFor();
    // And who writes while the agent is there is handed over without anybody touching anything.
    const next = await world.waiting('I just came');
    await lea.go(words.new);
    await lea.row(next).getByText(said('inbox.owner_me')).waitFor({ state: 'attached' });
    await lea.become(words.away);
  },
];

export const S4 = [
  'an agent who is Away, or in one of the away states, is handed nothing',
  async (world) => {
    const { words, said } = world;
    const [lea, noah] = await world.desks('lea', 'noah');
    await resolveWhatWaits(lea);
    await lea.become(words.available);
    await lea.become(words.away);
    await noah.become(words.available);
    for (const state of [words.away, 'Pause']) {
      await lea.become(state);
      await lea.isNow(state);
      const customer = await world.waiting('Is anybody there?');
      await noah.lists(words.new, customer);
      await noah.row(customer).getByText(said('inbox.owner_me')).waitFor({ state: 'attached' });
      await lea.lists(words.new, customer);
      await lea
        .row(customer)
        .getByText(said('inbox.owner', { name: 'Noah Dubois' }))
        .waitFor({ state: 'attached' });
      assert.equal(await lea.offer().count(), 0);
    }
    // Nor when the colleague goes as well: it waits for somebody.
    await noah.become(words.away);
    const nobody = await world.waiting('And now?');
    await lea.open(words.new, nobody);
    await lea.ownedBy(said('assignment.nobody'));
    assert.equal(await lea.offer().count(), 0);
    await lea.become(words.away);
  },
];

export const S5 = [
  'Personal preferences › General › Default availability: the next sign-in starts with it',
  async (world) => {
    const { words } = world;
    const { desk, login, password } = await world.newcomer();
    await desk.typeIn(login, password);
    await desk.putOffFirstChoice();
    await desk.isNow(words.away);
    for (const chosen of [words.available, words.away]) {
      await desk.preferences(words.general);
      const group = desk.page.getByRole('group', { name: words.defaultAvailability });
      await group.getByRole('radio', { name: new RegExp(`^${escaped(chosen)}`) }).check();
      await desk.save();
      await desk.saved();
      await desk.signOut();
      await desk.typeIn(login, password);
      await desk.isNow(chosen);
    }
  },
];

export const S6 = [
  'Personal preferences › Notifications: which events notify, and by which means',
  async (world) => {
    const { playground, words, said } = world;
    const lea = await world.desk('lea');
    await resolveWhatWaits(lea);
    const events = ['assigned_to_you', 'customer_answered', 'new_in_queue', 'reply_failed'];
    const box = (event, means) =>
      lea.page.getByRole('checkbox', {
        name: said('settings.box', { event: said(`settings.occasion_${event}`), means }),
        exact: true,
      });
    const inApp = said('settings.means_in_app');
    const choose = async (isWanted) => {
      await lea.preferences(words.notifications);
      for (const event of events)
        await box(event, inApp)
          .or(box(event, said('settings.means_sound')))
          .first()
          .waitFor();
      await box('customer_answered', inApp).setChecked(isWanted);
      await lea.save();
      await lea.saved();
    };
    await choose(false);
    await lea.page.reload();
    await lea.preferences(words.notifications);
    assert.equal(await box('customer_answered', inApp).isChecked(), false);
    for (const means of ['in_app', 'sound', 'desktop', 'email']) {
      await lea.page.getByRole('columnheader', { name: said(`settings.means_${means}`) }).waitFor();
    }

    await lea.go(words.new);
    await lea.become(words.available);
    const quiet = await world.waiting('I will answer');
    await lea.open(words.new, quiet);
    await lea.ownedBy(said('assignment.you'));
    const call = await playground.heard(await lea.reply(`Please do, ${playground.token()}.`));
    await lea.go(words.new);
    await lea.listen();
    await playground.answer(call, `Here I am ${playground.token()}`);
    await lea.row(quiet).waitFor();
    // What follows is told, and by then what is not wanted would have been.
    const [answered, assigned] = ['customer_answered', 'assigned_to_you'].map((kind) =>
      said(`notifications.${kind}`),
    );
    const loud = await world.waiting('I am new here');
    const about = (text, customer) => (toast) => toast.includes(text) && toast.includes(customer.name);
    await eventually(async () => assert.ok((await lea.heardInPassing()).some(about(assigned, loud))));
    assert.ok(!(await lea.heardInPassing()).some(about(answered, quiet)), 'told, though it is not wanted');

    await choose(true);
    await lea.go(words.new);
    await playground.answer(call, `Are you there? ${playground.token()}`);
    await eventually(async () => assert.ok((await lea.heardInPassing()).some(about(answered, quiet))));
    await lea.become(words.away);
    await eventually(async () => assert.equal(await lea.offer().count(), 0));
  },
];
