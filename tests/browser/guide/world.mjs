// What the rows of one language share: the installation, the customers, and the members at their desks.
import { Desk } from './desk.mjs';
import { guide, speak } from './words.mjs';

export class World {
  #desks = new Map();

  constructor(language, installation, playground, browser) {
    this.language = language;
    this.installation = installation;
    this.playground = playground;
    this.browser = browser;
    this.said = speak(language);
    this.words = guide[language];
  }

  /** A member of the demonstration, signed in, and Away until a row says otherwise. */
  async desk(login) {
    const known = this.#desks.get(login);
    if (known) return known;
    const desk = await Desk.open(this);
    this.#desks.set(login, desk);
    await desk.signIn(login, this.installation.passwordOf(login));
    await desk.putOffFirstChoice();
    await desk.become(this.words.away);
    return desk;
  }

  desks(...logins) {
    return Promise.all(logins.map((login) => this.desk(login)));
  }

  /** Somebody's very first page, or a second device. */
  async stranger() {
    const desk = await Desk.open(this);
    this.#desks.set(desk, desk);
    return desk;
  }

  /** A member who was just invited and has never signed in; and how they will. */
  async newcomer() {
    const camille = await this.desk('camille');
    const login = `n_${this.playground.token()}`;
    const name = `Nova ${login}`;
    const body = { login, display_name: name, roles: ['agent'] };
    const { body: link } = await camille.call('POST', '/invitations', body);
    const desk = await this.stranger();
    const password = `a password of ${login}`;
    await desk.page.goto(link.url);
    await desk.page.getByLabel(this.said('entry.password'), { exact: true }).fill(password);
    await desk.button(this.said('entry.invitation_accept')).click();
    await desk.link(this.said('entry.sign_in')).click();
    await desk.page.getByLabel(this.said('session.login'), { exact: true }).waitFor();
    return { desk, login, name, password };
  }

  /** A customer with a conversation that waits in New. */
  async waiting(text) {
    const customer = await this.playground.customer();
    customer.text = await customer.mention(`${text} ${this.playground.token()}`);
    return customer;
  }

  async photograph(name, take) {
    for (const [who, desk] of this.#desks) {
      await take(desk.page, `${name}-${this.language}-${typeof who === 'string' ? who : 'other'}`).catch(
        () => {},
      );
    }
  }

  /** After a failure nothing is as the next row expects it. */
  async forget() {
    const desks = [...this.#desks.values()];
    this.#desks.clear();
    await Promise.all(
      desks.map((desk) =>
        desk.page
          .context()
          .close()
          .catch(() => {}),
      ),
    );
  }

  async close() {
    const desks = [...this.#desks.values()];
    this.#desks.clear();
    for (const desk of desks) await desk.close();
  }
}
