// The live connection of the mock gateway: a numbered event log that sockets resume from, with a ring that can be
// made to forget, frames that can be lost, and lines that can be cut.
import { WebSocketServer } from 'ws';
import { placeOf } from './mock-lists.mjs';

const pingEvery = 20_000;

export class MockLive {
  #log = [];
  /** What clients said of themselves, newest last. */
  typing = [];
  #ringStart = 0;
  #sockets = new Set();
  #server = new WebSocketServer({ noServer: true });
  uiBuild = 'mock';
  /** How many events of each kind were sent to anybody. */
  sent = {};

  constructor(gateway) {
    this.gateway = gateway;
  }

  get cursor() {
    return String(this.#log.length);
  }

  get count() {
    return this.#sockets.size;
  }

  /** What the last connected tab declared: the ids in sight and its open conversation. */
  get shown() {
    const { shown, open } = [...this.#sockets].at(-1) ?? {};
    return { shown, open };
  }

  upgrade(request, socket, head) {
    this.#server.handleUpgrade(request, socket, head, (client) => this.#accept(client));
  }

  emit(k, d) {
    this.#log.push({ k, d });
    for (const socket of this.#sockets) this.#deliver(socket, [this.#log.length - 1]);
  }

  /** Passes by: no number, no cursor, never sent again. */
  aside(k, d) {
    for (const { client } of this.#sockets) client.send(JSON.stringify({ t: 'side', k, d }));
  }

  cut() {
    for (const { client } of this.#sockets) client.terminate();
  }

  /** As a gateway that stops: a last frame that says when to come back, then the close. */
  sayGoodbye(after) {
    for (const { client } of this.#sockets) {
      client.send(JSON.stringify({ t: 'goodbye', after }));
      client.close(1001);
    }
  }

  /** Whoever comes back with a cursor from before now is told to start again. */
  forget() {
    this.#ringStart = this.#log.length;
  }

  /** Leaves a hole in the numbers of every open socket. */
  loseOneFrame() {
    for (const socket of this.#sockets) socket.n += 1;
  }

  #accept(client) {
    const socket = { client, n: 0, shown: [], open: null, isGreeted: false };
    const ping = setInterval(() => client.send('{"t":"ping"}'), pingEvery);
    this.#sockets.add(socket);
    client.on('close', () => {
      clearInterval(ping);
      this.#sockets.delete(socket);
    });
    client.on('message', (data) => {
      const frame = JSON.parse(String(data));
      if (frame.t === 'hello') socket.placesOthers = frame.moved === true;
      if (frame.t === 'hello' || frame.t === 'show')
        Object.assign(socket, { shown: frame.shown, open: frame.open });
      if (frame.want) this.#tell(socket, frame.want);
      if (frame.t === 'typing') this.typing.push(frame);
      if (frame.t === 'hello') this.#greet(socket, Number(frame.cursor));
    });
  }

  #greet(socket, cursor) {
    const resumed = cursor >= this.#ringStart;
    const send = (frame) => socket.client.send(JSON.stringify(frame));
    socket.isGreeted = true;
    send({ t: 'welcome', resumed, conn: 'conn_1', ui_build: this.uiBuild });
    if (!resumed) return send({ t: 'reset', cursor: this.cursor });
    const missed = Math.max(0, this.#log.length - cursor);
    return this.#deliver(
      socket,
      Array.from({ length: missed }, (_, index) => cursor + index),
    );
  }

  #deliver(socket, positions) {
    if (!socket.isGreeted) return;
    const evs = [];
    for (const position of positions) {
      const { k, d } = this.#log[position];
      const ofOpen = k === 'message.upsert' || k === 'note.upsert';
      if (ofOpen && d.conversation_id !== socket.open) continue;
      evs.push(this.#numbered(socket, position + 1, this.#asToldTo(socket, k, d)));
    }
    this.#send(socket, evs);
  }

  /** Rows that came into sight, as they are now. */
  #tell(socket, ids) {
    const rows = ids.map((id) => this.gateway.conversations.get(id)?.row).filter(Boolean);
    const cursor = this.#log.length;
    this.#send(
      socket,
      rows.map((d) => this.#numbered(socket, cursor, { k: 'conversation.upsert', d })),
    );
  }

  /** Of what is neither shown nor open nor the member's own, where it stands. */
  #asToldTo(socket, k, d) {
    if (k !== 'conversation.upsert' || !socket.placesOthers) return { k, d };
    const isOwn = d.owner?.member_id === this.gateway.me.id;
    if (isOwn || d.id === socket.open || socket.shown.includes(d.id)) return { k, d };
    return { k: 'moved', d: { id: d.id, rev: d.rev, key: placeOf(d) } };
  }

  #numbered(socket, cursor, { k, d }) {
    socket.n += 1;
    this.sent[k] = (this.sent[k] ?? 0) + 1;
    return { t: 'ev', n: socket.n, c: String(cursor), k, d };
  }

  #send(socket, evs) {
    if (evs.length === 1) socket.client.send(JSON.stringify(evs[0]));
    if (evs.length > 1) socket.client.send(JSON.stringify({ t: 'batch', evs }));
  }
}
