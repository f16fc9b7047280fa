// A gateway of one file for tests of the workspace alone: serves dist/ with the real headers, answers the API from
// memory; what is live is in mock-live.mjs.
//   node mock-gateway.mjs [port]     serves the fixtures to try things by hand
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { channels } from './fixtures/answers.mjs';
import { inbox, message as newMessage, newestOf } from './fixtures/inbox.mjs';
import { MockDesk } from './mock-desk.mjs';
import { json, problem } from './mock-http.mjs';
import { MockLists, queues } from './mock-lists.mjs';
import { MockLive } from './mock-live.mjs';
import { MockPersonal } from './mock-personal.mjs';
import { MockStory } from './mock-story.mjs';

const dist = fileURLToPath(new URL('../../services/workspace/dist/', import.meta.url));
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const policy =
  "default-src 'self'; img-src 'self' data: blob:; connect-src 'self'; style-src 'self'; script-src 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'";

const organization = { id: 'org_quai', name: 'Quai', language: 'fr', time_zone: 'Europe/Paris' };
export const password = 'correct horse';

function byNetworkOrder(a, b) {
  if (a.network_time !== b.network_time) return a.network_time < b.network_time ? -1 : 1;
  if (a.external_id.length !== b.external_id.length) return a.external_id.length - b.external_id.length;
  return a.external_id < b.external_id ? -1 : 1;
}

const queuedReply = {
  state: 'queued',
  attempt: 1,
  failure_code: null,
  failure: null,
  retryable: false,
  waits_until: null,
  wait_reason: null,
};

export class MockGateway {
  me = { id: 'member_ana', display_name: 'Ana Petit', login: 'ana', roles: ['agent'] };
  conversations = inbox();
  channels = channels;
  isSignedIn = false;
  /** Paths that answer with this status instead, as [pattern, status]. */
  failures = [];
  /** Milliseconds before each answer of the API; made smaller, it lets go of those that wait. */
  delay = 0;
  refusesSockets = false;
  requests = [];
  /** The bodies of replies that were asked for. */
  replies = [];
  live = new MockLive(this);
  lists = new MockLists(this);
  desk = new MockDesk(this);
  story = new MockStory(this);
  personal = new MockPersonal(this);
  #server = createServer((request, response) => void this.#answer(request, response));

