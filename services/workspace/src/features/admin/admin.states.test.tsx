import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiProblem } from '../../api/http';
import type { AttributeDefinition, ManagedChannel, ManagedMember } from '../../api/settings-types';
import { chooseLanguage } from '../../i18n/language';
import { brokenRules, renderScreen } from '../../testing/screen';
import { ChannelsPage } from './channels-page';
import { ContactAttributesPage } from './contact-attributes-page';
import { moved } from './order.logic';

beforeEach(() => {
  localStorage.clear();
  chooseLanguage('en');
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const slowly = { timeout: 5_000 };

function attribute(id: string, position: number, shown = true): AttributeDefinition {
  return { attribute_id: id, name: id, type: 'text', choices: [], shown, position, rev: position + 7 };
}

const channel: ManagedChannel = {
  channel_id: 'chan_1',
  network: 'x',
  handle: 'maison',
  display_name: 'Maison',
  health: 'connected',
  last_checked_at: null,
  simulated: true,
  tier: 'enterprise',
  restricted: false,
  auto_resolve_days: 30,
  reopen_window_hours: null,
  my_access: 'supervisor',
  rev: 3,
};

const member = (id: string, name: string, roles: ManagedMember['roles'], active = true): ManagedMember => ({
  member_id: id,
  login: id,
  display_name: name,
  roles,
  active,
  rev: 1,
});
const members = [
  member('mem_noah', 'Noah', ['agent']),
  member('mem_lea', 'Léa', ['agent']),
  member('mem_sacha', 'Sacha', ['agent', 'supervisor']),
  member('mem_gone', 'Inès', ['agent'], false),
];

/** What the gateway answers by method and path; what was sent is kept. */
function answering(answers: Record<string, unknown>) {
  const sent: { readonly call: string; readonly body: unknown }[] = [];
  vi.stubGlobal('fetch', (address: string, init: RequestInit) => {
    const call = `${init.method ?? 'GET'} ${address.replace('/api/v1', '')}`;
    if (init.method !== 'GET') sent.push({ call, body: JSON.parse(String(init.body ?? 'null')) });
    const answer = answers[call];
    return answer instanceof ApiProblem
      ? Promise.resolve(
          Response.json({ code: answer.code, detail: answer.message }, { status: answer.status }),
        )
      : Promise.resolve(Response.json(answer ?? {}));
  });
  return sent;
}

const button = (name: string): HTMLElement => screen.getByRole('button', { name });

describe('contact attributes', () => {
  const attributes = [attribute('Language', 0), attribute('Email', 1), attribute('Code', 2, false)];

  async function show() {
    const sent = answering({ 'GET /settings/contact-attributes': { attributes, rev: 5 } });
    const { container } = await renderScreen(<ContactAttributesPage />);
    await screen.findByRole('switch', { name: 'Show Email' }, slowly);
    expect(await brokenRules(container)).toEqual([]);
    return sent;
  }

  it('are put into another order by buttons, and saved together', async () => {
    const sent = await show();
    expect(screen.queryByRole('button', { name: 'Save the order' })).toBeNull();
    await act(async () => button('Move Email up').click());
    await act(async () => button('Move Language down').click());
    await act(async () => button('Save the order').click());
    expect(sent).toEqual([
      {
        call: 'PUT /settings/contact-attributes/order',
        body: { attribute_ids: ['Email', 'Code', 'Language'], rev: 5 },
      },
    ]);
  });

  it('can be dragged', async () => {
    const sent = await show();
    const [first, , last] = screen.getAllByRole('presentation');
    fireEvent.dragStart(first!, { dataTransfer: {} });
    fireEvent.dragOver(last!);
    fireEvent.dragEnd(first!);
    await act(async () => button('Save the order').click());
    expect(sent[0]?.body).toEqual({ attribute_ids: ['Email', 'Code', 'Language'], rev: 5 });
  });

  it('are switched off one by one, with the rev that was seen', async () => {
    const sent = await show();
    await act(async () => screen.getByRole('switch', { name: 'Show Email' }).click());
    expect(sent).toEqual([
      { call: 'PATCH /settings/contact-attributes/Email', body: { shown: false, rev: 8 } },
    ]);
  });

  it('show beside them what agents will see', async () => {
    await show();
    const preview = screen.getByRole('region', { name: 'How agents will see it' });
    expect(preview.textContent).toContain('Language');
    expect(preview.textContent).not.toContain('Code');
  });
});

describe('a channel', () => {
  async function edit(answers: Record<string, unknown> = {}) {
    const sent = answering({
      'GET /channels': { channels: [channel] },
      'GET /channels/chan_1/access': { entries: [{ member_id: 'mem_gone', access: 'viewer' }], rev: 3 },
      'PUT /channels/chan_1/access': { entries: [], rev: 4 },
      'GET /members': { members },
      'PATCH /channels/chan_1': channel,
      ...answers,
    });
    await renderScreen(<ChannelsPage />);
    await screen.findByText('Maison', {}, slowly);
    await act(async () => button('Edit Maison').click());
    return sent;
  }

  const name = (): HTMLElement => screen.getByLabelText('Display name');

  it('takes a display name of 255 characters and not of 256', async () => {
    const sent = await edit();
    fireEvent.change(name(), { target: { value: '🙂'.repeat(256) } });
    expect(screen.getByText('256 of 255')).toBeTruthy();
    await act(async () => button('Save').click());
    expect(sent).toEqual([]);
    fireEvent.change(name(), { target: { value: '🙂'.repeat(255) } });
    await act(async () => button('Save').click());
    expect(sent[0]?.body).toMatchObject({ display_name: '🙂'.repeat(255), rev: 3 });
  });

  it.each([
    ['72', 72],
    ['0', 0],
    // As the installation says.
    ['', null],
  ])('opens resolved conversations again for as long as is typed: "%s"', async (typed, hours) => {
    const sent = await edit({ 'GET /channels': { channels: [{ ...channel, reopen_window_hours: 48 }] } });
    expect(screen.getByText('Reopened within 48 hours')).toBeTruthy();
    const field = screen.getByLabelText<HTMLInputElement>(/^Reopen within/);
    expect(field.value).toBe('48');
    expect(await brokenRules(document.body)).toEqual([]);
    fireEvent.change(field, { target: { value: typed } });
    await act(async () => button('Save').click());
    expect(sent[0]?.body).toMatchObject({ reopen_window_hours: hours, rev: 3 });
  });

  it('leaves a window that the installation chooses as it is', async () => {
    const sent = await edit();
    expect(screen.queryByText(/^(Reopened within|Never reopened)/)).toBeNull();
    await act(async () => button('Save').click());
    expect(sent[0]?.body).toMatchObject({ reopen_window_hours: null });
  });

  it('says when somebody else was first, and keeps what was typed', async () => {
    await edit({ 'PATCH /channels/chan_1': new ApiProblem(409, 'stale', 'x', null, null) });
    fireEvent.change(name(), { target: { value: 'Maison Lumière' } });
    await act(async () => button('Save').click());
    expect((await screen.findByRole('alert')).textContent).toContain('Somebody else changed this');
    expect((name() as HTMLInputElement).value).toBe('Maison Lumière');
  });

  const onlyChosen = (): HTMLElement => screen.getByRole('checkbox', { name: /^Only for chosen members/ });
  const accessOf = (who: string): Promise<HTMLElement> =>
    screen.findByRole('combobox', { name: `Access of ${who}` }, slowly);

  it('is restricted to members who are chosen: first the list, then the restriction', async () => {
    const sent = await edit();
    expect(screen.queryByRole('list', { name: 'Access' })).toBeNull();
    await act(async () => onlyChosen().click());
    fireEvent.change(await accessOf('Noah'), { target: { value: 'contributor' } });
    fireEvent.change(await accessOf('Léa'), { target: { value: 'supervisor' } });
    fireEvent.change(await accessOf('Léa'), { target: { value: 'viewer' } });
    expect(await brokenRules(document.body)).toEqual([]);
    await act(async () => button('Save').click());
    // Whoever is not shown keeps what they had.
    const entries = [
      { member_id: 'mem_gone', access: 'viewer' },
      { member_id: 'mem_noah', access: 'contributor' },
      { member_id: 'mem_lea', access: 'viewer' },
    ];
    expect(sent).toEqual([
      { call: 'PUT /channels/chan_1/access', body: { entries, rev: 3 } },
      { call: 'PATCH /channels/chan_1', body: expect.objectContaining({ restricted: true, rev: 4 }) },
    ]);
  });

  it('offers access to active agents alone: the others have it anyway, or none', async () => {
    await edit();
    await act(async () => onlyChosen().click());
    await accessOf('Noah');
    const shown = screen
      .getAllByRole('combobox')
      .map((each) => (each as HTMLSelectElement).labels[0]?.textContent);
    expect(shown).toEqual(['Access of Noah', 'Access of Léa']);
  });

  it('leaves the list alone where nobody touched it, and opens again', async () => {
    const sent = await edit({ 'GET /channels': { channels: [{ ...channel, restricted: true }] } });
    expect(screen.getByText('Chosen members')).toBeTruthy();
    await accessOf('Noah');
    await act(async () => onlyChosen().click());
    await act(async () => button('Save').click());
    expect(sent).toEqual([
      { call: 'PATCH /channels/chan_1', body: expect.objectContaining({ restricted: false, rev: 3 }) },
    ]);
  });

  it('goes on from the newer rev when only the second of two changes failed', async () => {
    const sent = await edit({
      'PATCH /channels/chan_1': new ApiProblem(503, 'unavailable', 'x', null, null),
    });
    await act(async () => onlyChosen().click());
    fireEvent.change(await accessOf('Noah'), { target: { value: 'contributor' } });
    await act(async () => button('Save').click());
    await act(async () => button('Save').click());
    const revs = sent.map((each) => (each.body as { rev: number }).rev);
    expect(revs).toEqual([3, 4, 4, 4]);
  });
});

describe('moving an entry of a list', () => {
  it('keeps every entry, and its ends are as far as it goes', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
    expect(moved(['a', 'b', 'c'], 2, -4)).toEqual(['c', 'a', 'b']);
    expect(moved(['a', 'b', 'c'], 1, 9)).toEqual(['a', 'c', 'b']);
    expect(moved(['a'], 3, 0)).toEqual(['a']);
  });
});
