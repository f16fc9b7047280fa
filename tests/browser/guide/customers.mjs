// The customers, and what they see of the business on the played networks. Each test has customers of its own, so
// that no conversation is shared.
import assert from 'node:assert/strict';
import { eventually } from './wait.mjs';

const firstNames = ['Ada', 'Bruno', 'Carla', 'Dario', 'Elsa', 'Felix', 'Gaia', 'Hugo', 'Iris', 'Jonas'];

export class Playground {
  #made = 0;

  constructor(url) {
    this.url = url;
    this.run = Date.now().toString(36).slice(-6);
  }

  async call(path, body, method = 'POST') {
    const response = await fetch(`${this.url}/playground/api/${path}`, {
      method,
      headers: { 'content-type': 'application/json', origin: this.url },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await response.text();
    assert.ok(response.ok, `${path}: ${response.status} ${answer}`);
    return JSON.parse(answer);
  }

  get(path) {
    return this.call(path, undefined, 'GET');
  }

  /** Nobody writes but those whom a test lets write. */
  async silence() {
    await this.call('generator', { running: false }, 'PUT');
    await eventually(async () => assert.equal((await this.get('state')).pending, 0));
    this.accounts = (await this.get('state')).accounts;
  }

  /** Of one network: the first account, or the second. */
  account(network, place = 0) {
    return this.accounts.filter((each) => each.network === network)[place];
  }

  /** A word that stands nowhere else. */
  token() {
    this.#made += 1;
    return `${this.run}${this.#made}`;
  }

  async customer() {
    const token = this.token();
    const name = `${firstNames[this.#made % firstNames.length]} ${token}`;
    const persona = await this.call('personas', { name, handle: `c_${token}` });
    return new Customer(this, persona);
  }

  /** Somebody of the demonstration. */
  async known(key) {
    const { personas } = await this.get('state');
    return new Customer(
      this,
      personas.find((each) => each.key === key),
    );
  }

  /** What the business sent with these words, once it has; there is never a second one. */
  async heard(text) {
    const found = await eventually(async () => {
      const calls = (await this.get('state')).business.filter((call) => call.text.includes(text));
      assert.equal(calls.length, 1, `heard ${calls.length} times: ${text}`);
      return calls;
    });
    return found[0];
  }

  /** What the business wrote anywhere with these words. */
  async everHeard(text) {
    return (await this.get('accepted?after=0')).filter((call) => call.text.includes(text)).length;
  }

  async answer(call, text) {
    await this.call('answer', { to: call.external_id, text });
    return text;
  }
}

export class Customer {
  constructor(playground, { key, name, handle }) {
    this.playground = playground;
    this.key = key;
    this.name = name;
    this.handle = handle;
  }

  async mention(text, place = 0) {
    const { account_id: account } = this.playground.account('x', place);
    await this.playground.call('x/mention', { account, author: this.key, text });
    return text;
  }

  async direct(text, place = 0) {
    return this.#privately('x', text, place);
  }

  async messenger(text, place = 0) {
    return this.#privately('facebook', text, place);
  }

  async comment(text, place = 0) {
    const { account_id: account } = this.playground.account('facebook', place);
    await this.playground.call('facebook/comment', {
      author: this.key,
      post: await this.#post(account),
      text,
    });
    return text;
  }

  async #privately(network, text, place) {
    const { account_id: account } = this.playground.account(network, place);
    await this.playground.call(`${network}/message`, { account, author: this.key, text });
    return text;
  }

  async #post(account) {
    const threads = await this.playground.get(`threads?network=facebook&account=${account}`);
    const ours = threads.find((thread) => thread.author.key === 'business' && !thread.deleted);
    if (ours) return ours.id;
    const post = { account, author: 'business', text: 'Our new lamps are here.' };
    return (await this.playground.call('facebook/post', post)).id;
  }

  /** What the network shows of something that this customer wrote in public. */
  async sees(network, text, place = 0) {
    const { account_id: account } = this.playground.account(network, place);
    const threads = await this.playground.get(
      `threads?network=${network}&account=${account}&persona=${this.key}`,
    );
    const all = (things) => things.flatMap((thing) => [thing, ...all(thing.answers)]);
    const thing = all(threads).find((each) => each.text.includes(text));
    assert.ok(thing, `${network} shows no “${text}”`);
    return thing;
  }
}
