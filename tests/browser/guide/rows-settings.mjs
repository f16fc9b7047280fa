// What an administrator arranges for everybody: contact attributes and the names of accounts (S28, S29).
import assert from 'node:assert/strict';
import { eventually } from './wait.mjs';

export const S28 = [
  'Administration › Agent workspace › Contact attributes: which are shown, and in which order',
  async (world) => {
    const { words, said } = world;
    const [camille, lea] = await world.desks('camille', 'lea');
    const customer = await world.waiting('Who am I?');
    await lea.open(words.new, customer);
    const panel = lea.page.getByRole('complementary', { name: words.contact });
    const shown = async () => (await panel.getByRole('term').allTextContents()).map((name) => name.trim());
    await panel.getByRole('term').first().waitFor();
    const begin = await shown();
    assert.ok(begin.length >= 4, `${begin}`);
    const becomes = (names) => eventually(async () => assert.deepEqual(await shown(), names));
    const [first, second, third, ...rest] = begin;

    await camille.administration(words.contactAttributes);
    await camille.page
      .getByRole('navigation', { name: words.administration })
      .getByText(words.agentWorkspace)
      .waitFor();
    const toggle = camille.page.getByRole('switch', {
      name: said('admin.attribute_shown', { name: second }),
    });
    const line = (name) =>
      camille.page.getByRole('listitem').filter({
        has: camille.page.getByRole('switch', { name: said('admin.attribute_shown', { name }) }),
      });
    const saveOrder = () => camille.button(said('admin.order_save')).click();
    try {
      await toggle.click();
      await becomes([first, third, ...rest]);
      await toggle.click();
      await becomes(begin);

      await camille.button(said('admin.move_down', { name: first })).click();
      await saveOrder();
      await becomes([second, first, third, ...rest]);
      await line(third).getByText(third).first().dragTo(line(second).getByText(second).first());
      await saveOrder();
      await becomes([third, second, first, ...rest]);
    } finally {
      const { body } = await camille.call('GET', '/settings/contact-attributes');
      const place = ({ name }) => (begin.indexOf(name) + 1 || body.attributes.length + 1) - 1;
      const ids = body.attributes.toSorted((a, b) => place(a) - place(b)).map((each) => each.attribute_id);
      await camille.call('PUT', '/settings/contact-attributes/order', { attribute_ids: ids, rev: body.rev });
    }
    await becomes(begin);
  },
];

export const S29 = [
  'Administration › Channels and business hours › Channels: Edit, a display name of up to 255 characters',
  async (world) => {
    const { playground, words, said } = world;
    const [camille, lea] = await world.desks('camille', 'lea');
    const customer = await world.waiting('Who are you?');
    await lea.open(words.new, customer);
    await camille.administration(words.channels);
    await camille.page
      .getByRole('navigation', { name: words.administration })
      .getByText(words.channelsGroup)
      .waitFor();
    const before = 'Maison Lumière Aide';
    const longest = `Aide ${playground.token()} é`.padEnd(255, '–');
    const edit = (name) => camille.button(said('admin.edit', { name })).click();
    const dialog = camille.dialog(said('admin.channel_edit'));
    const field = dialog.getByLabel(words.displayName, { exact: true });

    await edit(before);
    await field.fill(`${longest}!`);
    await dialog.getByText(said('admin.display_name_counter', { length: 256, limit: 255 })).waitFor();
    await camille.save(dialog);
    await dialog.getByText(said('admin.display_name_wrong', { count: 255 })).waitFor();
    await field.fill(longest);
    await dialog.getByText(said('admin.display_name_counter', { length: 255, limit: 255 })).waitFor();
    await camille.save(dialog);
    await dialog.waitFor({ state: 'hidden' });
    try {
      await camille.page.getByText(longest, { exact: true }).waitFor();
      // Where agents choose the account, on a screen that nobody touched.
      await eventually(async () => {
        await lea.button(said.like('composer.account_trigger'), lea.composer()).click();
        await lea
          .choice(longest)
          .waitFor({ timeout: 1_000 })
          .finally(() => lea.page.keyboard.press('Escape'));
      });
    } finally {
      await edit(longest);
      await field.fill(before);
      await camille.save(dialog);
    }
    await camille.page.getByText(before, { exact: true }).waitFor();
  },
];
