import { cleanup, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Notification } from '../../api/types';
import { chooseLanguage } from '../../i18n/language';
import { idleFeed, renderScreen } from '../../testing/screen';
import { Bell } from './bell';

beforeEach(() => chooseLanguage('en'));
afterEach(cleanup);

const told = { in_app: true, sound: false, desktop: true, email: false };
const raised = (id: string, facts: Partial<Notification>): { k: 'notification.raise'; d: Notification } => ({
  k: 'notification.raise',
  d: {
    id,
    kind: 'assigned_to_you',
    conversation_id: `conv_${id}`,
    channel_id: null,
    at: '2026-11-23T10:00:00Z',
    badge_only: false,
    means: told,
    rev: 1,
    ...facts,
  } as Notification,
});

it('counts what is wanted in the app, and everything while one is Away', async () => {
  const feed = idleFeed();
  const notInApp = { ...told, in_app: false };
  feed.desk.apply([
    raised('1', {}),
    raised('2', { means: notInApp }),
    raised('3', { means: { ...notInApp, desktop: false }, badge_only: true }),
  ]);
  await renderScreen(<Bell />, feed);
  expect(screen.getByRole('button').dataset['notifications']).toBe('2');
});
