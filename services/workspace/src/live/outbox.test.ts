import { beforeEach, describe, expect, it, vi } from 'vitest';
import * as gateway from '../api/gateway';
import { ApiProblem, Unreachable } from '../api/http';
import type { ConversationId, NewReply } from '../api/types';
import { FakeSurroundings } from '../testing/fake-surroundings';
import { sampleBootstrap, sampleConversation, sampleMessage, sampleReply } from '../testing/samples';
import { type Accepted, Outbox, withLocal } from './outbox';
import { LiveStore } from './store';

vi.mock('../api/gateway');

const id = 'conv_1' as ConversationId;
const me = { id: 'mem_1', name: 'Ana Petit' };
const reply: NewReply = {
  key: 'key_1',
  kind: 'reply',
  channel_id: 'chan_x',
  in_reply_to: null,
  text: 'Bonjour',
  seen_through: 1,
  fence: 7,
  shorten_links: false,
  keep_long_ordinals: [],
  despite_newer: false,
};
const made = sampleMessage('msg_2', {
  direction: 'outbound',
  kind: 'reply',
  sequence: 2,
  text: 'Bonjour',
  reply: sampleReply(),
});
const answer = { row: sampleConversation(id, { rev: 2, state: 'pending' }), message: made, link_notices: [] };

let world: FakeSurroundings;
let store: LiveStore;
let outbox: Outbox;

beforeEach(() => {
  vi.clearAllMocks();
  vi.mocked(gateway.postReply).mockResolvedValue(answer);
  world = new FakeSurroundings();
  store = new LiveStore();
  store.begin(sampleBootstrap);
  store.showLatestMessages(id, { messages: [sampleMessage('msg_1')], older: null });
  outbox = new Outbox(store, world);
});

const settled = (): Promise<void> => vi.waitFor(() => expect(outbox.of(id)[0]?.state).not.toBe('sending'));
const shown = () => withLocal(store.timeline(id).messages, outbox.of(id), me).map((message) => message.id);

describe('a reply on its way', () => {
  it('is in the story at once, and becomes the server’s own when it is accepted', async () => {
    const accepted: Accepted[] = [];
    outbox.onAccepted((each) => accepted.push(each));
    outbox.send(id, 'x', reply);
    expect(shown()).toEqual(['msg_1', 'local:key_1']);
    await settled();
    expect(shown()).toEqual(['msg_1', 'msg_2']);
    expect(store.conversation(id)?.state).toBe('pending');
    expect(accepted).toEqual([{ conversation: id, key: 'key_1', linkNotices: [] }]);
  });

  it('is told of once while its fence is on its way, which goes with it and with every further attempt', async () => {
    const told = vi.fn();
    outbox.subscribe(id, told);
    let toldBefore = 0;
    vi.mocked(gateway.postReply).mockImplementationOnce(() => {
      toldBefore = told.mock.calls.length;
      return Promise.reject(new Unreachable(null));
    });
    outbox.send(id, 'x', reply, () => Promise.resolve(9));
    await settled();
    expect(toldBefore).toBe(1);
    world.pass(1_000);
    await settled();
    expect(vi.mocked(gateway.postReply).mock.calls.map(([, sent]) => sent.fence)).toEqual([9, 9]);
  });

  it('is shown once when its frame comes before the answer to sending it', async () => {
    outbox.send(id, 'x', reply);
    store.apply([{ k: 'message.upsert', d: made }]);
    expect(shown()).toEqual(['msg_1', 'msg_2']);
    await settled();
    expect(shown()).toEqual(['msg_1', 'msg_2']);
  });

  it('is not mistaken for an earlier one with the same words', async () => {
    store.apply([{ k: 'message.upsert', d: { ...made, id: 'msg_0' as typeof made.id } }]);
    outbox.send(id, 'x', reply);
    expect(shown()).toContain('local:key_1');
    await settled();
  });

  it('waits where no answer came, and is asked for again under the same key', async () => {
    vi.mocked(gateway.postReply).mockRejectedValueOnce(new Unreachable(null));
    outbox.send(id, 'x', reply);
    await settled();
    expect(outbox.of(id)[0]?.state).toBe('waiting');
    world.pass(1_000);
    await settled();
    expect(outbox.of(id)).toEqual([]);
    expect(vi.mocked(gateway.postReply).mock.calls.map(([, sent]) => sent.key)).toEqual(['key_1', 'key_1']);
  });

  it('goes out at once when the line is back', async () => {
    vi.mocked(gateway.postReply).mockRejectedValueOnce(new ApiProblem(503, 'away', '', null, null));
    outbox.send(id, 'x', reply);
    await settled();
    outbox.resume();
    await settled();
    expect(outbox.of(id)).toEqual([]);
  });

  it('that is refused leaves the story and gives its text back', async () => {
    vi.mocked(gateway.postReply).mockRejectedValueOnce(
      new ApiProblem(409, 'newer_message', 'The customer wrote again.', null, null),
    );
    outbox.send(id, 'x', reply);
    await settled();
    expect(shown()).toEqual(['msg_1']);
    expect(outbox.of(id)[0]?.problem?.code).toBe('newer_message');
    expect(outbox.take('key_1')?.reply.text).toBe('Bonjour');
    expect(outbox.of(id)).toEqual([]);
  });

  it('that was taken back is not sent any more', async () => {
    vi.mocked(gateway.postReply).mockRejectedValueOnce(new Unreachable(null));
    outbox.send(id, 'x', reply);
    await settled();
    outbox.take('key_1');
    world.pass(60_000);
    expect(gateway.postReply).toHaveBeenCalledTimes(1);
  });
});
