import { act, cleanup, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as gateway from '../../api/gateway';
import * as settings from '../../api/settings';
import type { NotificationPreferences } from '../../api/settings-types';
import { chooseLanguage } from '../../i18n/language';
import { brokenRules, renderScreen } from '../../testing/screen';
import { AccountPage } from './account-page';
import { GeneralPage } from './general-page';
import { NotificationsPage } from './notifications-page';

beforeEach(() => {
  localStorage.clear();
  chooseLanguage('en');
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const slowly = { timeout: 5_000 };

describe('general preferences', () => {
  it('save what the next sign-in starts with, and only when asked to', async () => {
    const put = vi.spyOn(gateway, 'putDefaultAvailability').mockReturnValue(new Promise(() => undefined));
    const { container } = await renderScreen(<GeneralPage />);
    expect(await brokenRules(container)).toEqual([]);
    await act(async () => screen.getByRole('radio', { name: /^Available/ }).click());
    expect(put).not.toHaveBeenCalled();
    await act(async () => screen.getByRole('button', { name: 'Save' }).click());
    expect(put.mock.calls[0]?.[0]).toBe('available');
  });
});

describe('notification preferences', () => {
  const all = { in_app: true, sound: true, desktop: true, email: false };
  const preferences: NotificationPreferences = {
    matrix: { assigned_to_you: all, customer_answered: all },
    offered: {
      assigned_to_you: { ...all, email: true },
      customer_answered: { in_app: true, sound: true, desktop: false, email: false },
    },
    sound: { volume: 50 },
    has_push: false,
    has_mail_server: true,
    mail_address: null,
    rev: 4,
  };

  it('offer what can be chosen, say what stands in the way, and are saved with their rev', async () => {
    const put = vi.fn().mockResolvedValue(preferences);
    vi.stubGlobal('fetch', (address: string, init: RequestInit) => {
      // Nobody is signed in: this browser's own switch is for members.
      if (address.endsWith('/session')) return Promise.resolve(new Response(null, { status: 401 }));
      if (init.method === 'PUT') put(JSON.parse(String(init.body)));
      return Promise.resolve(Response.json(preferences));
    });
    const { container } = await renderScreen(<NotificationsPage />);
    await screen.findByRole('table', {}, slowly);
    expect(await brokenRules(container)).toEqual([]);
    expect(screen.getAllByRole('checkbox')).toHaveLength(6);
    expect(screen.getByText(/Desktop notifications are not set up/)).toBeTruthy();
    expect(screen.getByText(/no email can be sent to you/)).toBeTruthy();
    const box = screen.getByRole('checkbox', { name: 'A conversation is assigned to you: Sound' });
    await act(async () => box.click());
    await act(async () => screen.getByRole('button', { name: 'Save' }).click());
    expect(put.mock.calls[0]?.[0]).toMatchObject({
      matrix: { assigned_to_you: { ...all, sound: false }, customer_answered: all },
      rev: 4,
    });
    vi.unstubAllGlobals();
  });
});

describe('the account', () => {
  it('refuses a short password before the server has to', async () => {
    const change = vi.spyOn(settings, 'changePassword');
    await renderScreen(<AccountPage />);
    await act(async () => screen.getByRole('button', { name: 'Change password' }).click());
    expect(screen.getByText('At least 12 characters.')).toBeTruthy();
    expect(change).not.toHaveBeenCalled();
  });
});
