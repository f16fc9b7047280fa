import { describe, expect, it } from 'vitest';
import type { MessageId } from '../../api/types';
import { seenThrough } from '../../live/timelines';
import { sampleMessage, sampleOption } from '../../testing/samples';
import { accountsOf, chosenOf, consequenceOf, kindsOf, suitable, targetOf, wayOf } from './answers.logic';

const own = sampleOption({ channel_id: 'chan_x' });
const second = sampleOption({ channel_id: 'chan_x2' });
const direct = sampleOption({ kind: 'private_message', public: false, counting: 'characters' });
const closed = { available: false, reason_code: 'missing_scope', reason: 'No.' };
const directSecond = sampleOption({ ...direct, channel_id: 'chan_x2', ...closed });
const options = [own, second, direct, directSecond];
const mention = sampleMessage('msg_1', { channel_ids: ['chan_x'] });
const nothingChosen = { kind: null, channel_id: null };

describe('the message that is answered', () => {
  const answer = sampleMessage('msg_3', { direction: 'outbound' });
  const gone = sampleMessage('msg_4', { deleted: true });
  const story = [mention, sampleMessage('msg_2'), answer, gone];

  it('is the customer’s last that is still there', () => {
    expect(targetOf(story, null)?.id).toBe('msg_2');
  });

  it('is the one that was picked, as long as it can be answered', () => {
    expect(targetOf(story, 'msg_1')?.id).toBe('msg_1');
    expect(targetOf(story, 'msg_3')?.id).toBe('msg_2');
    expect(targetOf(story, 'msg_4')?.id).toBe('msg_2');
  });

  it('is none where the customer has not written', () => {
    expect(targetOf([answer], null)).toBeNull();
  });
});

describe('how it is answered', () => {
  it('is by default the message’s own kind and account', () => {
    expect(suitable([second, direct, own], mention)).toBe(own);
    const written = sampleMessage('msg_2', { kind: 'private_message' });
    expect(suitable(options, written)).toBe(direct);
  });

  it('is the other account, then the other kind, where the own one cannot', () => {
    const ownClosed = { ...own, ...closed };
    expect(suitable([ownClosed, second, direct], mention)).toBe(second);
    expect(suitable([ownClosed, { ...second, ...closed }, direct], mention)).toBe(direct);
  });

  it('shows the own one with its reason where nothing can', () => {
    const ownClosed = { ...own, ...closed };
    expect(suitable([{ ...second, ...closed }, ownClosed], mention)).toBe(ownClosed);
    expect(suitable([], mention)).toBeNull();
  });

  it('is what was chosen, while the message offers it', () => {
    const chosen = { kind: 'reply', channel_id: 'chan_x2' } as const;
    expect(chosenOf(options, mention, chosen)).toBe(second);
    expect(chosenOf([own, direct], mention, chosen)).toBe(own);
    expect(chosenOf(options, mention, nothingChosen)).toBe(own);
  });
});

describe('the choices', () => {
  it('name each kind once, by the account that can', () => {
    const kinds = kindsOf([directSecond, direct, second, own], 'chan_x');
    expect(kinds.map(({ kind, option }) => [kind, option.channel_id])).toEqual([
      ['private_message', 'chan_x'],
      ['reply', 'chan_x'],
    ]);
  });

  it('list the accounts of a kind, those that cannot with them', () => {
    expect(accountsOf(options, direct)).toEqual([direct, directSecond]);
  });
});

describe('what a choice means', () => {
  it('is said only when others can read the answer than could read the message', () => {
    const written = sampleMessage('msg_2', { kind: 'private_message' });
    expect(consequenceOf(own, mention)).toBeNull();
    expect(consequenceOf(direct, mention)).toBe('becomes_private');
    expect(consequenceOf(own, written)).toBe('becomes_public');
    expect(consequenceOf(direct, written)).toBeNull();
  });

  it('has the network’s own name', () => {
    const comment = sampleMessage('msg_5', { kind: 'comment', network: 'facebook' });
    expect(wayOf(own, mention, 'x')).toBe('reply');
    expect(wayOf(direct, mention, 'x')).toBe('direct_message');
    expect(wayOf(sampleOption({ kind: 'comment' }), comment, 'facebook')).toBe('comment');
    expect(wayOf(direct, comment, 'facebook')).toBe('private_reply');
    expect(wayOf(direct, sampleMessage('msg_6', { kind: 'private_message' }), 'facebook')).toBe(
      'private_message',
    );
  });
});

it('what was seen reaches to the last that arrived, wherever it stands in the story', () => {
  const late = sampleMessage('msg_9', { sequence: 9, network_time: '2026-11-23T08:00:00Z' });
  expect(seenThrough([late, sampleMessage('msg_1' as MessageId, { sequence: 4 })])).toBe(9);
  expect(seenThrough([])).toBe(0);
});
