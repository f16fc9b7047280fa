import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiProblem } from '../../api/http';
import * as story from '../../api/story';
import type { AttributeDefinition, AttributeValue } from '../../api/story-types';
import { chooseLanguage } from '../../i18n/language';
import { sampleConversation } from '../../testing/samples';
import { brokenRules, idleFeed, renderScreen } from '../../testing/screen';
import { sampleContact, sampleDefinition, sampleValue } from '../../testing/story-samples';
import { addressOf, faultOf, isIdentifier, normalised, shownOf } from './attribute.logic';
import { ContactPanel } from './contact-panel';

vi.mock('../../api/story');

beforeEach(() => {
  localStorage.clear();
  chooseLanguage('en');
});
afterEach(() => {
  cleanup();
  vi.clearAllMocks();
});

const slowly = { timeout: 5_000 };
const account = sampleDefinition('attr_account', { name: 'Account number', position: 1 });
const email = sampleDefinition('attr_email', { name: 'Email', type: 'email', position: 0 });
const hidden = sampleDefinition('attr_code', { name: 'Code', shown: false });
const all = [account, email, hidden];

async function show(definitions: readonly AttributeDefinition[], attributes: readonly AttributeValue[]) {
  vi.mocked(story.getAttributeDefinitions).mockResolvedValue(definitions);
  vi.mocked(story.getContact).mockResolvedValue(sampleContact({ attributes }));
  const feed = idleFeed();
  const { container } = await renderScreen(
    <aside aria-label="Contact">
      <h2>Contact</h2>
      <ContactPanel row={sampleConversation('conv_1')} />
    </aside>,
    feed,
  );
  await screen.findByText('What is known', {}, slowly);
  expect(await brokenRules(container)).toEqual([]);
  return { feed, container };
}

const button = (name: string): HTMLElement => screen.getByRole('button', { name });

describe('the contact', () => {
  it('is loading, and then says who it is', async () => {
    vi.mocked(story.getAttributeDefinitions).mockReturnValue(new Promise(() => undefined));
    vi.mocked(story.getContact).mockResolvedValue(sampleContact());
    await renderScreen(<ContactPanel row={sampleConversation('conv_1')} />);
    expect(screen.getByRole('status', { name: 'Loading the contact' })).toBeTruthy();
  });

  it('says what failed in its own place, with a way to try again', async () => {
    vi.mocked(story.getAttributeDefinitions).mockResolvedValue(all);
    vi.mocked(story.getContact).mockRejectedValue(new ApiProblem(503, 'unavailable', 'x', 'trace', null));
    await renderScreen(<ContactPanel row={sampleConversation('conv_1')} />);
    expect(await screen.findByText('Request trace')).toBeTruthy();
    vi.mocked(story.getContact).mockResolvedValue(sampleContact());
    await act(async () => button('Try again').click());
    expect(await screen.findByText('What is known', {}, slowly)).toBeTruthy();
  });

  it('says when one may not see it', async () => {
    vi.mocked(story.getAttributeDefinitions).mockResolvedValue(all);
    vi.mocked(story.getContact).mockRejectedValue(new ApiProblem(403, 'access_missing', 'x', null, null));
    await renderScreen(<ContactPanel row={sampleConversation('conv_1')} />);
    expect(await screen.findByText('You may not see this')).toBeTruthy();
  });

  it('says when nothing is to be shown', async () => {
    await show([hidden], []);
    expect(screen.getByText(/An administrator chooses them/)).toBeTruthy();
    expect(screen.getByText('This is the only conversation.')).toBeTruthy();
  });

  it('lists what is shown in the administrator’s order, and Add where nothing is known', async () => {
    const { container } = await show(all, [sampleValue('attr_account', '8841-Il0O')]);
    const names = [...container.querySelectorAll('dt')].map((each) => each.textContent);
    expect(names).toEqual(['Email', 'Account number']);
    expect(button('Add Email')).toBeTruthy();
    await act(async () => button('Hide what is empty').click());
    expect(screen.queryByRole('button', { name: 'Add Email' })).toBeNull();
    await act(async () => button('Show 1 empty one').click());
    expect(button('Add Email')).toBeTruthy();
  });

  it('does not link what could run', async () => {
    const shop = sampleDefinition('attr_shop', { name: 'Shop', type: 'url' });
    const { container } = await show([shop], [sampleValue('attr_shop', 'javascript:alert(1)')]);
    expect(within(container.querySelector('dl') as HTMLElement).queryByRole('link')).toBeNull();
  });
});

