// Links in replies: made short on request, by the organization’s Bitly account or by Guichet itself (S25, S26).
import assert from 'node:assert/strict';
import { escaped } from './words.mjs';

const long = (token) => `https://shop.example/lamps/green-glass-table-lamp-with-a-long-name?order=${token}`;

/** Writes a reply with a link that is to be short; gives what the customer got. */
async function shortened({ playground, said, words }, desk, customer, address) {
  await desk.open(words.new, customer);
  const toggle = desk.page.getByRole('switch', { name: said('composer.shorten') });
  assert.equal(await toggle.getAttribute('aria-checked'), 'false', 'off until it is asked for');
  await toggle.click();
  const token = playground.token();
  await desk.write(`Look ${token}: ${address}`);
  const chip = desk
    .composer()
    .getByRole('list', { name: said('composer.links') })
    .getByRole('button');
  await chip.waitFor();
  await desk.send();
  const { text } = await playground.heard(token);
  assert.ok(!text.includes(address), `the customer got the long address: ${text}`);
  return /https?:\/\/\S+/.exec(text)[0];
}

async function leadsTo(short) {
  const response = await fetch(short, { redirect: 'manual' });
  assert.ok([301, 302, 303, 307, 308].includes(response.status), `${short}: ${response.status}`);
  return response.headers.get('location');
}

export const S25 = [
  'links in a reply are shortened for a better look, when it is asked for',
  async (world) => {
    const { playground, words } = world;
    const lea = await world.desk('lea');
    const customer = await world.waiting('Which lamp is it?');
    const address = long(playground.token());
    const short = await shortened(world, lea, customer, address);
    assert.ok(short.length < address.length / 2, short);
    assert.equal(await leadsTo(short), address);
    // What the customer got is what the story shows.
    await lea.message(short.replace(/^https?:\/\//, '')).waitFor();

    // Where it is not asked for, a link stays as it was written.
    const other = await world.waiting('And this one?');
    await lea.open(words.new, other);
    const kept = long(playground.token());
    await lea.write(`As it is: ${kept}`);
    await lea.send();
    const call = await playground.heard(kept);
    assert.ok(call.text.includes(kept), call.text);
  },
];

export const S26 = [
  'Administration › Agent workspace › Link shortening › Connect: Bitly, and Guichet itself by default',
  async (world) => {
    const { playground, words, said, installation } = world;
    const [camille, lea] = await world.desks('camille', 'lea');
    await camille.administration(words.linkShortening);
    await camille.page
      .getByRole('navigation', { name: words.administration })
      .getByText(words.agentWorkspace)
      .waitFor();
    const provider = (name) => camille.page.getByRole('radio', { name: new RegExp(`^${escaped(name)}`) });
    const builtIn = said('admin.provider_built_in');
    assert.equal(await provider(builtIn).isChecked(), true, 'the default');

    await camille.button(words.connectToBitly).click();
    const dialog = camille.dialog(words.connectToBitly);
    await dialog.getByLabel(said('admin.bitly_token'), { exact: true }).fill('simulated-bitly-care');
    await camille.button(words.connectToBitly, dialog).click();
    await dialog.waitFor({ state: 'hidden' });
    await camille.button(said('admin.bitly_disconnect')).waitFor();
    await provider(said('admin.provider_bitly')).check();
    await camille.save();
    try {
      await camille.saved();
      await camille.button(said('admin.test_link_make')).click();
      await camille.page.getByText(said('admin.test_link_made', { provider: 'Bitly' })).waitFor();
      const address = long(playground.token());
      const short = await shortened(world, lea, await world.waiting('Which shop?'), address);
      // The simulated Bitly keeps its links beside the customers.
      assert.ok(short.startsWith(`${installation.url}/playground/bitly/`) || /bit\.ly/.test(short), short);
      if (short.startsWith(installation.url)) assert.equal(await leadsTo(short), address);
    } finally {
      await provider(builtIn).check();
      await camille.save();
      await camille.button(said('admin.bitly_disconnect')).click();
    }
    await camille.page.getByText(said('admin.bitly_none')).waitFor();
    const address = long(playground.token());
    const short = await shortened(world, lea, await world.waiting('And now?'), address);
    assert.ok(!short.includes('bitly'), short);
    assert.equal(await leadsTo(short), address);
  },
];
