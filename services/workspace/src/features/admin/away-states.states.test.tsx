import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ManagedAwayState } from '../../api/settings-types';
import { chooseLanguage } from '../../i18n/language';
import { brokenRules, renderScreen } from '../../testing/screen';
import { AwayStatesPage } from './away-states-page';

vi.setConfig({ testTimeout: 30_000 });

const slowly = { timeout: 10_000 };
const states: readonly ManagedAwayState[] = [
  { id: 'away_1', name: 'Lunch', enabled: true, rev: 4 },
  { id: 'away_2', name: 'Training', enabled: false, rev: 7 },
];

let sent: { readonly call: string; readonly body: unknown }[];
let refusal: { readonly code: string; readonly status: number } | null;

beforeEach(() => {
  localStorage.clear();
  chooseLanguage('en');
  sent = [];
  refusal = null;
  vi.stubGlobal('fetch', (address: string, init: RequestInit) => {
    const list = Response.json({ away_states: states, rev: 7 });
    if ((init.method ?? 'GET') === 'GET') return Promise.resolve(list);
    sent.push({
      call: `${init.method} ${address.replace('/api/v1', '')}`,
      body: JSON.parse(String(init.body)),
    });
    return Promise.resolve(
      refusal ? Response.json({ code: refusal.code }, { status: refusal.status }) : list,
    );
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function show() {
  const { container } = await renderScreen(<AwayStatesPage />);
  await screen.findByRole('switch', { name: 'Offer Lunch' }, slowly);
  return container;
}
const press = (name: string) => act(async () => screen.getByRole('button', { name }).click());

describe('away states', () => {
  it('say which are offered, and are switched on with the rev that was seen', async () => {
    const container = await show();
    expect(await brokenRules(container)).toEqual([]);
    expect(screen.getByText(/Not offered/)).toBeTruthy();
    await act(async () => screen.getByRole('switch', { name: 'Offer Training' }).click());
    expect(sent).toEqual([{ call: 'PATCH /settings/away-states/away_2', body: { enabled: true, rev: 7 } }]);
  });

  it('are put into another order by buttons or by drag, and saved with the list’s rev', async () => {
    await show();
    await press('Move Training up');
    await press('Save the order');
    const turned = { away_state_ids: ['away_2', 'away_1'], rev: 7 };
    expect(sent).toEqual([{ call: 'PUT /settings/away-states/order', body: turned }]);
    await press('Cancel');
    const [first, last] = screen.getAllByRole('presentation');
    fireEvent.dragStart(first!, { dataTransfer: {} });
    fireEvent.dragOver(last!);
    fireEvent.dragEnd(first!);
    await press('Save the order');
    expect(sent[1]?.body).toEqual(turned);
  });

  it('refuse a name that is empty before the server has to, and say when one is taken', async () => {
    await show();
    await press('Add away state');
    await press('Save');
    expect(screen.getByText('1 to 60 characters.')).toBeTruthy();
    expect(sent).toEqual([]);
    refusal = { code: 'away_state_name_taken', status: 409 };
    fireEvent.change(screen.getByLabelText('Name'), { target: { value: ' Lunch ' } });
    await press('Save');
    expect(sent).toEqual([{ call: 'POST /settings/away-states', body: { name: 'Lunch' } }]);
    await screen.findByText('There is one of this name already.', {}, slowly);
  });
});
