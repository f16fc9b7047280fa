import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as gateway from '../../api/gateway';
import { ApiProblem, Unreachable } from '../../api/http';
import { chooseLanguage } from '../../i18n/language';
import { sampleBootstrap } from '../../testing/samples';
import { brokenRules, renderScreen } from '../../testing/screen';
import { SessionExpired } from './session-expired';
import { SignInPage } from './sign-in-page';

vi.mock('../../api/gateway');

beforeEach(() => chooseLanguage('en'));
afterEach(() => {
  cleanup();
  vi.clearAllMocks();
});

async function attempt(login = 'ana', password = 'secret'): Promise<HTMLElement> {
  const { container } = await renderScreen(<SignInPage />);
  fireEvent.change(screen.getByLabelText('Login'), { target: { value: login } });
  fireEvent.change(screen.getByLabelText('Password'), { target: { value: password } });
  fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
  return container;
}

function refuse(error: Error): void {
  vi.mocked(gateway.signIn).mockRejectedValueOnce(error);
}

describe('signing in', () => {
  it('asks for both fields, with the cursor in the first that is missing', async () => {
    const container = await attempt('', '');
    expect(screen.getByText('Enter your login.')).toBeTruthy();
    expect(screen.getByText('Enter your password.')).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByLabelText('Login'));
    expect(vi.mocked(gateway.signIn)).not.toHaveBeenCalled();
    expect(await brokenRules(container)).toEqual([]);
  });

  it('gives no hint which of the two was wrong', async () => {
    refuse(new ApiProblem(401, 'sign_in_failed', 'no such login', null, null));
    const container = await attempt();
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toBe('This login and this password do not match. Check both and try again.');
    expect(await brokenRules(container)).toEqual([]);
  });

  it('says how long to wait after too many attempts', async () => {
    refuse(new ApiProblem(429, 'sign_in_throttled', '', null, 30));
    await attempt();
    expect((await screen.findByRole('alert')).textContent).toContain('Try again in 30 seconds.');
  });

  it('tells a server that does not answer from a wrong password', async () => {
    refuse(new Unreachable('down'));
    await attempt();
    expect((await screen.findByRole('alert')).textContent).toContain('The server does not answer.');
  });

  it('sends the password as it was typed, blanks included, and the login without them', async () => {
    vi.mocked(gateway.signIn).mockResolvedValueOnce({ ...sampleBootstrap, csrf: 'token' });
    await attempt(' ana ', ' a b ');
    await waitFor(() => expect(vi.mocked(gateway.signIn)).toHaveBeenCalledWith('ana', ' a b '));
  });

  it('speaks French as soon as it is chosen', async () => {
    await renderScreen(<SignInPage />);
    fireEvent.click(screen.getByRole('button', { name: 'Français' }));
    expect(screen.getByRole('heading', { name: 'Se connecter' })).toBeTruthy();
  });

  it('keeps the login of an ended session and can be left for another account', async () => {
    const { baseElement } = await renderScreen(
      <SessionExpired session={{ ...sampleBootstrap, csrf: 'token' }} />,
    );
    expect(screen.getByLabelText<HTMLInputElement>('Login').value).toBe('ana');
    expect(screen.getByRole('button', { name: 'Sign in as someone else' })).toBeTruthy();
    expect(await brokenRules(baseElement)).toEqual([]);
  });
});
