import { beforeEach, describe, expect, it } from 'vitest';
import type { ConversationId } from '../api/types';
import { Drafts, parseDraft } from './drafts';

const one = 'conv_1' as ConversationId;
const other = 'conv_2' as ConversationId;

beforeEach(() => localStorage.clear());

const open = (member = 'mem_1', now = () => 1_000): Drafts => new Drafts(member, localStorage, now);

describe('a draft', () => {
  it('is there again after a reload, with how it was to be sent', () => {
    open().change(one, { text: 'Bonjour', kind: 'private_message', channel_id: 'chan_x', shorten: true });
    expect(open().get(one)).toMatchObject({
      text: 'Bonjour',
      kind: 'private_message',
      channel_id: 'chan_x',
      shorten: true,
    });
  });

  it('belongs to one conversation and one member', () => {
    open().change(one, { text: 'Bonjour' });
    expect(open().has(other)).toBe(false);
    expect(open('mem_2').has(one)).toBe(false);
  });

  it('keeps the key it was sent under until anything about it changes', () => {
    const drafts = open();
    drafts.change(one, { text: 'Bonjour', sent_as: 'key_1' });
    expect(open().get(one).sent_as).toBe('key_1');
    drafts.change(one, { text: 'Bonjour !' });
    expect(open().get(one).sent_as).toBeNull();
  });

  it('is gone once it is cleared, here and in storage', () => {
    const drafts = open();
    drafts.change(one, { text: 'Bonjour' });
    drafts.clear(one);
    expect(drafts.has(one)).toBe(false);
    expect(localStorage.length).toBe(0);
  });

  it('of blanks alone is none', () => {
    const drafts = open();
    drafts.change(one, { text: ' \n ' });
    expect(drafts.has(one)).toBe(false);
  });

  it('that another tab wrote later stands; an earlier one does not', () => {
    let now = 1_000;
    const drafts = open('mem_1', () => now);
    drafts.change(one, { text: 'mine' });
    const key = localStorage.key(0) ?? '';
    const stored = (text: string, at: number): string => JSON.stringify({ v: 1, text, updated_at: at });
    drafts.storageChanged(key, stored('older', 500));
    expect(drafts.get(one).text).toBe('mine');
    drafts.storageChanged(key, stored('newer', 2_000));
    expect(drafts.get(one).text).toBe('newer');
    now = 3_000;
    drafts.storageChanged(key, null);
    expect(drafts.has(one)).toBe(false);
  });

  it('that nobody touched for a month is forgotten', () => {
    open().change(one, { text: 'Bonjour' });
    const later = open('mem_1', () => 1_000 + 31 * 24 * 60 * 60 * 1_000);
    expect(later.has(one)).toBe(false);
    expect(localStorage.length).toBe(0);
  });

  it('lasts as long as the tab where storage is forbidden', () => {
    const forbidden = (): never => {
      throw new DOMException('no', 'SecurityError');
    };
    const storage = {
      length: 0,
      key: forbidden,
      getItem: forbidden,
      setItem: forbidden,
      removeItem: forbidden,
    };
    const drafts = new Drafts('mem_1', storage);
    drafts.change(one, { text: 'Bonjour' });
    expect(drafts.get(one).text).toBe('Bonjour');
  });
});

describe('what is stored', () => {
  it('is read only in the form that this version writes', () => {
    expect(parseDraft(null)).toBeNull();
    expect(parseDraft('{')).toBeNull();
    expect(parseDraft('{"v":0,"text":"a","updated_at":1}')).toBeNull();
    expect(parseDraft('{"v":1,"text":7,"updated_at":1}')).toBeNull();
    expect(parseDraft('{"v":1,"text":"a","updated_at":1}')?.shorten).toBe(false);
  });
});
