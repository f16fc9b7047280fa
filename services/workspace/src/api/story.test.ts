import { expect, it, vi } from 'vitest';
import { sampleEntry } from '../testing/story-samples';
import { call } from './http';
import { getActivity } from './story';
import type { ConversationId } from './types';

vi.mock('./http');

it('reads what happened to the very beginning, oldest first', async () => {
  const [first, second, third] = [1, 2, 3].map((sequence) => sampleEntry('opened', { sequence }));
  vi.mocked(call)
    .mockResolvedValueOnce({ entries: [third], older: 3 })
    .mockResolvedValueOnce({ entries: [second], older: 2 })
    .mockResolvedValueOnce({ entries: [first], older: null });
  expect(await getActivity('conv_1' as ConversationId)).toEqual([first, second, third]);
  expect(vi.mocked(call).mock.calls.map(([path]) => path)).toEqual([
    '/conversations/conv_1/activity',
    '/conversations/conv_1/activity?before=3',
    '/conversations/conv_1/activity?before=2',
  ]);
});
