// A browser of one member: its elements by the names that a person reads there, and how the member gets in and out.
import assert from 'node:assert/strict';
import { openPage } from '../browser.mjs';
import { callAs } from '../product.mjs';
import { patience } from './wait.mjs';

const viewport = { width: 1680, height: 900 };

export class Session {
  constructor({ installation, language, said, words }, page) {
    Object.assign(this, { url: installation.url, language, said, words, page });
  }

  static async open(world) {
    const page = await openPage(world.browser, { language: world.language, viewport });
    page.context().setDefaultTimeout(patience);
    return new this(world, page);
  }

  async close() {
    const { faults } = this.page;
    await this.page.context().close();
    assert.deepEqual(faults, []);
  }

  // Elements by their names

  button(name, within = this.page) {
    return within.getByRole('button', { name, exact: typeof name === 'string' });
  }

  link(name, within = this.page) {
    return within.getByRole('link', { name, exact: typeof name === 'string' });
  }

  entry(name) {
    return this.page.getByRole('menuitem', { name });
  }

  /** One of several, in a menu. */
  choice(name) {
    return this.page.getByRole('menuitemradio', { name });
  }

  dialog(name) {
    return this.page.getByRole('dialog', { name });
  }

  region(name) {
    return this.page.getByRole('region', { name });
  }

  // Coming in and going

  async signIn(login, password) {
    await this.page.goto(this.url);
    await this.typeIn(login, password);
    await this.isIn();
    return this;
  }

  async typeIn(login, password) {
    await this.page.getByLabel(this.said('session.login'), { exact: true }).fill(login);
    await this.page.getByLabel(this.said('session.password'), { exact: true }).fill(password);
    await this.button(this.said('session.submit')).click();
  }

  /** By its words, because the question of the first sign-in hides the page from roles. */
  async isIn() {
    await this.page.getByText(this.said('shell.live'), { exact: true }).first().waitFor();
  }

  /** Everything that is said in passing from now on. */
  async listen() {
    await this.page.evaluate((shelf) => {
      globalThis.saidInPassing = [];
      new MutationObserver((changes) => {
        for (const { addedNodes } of changes)
          for (const node of addedNodes) globalThis.saidInPassing.push(node.textContent);
      }).observe(document.querySelector(`[aria-label="${shelf}"]`), { childList: true });
    }, this.said('shell.toasts'));
  }

  heardInPassing() {
    return this.page.evaluate(() => globalThis.saidInPassing);
  }

  /** Whoever has never chosen is asked first; here it is put off. */
  async putOffFirstChoice() {
    await this.isIn();
    const { body } = await this.call('GET', '/availability');
    if (body.never_chosen) await this.button(this.said('availability.first_skip')).click();
    await this.dialog(this.said('availability.first_title')).waitFor({ state: 'hidden' });
  }

  async signOut() {
    await this.button(this.said.like('shell.account')).click();
    await this.entry(this.said('shell.sign_out')).click();
    await this.page.getByLabel(this.said('session.password'), { exact: true }).waitFor();
  }

  /** What no row is about: preparing and cleaning up. */
  call(method, path, body) {
    return callAs(this.page, method, path, body);
  }
}
