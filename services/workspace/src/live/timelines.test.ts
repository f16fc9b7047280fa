import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message } from '../api/types';
import { sampleMessage } from '../testing/samples';
import { compareMessages, Timeline } from './timelines';

function told(timeline: Timeline): string[] {
  timeline.publish();
  return timeline.snapshot.messages.map((message) => message.id);
}

const stories = fc
  .uniqueArray(
    fc.record({ number: fc.integer({ min: 1, max: 5_000 }), second: fc.integer({ min: 0, max: 20 }) }),
    {
      selector: ({ number }) => number,
      minLength: 1,
      maxLength: 40,
    },
  )
  .map((list) =>
    list
      .map(({ number, second }) =>
        sampleMessage(`msg_${number}`, {
          external_id: String(number),
          network_time: `2026-11-23T10:00:${String(second).padStart(2, '0')}Z`,
        }),
      )
      .toSorted(compareMessages),
  );

describe('the order of messages', () => {
  it('is the network’s time, then the network’s id as a number, however many digits a time has', () => {
    const at = (network_time: string, external_id: string): Message =>
      sampleMessage(external_id, { network_time, external_id });
    const sorted = [
      at('2026-11-23T10:00:05.25Z', '1'),
      at('2026-11-23T10:00:05Z', '10'),
      at('2026-11-23T10:00:05Z', '9'),
      at('2026-11-23T10:00:05.000000001Z', '2'),
    ].toSorted(compareMessages);
    expect(sorted.map((message) => message.external_id)).toEqual(['9', '10', '2', '1']);
  });
});

describe('a timeline', () => {
  it('tells the whole story in order, from any mixture of pages and pushes', () => {
    fc.assert(
      fc.property(
        stories,
        fc.integer({ min: 1, max: 12 }),
        fc.func(fc.boolean()),
        (story, size, isPushed) => {
          const timeline = new Timeline();
          timeline.status = 'loading';
          let start = Math.max(0, story.length - size);
          for (const message of story) if (isPushed(message.id)) timeline.push(message);
          timeline.showLatest(story.slice(start), start > 0 ? String(start) : null);
          while (start > 0) {
            const end = start;
            start = Math.max(0, end - size);
            timeline.showOlder(story.slice(start, end), start > 0 ? String(start) : null);
            for (const message of story) if (isPushed(`again ${message.id}`)) timeline.push(message);
          }
          expect(told(timeline)).toEqual(story.map((message) => message.id));
        },
      ),
    );
  });

  it('drops what it had when the latest page does not touch it, because there may be a gap between', () => {
    const timeline = new Timeline();
    const at = (minute: number): Message =>
      sampleMessage(`msg_${minute}`, {
        external_id: String(minute),
        network_time: `2026-11-23T10:${minute}:00Z`,
      });
    timeline.showLatest([at(10), at(11)], null);
    timeline.showLatest([at(30), at(31)], 'older');
    expect(told(timeline)).toEqual(['msg_30', 'msg_31']);
    expect(timeline.older).toBe('older');
  });

  it('keeps a message that was pushed while the latest page was under way', () => {
    const timeline = new Timeline();
    const at = (minute: number): Message =>
      sampleMessage(`msg_${minute}`, {
        external_id: String(minute),
        network_time: `2026-11-23T10:${minute}:00Z`,
      });
    timeline.showLatest([at(10)], null);
    timeline.push(at(40));
    timeline.showLatest([at(30), at(31)], 'older');
    expect(told(timeline)).toEqual(['msg_30', 'msg_31', 'msg_40']);
  });

  it('replaces a message by its newer revision only', () => {
    const timeline = new Timeline();
    timeline.showLatest([sampleMessage('msg_1', { rev: 3, text: 'new' })], null);
    expect(timeline.push(sampleMessage('msg_1', { rev: 2, text: 'old' }))).toBe(false);
    expect(timeline.push(sampleMessage('msg_1', { rev: 4, text: '', deleted: true }))).toBe(true);
    timeline.publish();
    expect(timeline.snapshot.messages.map((message) => message.deleted)).toEqual([true]);
  });

  it('waits with a late message from before the part that is here until its page is asked for', () => {
    const timeline = new Timeline();
    timeline.showLatest([sampleMessage('msg_2', { network_time: '2026-11-23T10:00:00Z' })], 'older');
    timeline.push(sampleMessage('msg_1', { network_time: '2026-11-23T09:00:00Z' }));
    expect(told(timeline)).toEqual(['msg_2']);
  });
});
