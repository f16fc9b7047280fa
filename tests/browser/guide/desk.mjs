// One member at work: what a person does on the screen, by the names that they read there.
import assert from 'node:assert/strict';
import { Session } from './session.mjs';
import { eventually } from './wait.mjs';
import { escaped } from './words.mjs';

export class Desk extends Session {
  // Availability

  availability() {
    return this.button(new RegExp(`^${escaped(this.said('availability.yours'))}`));
  }

  async isNow(state) {
    await this.button(
      new RegExp(`^${escaped(this.said('availability.yours'))} ?${escaped(state)}`),
    ).waitFor();
  }

  /** Conversations that still wait are handed back. */
  async become(state) {
    const now = await this.availability().textContent();
    if (now.includes(state)) return;
    await this.availability().click();
    const ways = this.page.getByRole('group', { name: this.said('availability.now'), exact: true });
    await ways.getByRole('menuitemradio', { name: new RegExp(`^${escaped(state)}`) }).click();
    const question = this.page.getByRole('dialog');
    const done = this.button(new RegExp(`^${escaped(this.said('availability.yours'))} ?${escaped(state)}`));
    await question.or(done).first().waitFor();
    if (await question.isVisible()) await question.getByRole('button').last().click();
    await done.waitFor();
  }

  offer() {
    return this.region(this.said('notifications.offer'));
  }

  // Lists

  /** Conversations by status, at the left. */
  byStatus() {
    return this.page.getByRole('navigation', { name: this.said('inbox.queues') });
  }

  /** New and Pending, at the top. */
  atTheTop() {
    return this.page.getByRole('navigation', { name: this.said('inbox.top_queues') });
  }

  queueLink(queue, within = this.byStatus()) {
    return within.getByRole('link', { name: new RegExp(`^${escaped(queue)}[\\s\\d]*$`) });
  }

  async count(queue, within) {
    const name = await this.queueLink(queue, within).textContent();
    const digits = /[\d\s]*$/u.exec(name.slice(queue.length))[0].replaceAll(/\s/g, '');
    assert.notEqual(digits, '', `${queue} has a count`);
    return Number(digits);
  }

  async go(queue) {
    if (!(await this.byStatus().isVisible())) await this.link(this.said('shell.inbox')).click();
    await this.queueLink(queue).click();
    await this.page.waitForFunction((name) => document.title.includes(name), queue);
  }

  /** The row of a customer in the list that is shown. */
  row({ name }) {
    return this.page.getByRole('grid').getByRole('row').filter({ hasText: name });
  }

  async lists(queue, customer) {
    await this.go(queue);
    await this.row(customer).waitFor();
  }

  async listsNot(queue, customer) {
    await this.go(queue);
    await this.row(customer).waitFor({ state: 'hidden' });
  }

  // A conversation

  async open(queue, customer) {
    await this.go(queue);
    await this.openRow(customer);
  }

  /** A row may move while it is aimed at; then one clicks again. */
  openRow(customer) {
    return eventually(async () => {
      await this.row(customer).getByRole('link').click({ timeout: 5_000 });
      await this.heading(customer).waitFor({ timeout: 2_000 });
    });
  }

  heading({ name }) {
    return this.page.getByRole('heading', { level: 1, name });
  }

  isOpen(customer) {
    return this.heading(customer).waitFor();
  }

  get conversation() {
    return /(conv_[0-9a-f]+)/.exec(this.page.url())[1];
  }

  story() {
    return this.page.getByRole('main');
  }

  message(text) {
    return this.story().getByRole('article').filter({ hasText: text });
  }

  /** New, Pending or Resolved, beside the name. */
  async stands(state) {
    const key = { new: 'inbox.state_new', pending: 'inbox.state_pending', resolved: 'inbox.state_resolved' }[
      state
    ];
    const head = this.story().getByRole('heading', { level: 1 }).locator('..');
    await head.getByText(this.said(key), { exact: true }).waitFor();
  }

  async ownedBy(name) {
    await this.button(new RegExp(`^${escaped(this.said('assignment.owner'))} ?${escaped(name)}`)).waitFor();
  }

  // The reply box

  composer() {
    return this.region(this.said('composer.region'));
  }

  box() {
    return this.composer().getByRole('textbox');
  }

  async write(text) {
    await this.box().fill(text);
  }

  /** What was taken over leaves the box at once; a press that missed a moving button is repeated. */
  send() {
    return eventually(async () => {
      if ((await this.box().inputValue()) !== '')
        await this.button(this.said('composer.send')).click({ timeout: 5_000 });
      assert.equal(await this.box().inputValue(), '');
    });
  }

  async reply(text) {
    await this.write(text);
    await this.send();
    await this.message(text).waitFor();
    return text;
  }

  async addNote(text) {
    await this.composer().getByRole('tab', { name: this.words.addNote }).click();
    await this.write(text);
    await this.button(this.said('composer.note_add'), this.composer().getByRole('tabpanel')).click();
    await this.message(text).waitFor();
    return text;
  }

  async setState(word) {
    await this.button(word, this.composer()).click();
  }

  // The actions of a message

  async actionsOf(text) {
    await this.button(this.said.like('actions.menu_of'), this.message(text)).click();
    await this.page.getByRole('menu').waitFor();
  }

  async act(text, action) {
    await this.actionsOf(text);
    await this.entry(typeof action === 'string' ? new RegExp(`^${escaped(action)}`) : action).click();
  }

  // Settings

  async administration(page) {
    await this.link(this.words.administration).click();
    await this.link(page, this.page.getByRole('navigation', { name: this.words.administration })).click();
    await this.page.getByRole('heading', { level: 1, name: page }).waitFor();
  }

  async preferences(page) {
    await this.button(this.said.like('shell.account')).click();
    await this.entry(this.words.preferences).click();
    await this.link(page, this.page.getByRole('navigation', { name: this.words.preferences })).click();
    await this.page.getByRole('heading', { level: 1, name: page }).waitFor();
  }

  async save(within = this.page) {
    await this.button(this.words.save, within).click();
  }

  async saved() {
    await this.page.getByText(this.said('settings.saved'), { exact: true }).first().waitFor();
  }
}

/** What was left waiting by others would be handed over first. */
export async function resolveWhatWaits(desk) {
  await eventually(async () => {
    const { body } = await desk.call('GET', '/conversations?queue=new&limit=100');
    await Promise.all(
      body.rows.map((row) =>
        desk.call('POST', `/conversations/${row.id}/state`, {
          key: crypto.randomUUID(),
          to: 'resolved',
          seen_through: 1_000_000,
        }),
      ),
    );
    assert.equal(body.rows.length, 0);
  });
}