describe('editing what is known', () => {
  const write = (value: string): void =>
    void fireEvent.change(screen.getByRole('textbox'), { target: { value } });

  it('saves against the revision that was seen', async () => {
    vi.mocked(story.putAttribute).mockResolvedValue(sampleValue('attr_account', 'new', 4));
    await show(all, [sampleValue('attr_account', 'old', 3)]);
    await act(async () => button('Edit Account number').click());
    write('new');
    await act(async () => button('Save').click());
    expect(story.putAttribute).toHaveBeenCalledWith('cont_conv_1', 'attr_account', 'new', 3);
    expect(await screen.findByText('new')).toBeTruthy();
  });

  it('names the field’s fault and sends nothing', async () => {
    await show(all, [sampleValue('attr_email', 'a@b.fr')]);
    await act(async () => button('Edit Email').click());
    write('nowhere');
    await act(async () => button('Save').click());
    expect(screen.getByRole('alert').textContent).toBe('Enter an e-mail address.');
    expect(screen.getByRole('textbox').getAttribute('aria-invalid')).toBe('true');
    expect(story.putAttribute).not.toHaveBeenCalled();
  });

  it('keeps what is written when it is refused', async () => {
    vi.mocked(story.putAttribute).mockRejectedValue(new ApiProblem(422, 'too_long', 'Too long.', null, null));
    await show(all, [sampleValue('attr_account', 'old')]);
    await act(async () => button('Edit Account number').click());
    write('very long');
    await act(async () => button('Save').click());
    expect(await screen.findByText('Not saved: Too long.')).toBeTruthy();
    expect(screen.getByRole<HTMLInputElement>('textbox').value).toBe('very long');
  });

  it('shows what somebody else saved meanwhile, and saves mine only when I say so', async () => {
    const { feed } = await show(all, [sampleValue('attr_account', 'old', 1)]);
    await act(async () => button('Edit Account number').click());
    write('mine');
    vi.mocked(story.getContact).mockResolvedValue(
      sampleContact({ attributes: [sampleValue('attr_account', 'theirs', 2)] }),
    );
    await act(async () => feed.story.apply([{ k: 'contact.upsert', d: { contact_id: 'cont_conv_1' } }]));
    expect((await screen.findByRole('alert', {}, slowly)).textContent).toContain('theirs');
    await act(async () => button('Save').click());
    expect(story.putAttribute).not.toHaveBeenCalled();
    vi.mocked(story.putAttribute).mockResolvedValue(sampleValue('attr_account', 'mine', 3));
    await act(async () => button('Keep mine').click());
    await act(async () => button('Save').click());
    expect(story.putAttribute).toHaveBeenCalledWith('cont_conv_1', 'attr_account', 'mine', 2);
  });
});

describe('a typed value', () => {
  it('is sent in one form, whatever way it was written', () => {
    expect(normalised('number', ' 1 234,5 ')).toBe('1234.5');
    expect(normalised('text', '   ')).toBeNull();
  });

  it('is checked by its type', () => {
    expect(faultOf('number', '12.5')).toBeNull();
    expect(faultOf('number', 'twelve')).toBe('contact.not_number');
    expect(faultOf('url', 'javascript:alert(1)')).toBe('contact.not_url');
    expect(faultOf('phone', '+33 1 23 45 67 89')).toBeNull();
    expect(faultOf('email', null)).toBeNull();
  });

  it('is shown as people read it', () => {
    expect(shownOf('en', 'date', '2026-11-23')).toBe('23 November 2026');
    expect(shownOf('fr', 'boolean', 'false')).toBe('Non');
    expect(shownOf('en', 'number', '1234')).toBe('1,234');
    expect(isIdentifier('text', '8841-Il0O')).toBe(true);
    expect(isIdentifier('text', 'Press club')).toBe(false);
  });

  it('leads only where it is safe', () => {
    expect(addressOf('url', 'https://a.fr/x')).toBe('https://a.fr/x');
    expect(addressOf('url', 'javascript:alert(1)')).toBeNull();
    expect(addressOf('email', 'a@b.fr?bcc=c@d.fr')).toBe('mailto:a@b.fr%3Fbcc%3Dc%40d.fr');
    expect(addressOf('phone', '+33 (0)1')).toBe('tel:+3301');
  });
});