  async start(port = 0) {
    this.#server.on('upgrade', (request, socket, head) => {
      const isLive = request.url === '/api/v1/live' && !this.refusesSockets && this.#isKnown(request);
      if (!isLive) return socket.destroy();
      this.live.upgrade(request, socket, head);
    });
    await new Promise((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.#server.address().port}`;
    return this;
  }

  async close() {
    this.live.cut();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  // What happens in the world

  counts() {
    const rows = [...this.conversations.values()].map(({ row }) => row).filter((row) => !row.absorbed_into);
    return Object.fromEntries(Object.entries(queues).map(([name, has]) => [name, rows.filter(has).length]));
  }

  /** Adds a conversation, or a message to one that is there. */
  receive(message, contact) {
    const id = message.conversation_id;
    const have = this.conversations.get(id);
    const messages = [...(have?.messages ?? []), message].toSorted(byNetworkOrder);
    const last = messages.at(-1);
    const row = {
      ...(have?.row ?? {
        id,
        rev: 0,
        contact: { id: `contact_${id}`, avatar_url: null, ...contact },
        network: message.network,
        channel_ids: message.channel_ids,
        opened_at: message.network_time,
        unseen_count: 0,
        resolved_at: null,
        previous_id: null,
        absorbed_into: null,
        waiting_since: null,
        owner: null,
        owner_epoch: 0,
        lock: null,
        reminder: null,
      }),
      state: 'new',
      last: { text: last.text, kind: last.kind, direction: last.direction },
      last_activity_at: last.network_time,
      message_count: messages.length,
      last_sequence: newestOf(messages),
    };
    row.rev += 1;
    row.unseen_count += 1;
    row.waiting_since ??= message.network_time;
    this.conversations.set(id, { row, messages });
    this.live.emit('message.upsert', message);
    this.live.emit('conversation.upsert', row);
    this.live.emit('counts', this.counts());
  }

  /** One of ours answers: the conversation becomes Pending, and theirs if it was nobody's. */
  say(id, { kind, channel_id: channel, in_reply_to, text }, who) {
    const have = this.conversations.get(id);
    const said = newMessage(id, { network: have.row.network, kind, direction: 'outbound', age: 0, text });
    const made = { ...said, channel_ids: [channel], in_reply_to, permalink: null, external_id: '' };
    made.reply = { ...queuedReply, ...who, channel_id: channel };
    have.messages = [...have.messages, made];
    this.live.emit('message.upsert', made);
    this.change(id, {
      state: 'pending',
      waiting_since: null,
      unseen_count: 0,
      owner: have.row.owner ?? who,
      last: { text, kind, direction: 'outbound' },
      last_activity_at: made.network_time,
      message_count: have.messages.length,
      last_sequence: newestOf(have.messages),
    });
    return made;
  }

  change(id, change) {
    const have = this.conversations.get(id);
    have.row = { ...have.row, ...change, rev: have.row.rev + 1 };
    this.live.emit('conversation.upsert', have.row);
    this.live.emit('counts', this.counts());
  }

  changeMessage(id, messageId, change) {
    const have = this.conversations.get(id);
    have.messages = have.messages.map((each) =>
      each.id === messageId ? { ...each, ...change, rev: each.rev + 1 } : each,
    );
    this.live.emit(
      'message.upsert',
      have.messages.find((each) => each.id === messageId),
    );
  }

  remove(id) {
    this.conversations.delete(id);
    this.live.emit('conversation.gone', { id });
    this.live.emit('counts', this.counts());
  }

  // What goes wrong
  endSessions() {
    this.isSignedIn = false;
    this.live.cut();
  }

  // The API

  #isKnown(request) {
    return this.isSignedIn && (request.headers.cookie ?? '').includes('guichet_session=');
  }

  async #answer(request, response) {
    const url = new URL(request.url, 'http://mock');
    response.setHeader('content-security-policy', policy);
    if (!url.pathname.startsWith('/api/v1/')) return this.#serve(url.pathname, response);
    const path = url.pathname.slice('/api/v1'.length);
    let body = '';
    for await (const chunk of request) body += chunk;
    this.requests.push(`${request.method} ${path}`);
    for (const began = Date.now(); ;) {
      const left = began + this.delay - Date.now();
      if (left <= 0) break;
      await new Promise((resolve) => setTimeout(resolve, Math.min(left, 50)));
    }
    const failure = this.failures.find(([pattern]) => pattern.test(path));
    if (failure) return problem(response, failure[1], 'mock_failure', 'The database does not answer.');
    if (path === '/session') return this.#session(request, response, body);
    if (path === '/welcome') return json(response, 200, { needed: false, simulated_networks_offered: true });
    if (!this.#isKnown(request)) return problem(response, 401, 'not_signed_in', 'Sign in first.');
    try {
      const tab = request.headers['x-guichet-tab'];
      const given = body && JSON.parse(body);
      const answer =
        this.lists.answer(request.method, path, url.searchParams, given) ??
        this.personal.answer(request.method, path, given) ??
        this.desk.answer(request.method, path, given, tab) ??
        this.story.answer(request.method, path, given, url.searchParams);
      if (answer) return json(response, ...answer);
    } catch (error) {
      if (!error.code) throw error;
      return problem(response, error.status, error.code, error.message, error.field);
    }
    return this.#read(path, url.searchParams, response);
  }

  #session(request, response, body) {
    if (request.method === 'POST') {
      const { login, password: given } = JSON.parse(body);
      if (given === 'again and again') {
        response.setHeader('retry-after', '30');
        return problem(response, 429, 'sign_in_throttled', 'Too many attempts.');
      }
      if (login !== this.me.login || given !== password)
        return problem(response, 401, 'sign_in_failed', 'No.');
      this.isSignedIn = true;
      response.setHeader('set-cookie', 'guichet_session=mock; HttpOnly; SameSite=Lax; Path=/');
      return json(response, 201, { me: this.me, csrf: 'token' });
    }
    if (!this.#isKnown(request)) return problem(response, 401, 'not_signed_in', 'Sign in first.');
    if (request.method === 'DELETE') {
      if (request.headers['x-guichet-csrf'] !== 'token') return problem(response, 403, 'csrf', 'No token.');
      this.endSessions();
      response.statusCode = 204;
      return response.end();
    }
    return json(response, 200, { me: this.me, organization, csrf: 'token' });
  }

  #read(path, query, response) {
    if (path === '/bootstrap') {
      return json(response, 200, {
        cursor: this.live.cursor,
        me: this.me,
        organization,
        channels: this.channels,
        counts: this.counts(),
        ui_build: this.live.uiBuild,
      });
    }
    const [, id, part] = /^\/conversations\/([^/]+)(\/messages)?$/.exec(path) ?? [];
    const found = this.conversations.get(id);
    if (!found) return problem(response, 404, 'not_found', 'There is no such thing here.');
    return json(response, 200, part ? messagePage(found.messages, query) : found.row);
  }

  // The files

  #serve(path, response) {
    const file = extname(path) === '' ? 'index.html' : path.slice(1);
    try {
      const bytes = readFileSync(join(dist, file));
      response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream');
      response.end(bytes);
    } catch {
      response.statusCode = 404;
      response.end();
    }
  }
}

function messagePage(messages, query) {
  const end = query.has('before')
    ? messages.findIndex((each) => each.id === query.get('before'))
    : messages.length;
  const start = Math.max(0, end - Number(query.get('limit')));
  return { messages: messages.slice(start, end), older: start > 0 ? messages[start].id : null };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const gateway = await new MockGateway().start(Number(process.argv[2] ?? 8099));
  console.log(`${gateway.url} (ana / ${password})`);
}
