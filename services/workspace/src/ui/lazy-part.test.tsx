import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { chooseLanguage } from '../i18n/language';
import { lazyPart } from './lazy-part';

beforeEach(() => chooseLanguage('en'));
afterEach(cleanup);

const Hello = ({ name }: { readonly name: string }) => <p>Hello {name}</p>;

it('a lazy part shows what stands in its place, then itself, and is fetched once', async () => {
  const load = vi.fn(() => Promise.resolve(Hello));
  const Part = lazyPart(load, <p>Loading</p>);
  const { rerender } = render(<Part name="Ana" />);
  expect(screen.getByText('Loading')).toBeTruthy();
  expect(await screen.findByText('Hello Ana')).toBeTruthy();
  rerender(<Part name="Marc" />);
  cleanup();
  render(<Part name="Sacha" />);
  expect(screen.getByText('Hello Sacha')).toBeTruthy();
  expect(load).toHaveBeenCalledTimes(1);
});

it('a lazy part that could not be fetched says so and can be tried again', async () => {
  const load = vi.fn<() => Promise<typeof Hello>>();
  load.mockRejectedValueOnce(new TypeError('failed to fetch')).mockResolvedValueOnce(Hello);
  const Part = lazyPart(load);
  render(<Part name="Ana" />);
  expect(await screen.findByText('The server does not answer. Check your connection.')).toBeTruthy();
  await act(async () => screen.getByRole('button', { name: 'Try again' }).click());
  expect(await screen.findByText('Hello Ana')).toBeTruthy();
});
