import { beforeEach, describe, expect, it, vi } from 'vitest';
import * as gateway from '../api/story';
import type { ServerDraft } from '../api/story-types';
import type { ConversationId } from '../api/types';
import { FakeSurroundings } from '../testing/fake-surroundings';
import { Drafts } from './drafts';
import { DraftSync } from './sync';

vi.mock('../api/story');

const id = 'conv_1' as ConversationId;
let time: FakeSurroundings;
let drafts: Drafts;
let sync: DraftSync;

/** Lets the calls that are under way be answered. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
};

function theirs(text: string, at: number): ServerDraft {
  return {
    conversation_id: id,
    mode: 'reply',
    text,
    kind: null,
    channel_id: null,
    in_reply_to: null,
    shorten_links: false,
    written_at: new Date(at).toISOString(),
    rev: 1,
  };
}

beforeEach(() => {
  vi.resetAllMocks();
  localStorage.clear();
  time = new FakeSurroundings();
  drafts = new Drafts('mem_1', localStorage, () => time.now());
  sync = new DraftSync(drafts, (milliseconds, run) => time.after(milliseconds, run));
  sync.watch();
  vi.mocked(gateway.getDrafts).mockResolvedValue([]);
  vi.mocked(gateway.putDraft).mockResolvedValue(null);
  vi.mocked(gateway.deleteDraft).mockResolvedValue();
});

describe('a draft on the server', () => {
  it('is written once, two seconds after the last key', async () => {
    drafts.change(id, { text: 'Bon' });
    time.pass(1_500);
    drafts.change(id, { text: 'Bonjour' });
    time.pass(1_900);
    await settle();
    expect(gateway.putDraft).not.toHaveBeenCalled();
    time.pass(200);
    await settle();
    expect(vi.mocked(gateway.putDraft).mock.calls.map(([draft]) => draft.text)).toEqual(['Bonjour']);
    expect(drafts.get(id).synced_at).toBe(drafts.get(id).updated_at);
  });

  it('is written at once when the page is being left', async () => {
    drafts.change(id, { text: 'Bonjour' });
    sync.flush();
    await settle();
    expect(gateway.putDraft).toHaveBeenCalledTimes(1);
  });

  it('is thrown away when it was accepted or emptied, and only if the server may have it', async () => {
    drafts.change(id, { text: 'Bonjour' });
    drafts.clear(id);
    await settle();
    expect(gateway.deleteDraft).not.toHaveBeenCalled();
    drafts.change(id, { text: 'Bonjour' });
    time.pass(2_000);
    await settle();
    drafts.clear(id);
    await settle();
    expect(gateway.deleteDraft).toHaveBeenCalledWith(id, 'reply');
  });

  it('takes the place of an older one here, which is kept beside it when it was not sent yet', async () => {
    drafts.change(id, { text: 'older, never sent' });
    sync.received({ conversation_id: id, mode: 'reply', draft: theirs('newer', time.now() + 5_000) });
    expect(drafts.get(id).text).toBe('newer');
    expect(drafts.get(id).other?.text).toBe('older, never sent');
  });

  it('gives way to a newer one here', async () => {
    time.pass(10_000);
    drafts.change(id, { text: 'mine' });
    vi.mocked(gateway.getDrafts).mockResolvedValue([theirs('old', time.now() - 9_000)]);
    time.pass(0);
    await sync.pull();
    time.pass(2_000);
    await settle();
    expect(drafts.get(id).text).toBe('mine');
    expect(vi.mocked(gateway.putDraft).mock.calls.map(([draft]) => draft.text)).toEqual(['mine']);
  });

  it('that is gone there goes here too, unless it was changed since', async () => {
    drafts.change(id, { text: 'sent from the telephone' });
    time.pass(2_000);
    await settle();
    sync.received({ conversation_id: id, mode: 'reply', draft: null });
    expect(drafts.has(id)).toBe(false);
    drafts.change(id, { text: 'written since' });
    sync.received({ conversation_id: id, mode: 'reply', draft: null });
    expect(drafts.get(id).text).toBe('written since');
  });

  it('that was accepted on another device meanwhile goes when the line is back', async () => {
    drafts.change(id, { text: 'sent from the telephone' });
    time.pass(2_000);
    await settle();
    await sync.pull();
    expect(drafts.has(id)).toBe(false);
  });

  it('written without a connection goes out when it is back', async () => {
    vi.mocked(gateway.putDraft).mockRejectedValueOnce(new Error('away'));
    drafts.change(id, { text: 'offline' });
    time.pass(2_000);
    await settle();
    expect(drafts.get(id).synced_at).toBe(0);
    await sync.pull();
    await settle();
    expect(gateway.putDraft).toHaveBeenCalledTimes(2);
    expect(drafts.get(id).synced_at).toBe(drafts.get(id).updated_at);
  });

  it('survives a reload with what is known of the server', () => {
    drafts.change(id, { text: 'kept' }, 'note');
    const again = new Drafts('mem_1', localStorage, () => time.now());
    expect(again.all()).toMatchObject([{ conversation: id, mode: 'note', draft: { text: 'kept' } }]);
  });
});
