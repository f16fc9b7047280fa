import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as gateway from '../../api/gateway';
import { ApiProblem } from '../../api/http';
import * as story from '../../api/story';
import type { Conversation } from '../../api/types';
import { run } from '../../commands/dispatcher';
import { chooseLanguage } from '../../i18n/language';
import { sampleConversation } from '../../testing/samples';
import { brokenRules, idleFeed, renderScreen } from '../../testing/screen';
import { ReminderChip } from '../../ui/reminder-chip';
import { ToastShelf } from '../../ui/toast-shelf';
import { closeToast } from '../../ui/toasts';
import { ReminderMenu } from './reminder-menu';
import { instantOf } from './reminder.logic';

vi.mock('../../api/gateway');
vi.mock('../../api/story');

const slowly = { timeout: 5_000 };
const reminder = {
  due_at: '2026-11-24T09:00:00Z',
  note: 'Ask the depot',
  member_id: 'mem_1',
  name: 'Ana Petit',
};

beforeEach(() => {
  chooseLanguage('en');
  vi.mocked(story.getActivity).mockResolvedValue([]);
});
afterEach(() => {
  cleanup();
  vi.clearAllMocks();
  closeToast('state:conv_1');
});

async function show(facts: Partial<Conversation> = {}): Promise<void> {
  const { container } = await renderScreen(
    <main>
      <ReminderMenu row={sampleConversation('conv_1', facts)} />
      <ToastShelf />
    </main>,
    idleFeed(),
  );
  expect(await brokenRules(container)).toEqual([]);
  await act(async () => void run('reminder'));
}

const entry = (name: RegExp): HTMLElement => screen.getByRole('menuitem', { name });

describe('a reminder', () => {
  it('is set for 15 minutes, an hour, four or a day, or a chosen time', async () => {
    await show();
    const names = screen
      .getAllByRole('menuitem')
      .map((each) => each.textContent?.replace(/\d\d:\d\d.*|\d+ \w+, .*/, ''));
    expect(names).toEqual([
      'In 15 minutes',
      'In 1 hour',
      'In 4 hours',
      'In 24 hours',
      'Choose a time, add a note…',
    ]);
  });

  it('makes a New conversation Pending until then, and Undo makes it New again', async () => {
    const pending = sampleConversation('conv_1', { state: 'pending', rev: 2, reminder });
    vi.mocked(story.setReminder).mockResolvedValue(pending);
    vi.mocked(gateway.changeState).mockResolvedValue({
      row: sampleConversation('conv_1', { rev: 3 }),
      undelivered_replies: 0,
    });
    await show();
    const before = Date.now();
    await act(async () => entry(/^In 4 hours/).click());
    const [, wanted] = vi.mocked(story.setReminder).mock.calls[0] ?? [];
    expect(Date.parse(wanted?.due_at ?? '') - before).toBeGreaterThanOrEqual(4 * 3_600_000);
    // Its story is not here yet: the row was seen.
    expect(wanted?.seen_through).toBe(sampleConversation('conv_1').last_sequence);
    expect(wanted?.seen_through).toBeGreaterThan(0);
    await act(async () => screen.getByRole('button', { name: 'Undo' }).click());
    expect(vi.mocked(gateway.changeState).mock.calls[0]?.[1].to).toBe('new');
  });

  it('is cancelled from the menu of a conversation that has one', async () => {
    vi.mocked(story.cancelReminder).mockResolvedValue(
      sampleConversation('conv_1', { state: 'pending', rev: 2 }),
    );
    await show({ state: 'pending', reminder });
    await act(async () => entry(/^Cancel the reminder/).click());
    expect(story.cancelReminder).toHaveBeenCalledWith('conv_1', expect.any(String));
    expect(screen.getByText('Reminder cancelled')).toBeTruthy();
  });

  it('says why it was not set', async () => {
    vi.mocked(story.setReminder).mockRejectedValue(
      new ApiProblem(403, 'access_missing', 'Only read.', null, null),
    );
    await show();
    await act(async () => entry(/^In 1 hour/).click());
    expect(await screen.findByText('The reminder was not set')).toBeTruthy();
    expect(screen.getByText('Only read.')).toBeTruthy();
  });

  it('takes a chosen time to come and a note, and no time that is past', async () => {
    vi.mocked(story.setReminder).mockResolvedValue(
      sampleConversation('conv_1', { state: 'pending', rev: 2 }),
    );
    await show();
    await act(async () => entry(/^Choose a time/).click());
    const chosen = await screen.findByRole('radio', { name: 'At a chosen time' }, slowly);
    await act(async () => chosen.click());
    const at = screen.getByLabelText('Day and time');
    fireEvent.change(at, { target: { value: '2020-01-01T10:00' } });
    fireEvent.change(screen.getByLabelText(/^Note/), { target: { value: 'Ask the depot' } });
    await act(async () => screen.getByRole('button', { name: 'Set the reminder' }).click());
    expect(screen.getByText('Choose a time to come.')).toBeTruthy();
    fireEvent.change(at, { target: { value: '2100-01-01T10:00' } });
    await act(async () => screen.getByRole('button', { name: 'Set the reminder' }).click());
    expect(vi.mocked(story.setReminder).mock.calls[0]?.[1].note).toBe('Ask the depot');
  });

  it('is shown with its moment and note', async () => {
    await renderScreen(<ReminderChip reminder={reminder} />);
    expect(document.querySelector('[data-reminder]')?.getAttribute('title')).toContain('Ask the depot');
    expect(instantOf('nonsense', 0)).toBeNull();
  });
});
