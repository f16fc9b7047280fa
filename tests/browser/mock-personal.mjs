// The mock gateway's answers about what a member prefers, desktop notifications, away states and link shortening.
import { awayStates } from './mock-desk.mjs';
import { Refused } from './mock-http.mjs';

const told = { in_app: true, sound: true, desktop: true, email: false };

const links = {
  provider: 'built_in',
  domain: 'go.quai.example',
  rev: 1,
  bitly: {
    connected: false,
    login: null,
    group: null,
    domain: null,
    groups: [],
    domains: [],
    health: null,
    last_checked_at: null,
    last_error: null,
  },
};

export class MockPersonal {
  preferences = {
    appearance: 'system',
    language: 'system',
    keyboard: { single_letters: true, send_with_enter: false, keys: {} },
    written_at: null,
    rev: 0,
  };
  /** Null: pushes are not set up. */
  pushKey = 'BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM';
  subscriptions = [];
  tests = [];
  outcomes = [];
  awayStates = awayStates.map(({ id, name }, place) => ({ id, name, enabled: true, rev: place + 1 }));
  links = structuredClone(links);

  constructor(gateway) {
    this.gateway = gateway;
  }

  answer(method, path, body) {
    const [, notification] = /^\/notifications\/([^/]+)\/outcome$/.exec(path) ?? [];
    if (notification) {
      this.outcomes.push({ id: notification, ...body });
      return [204];
    }
    const [, state] = /^\/settings\/away-states\/([^/]+)$/.exec(path) ?? [];
    const route = state && state !== 'order' ? `${method} away-state` : `${method} ${path}`;
    return this.#routes[route]?.(body, state) ?? null;
  }

  #routes = {
    'GET /preferences': () => [200, this.preferences],
    'PUT /preferences': ({ rev, ...body }) => {
      if (rev !== this.preferences.rev) throw new Refused(409, 'stale', 'They changed meanwhile.');
      this.preferences = { ...body, rev: rev + 1 };
      return [200, this.preferences];
    },
    'GET /notification-preferences': () => [
      200,
      {
        matrix: { assigned_to_you: told, customer_answered: told },
        offered: { assigned_to_you: told, customer_answered: told },
        sound: { volume: 0 },
        has_push: this.pushKey !== null,
        has_mail_server: false,
        mail_address: null,
        rev: 1,
      },
    ],
    'GET /push-subscriptions/key': () => [200, { public_key: this.pushKey }],
    'POST /push-subscriptions': (body) => {
      this.subscriptions = [...this.subscriptions.filter((each) => each.endpoint !== body.endpoint), body];
      return [204];
    },
    'DELETE /push-subscriptions': ({ endpoint }) => {
      this.subscriptions = this.subscriptions.filter((each) => each.endpoint !== endpoint);
      return [204];
    },
    'POST /notifications/test': ({ means }) => {
      this.tests.push(means);
      return [201, {}];
    },
    'GET /away-states': () => [200, { away_states: this.#offered() }],
    'GET /settings/away-states': () => [200, this.#all()],
    'POST /settings/away-states': ({ name }) => {
      this.#mayChange();
      if (this.awayStates.some((each) => each.name === name)) throw taken();
      this.awayStates.push({ id: `away_${this.awayStates.length}`, name, enabled: true, rev: this.#next() });
      return this.#changed(201);
    },
    'PATCH away-state': ({ rev, ...change }, id) => {
      this.#mayChange();
      const known = this.awayStates.find((each) => each.id === id);
      if (known.rev !== rev) throw new Refused(409, 'stale', 'It changed meanwhile.');
      const isTaken = this.awayStates.some((each) => each.id !== id && each.name === change.name);
      if (isTaken) throw taken();
      Object.assign(known, change, { rev: this.#next() });
      return this.#changed();
    },
    'PUT /settings/away-states/order': ({ away_state_ids: ids, rev }) => {
      this.#mayChange();
      if (rev !== this.#next() - 1) throw new Refused(409, 'stale', 'They changed meanwhile.');
      const next = this.#next();
      this.awayStates = ids.map((id) => ({ ...this.awayStates.find((each) => each.id === id), rev: next }));
      return this.#changed();
    },
    'GET /settings/link-shortening': () => [200, this.links],
  };

  /** Somebody else chose who makes the links. */
  chooseLinks(provider, domain) {
    this.links = { ...this.links, provider, domain, rev: this.links.rev + 1 };
    this.gateway.live.aside('settings.changed', { keys: ['link_shortening'] });
  }

  #all() {
    return { away_states: this.awayStates, rev: this.#next() - 1 };
  }

  #offered() {
    const offered = this.awayStates.filter((each) => each.enabled);
    return offered.map(({ id, name }, place) => ({ id, name, position: place + 1 }));
  }

  #next() {
    return 1 + Math.max(0, ...this.awayStates.map((each) => each.rev));
  }

  #mayChange() {
    const isLead = this.gateway.me.roles.some((role) => role !== 'agent');
    if (!isLead) throw new Refused(403, 'supervisor_only', 'Only a supervisor may do this.');
  }

  #changed(status = 200) {
    this.gateway.live.emit('settings.changed', { keys: ['away_states'] });
    return [status, this.#all()];
  }
}

const taken = () => new Refused(409, 'away_state_name_taken', 'There is one of this name.');
