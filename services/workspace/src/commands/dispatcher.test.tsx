import { cleanup, fireEvent, render } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { chooseLetterKeys } from '../settings/keys';
import { type Handlers, listen, useCommands } from './dispatcher';

function Commands({ handlers }: { readonly handlers: Handlers }) {
  useCommands(handlers);
  return (
    <>
      <button type="button">a place</button>
      <input aria-label="a field" />
      <div role="menu">
        <button type="button">an entry</button>
      </div>
    </>
  );
}

let stop: () => void;
beforeEach(() => {
  stop = listen();
});
afterEach(() => {
  stop();
  chooseLetterKeys(true);
  cleanup();
});

describe('the dispatcher', () => {
  it('runs a command by its key, and by two keys one after the other', () => {
    const [next, toPending] = [vi.fn(), vi.fn()];
    render(<Commands handlers={{ 'list.next': next, 'go.pending': toPending }} />);
    fireEvent.keyDown(document.body, { key: 'j' });
    fireEvent.keyDown(document.body, { key: 'g' });
    fireEvent.keyDown(document.body, { key: 'p' });
    expect(next).toHaveBeenCalledTimes(1);
    expect(toPending).toHaveBeenCalledTimes(1);
  });

  it('leaves letters to fields, and to menus', () => {
    const next = vi.fn();
    const screen = render(<Commands handlers={{ 'list.next': next }} />);
    fireEvent.keyDown(screen.getByLabelText('a field'), { key: 'j' });
    fireEvent.keyDown(screen.getByText('an entry'), { key: 'j' });
    expect(next).not.toHaveBeenCalled();
  });

  it('obeys no single letter once they are turned off, but still the function keys', () => {
    const [next, region] = [vi.fn(), vi.fn()];
    render(<Commands handlers={{ 'list.next': next, 'region.next': region }} />);
    chooseLetterKeys(false);
    fireEvent.keyDown(document.body, { key: 'j' });
    fireEvent.keyDown(document.body, { key: 'F6' });
    expect(next).not.toHaveBeenCalled();
    expect(region).toHaveBeenCalledTimes(1);
  });

  it('leaves the key to the browser when the command has nothing to do', () => {
    render(<Commands handlers={{ back: () => false }} />);
    expect(fireEvent.keyDown(document.body, { key: 'Escape' })).toBe(true);
  });

  it('asks the component that came last, and the one before it once that has gone', () => {
    const [outer, inner] = [vi.fn(), vi.fn()];
    const first = render(<Commands handlers={{ back: outer }} />);
    const second = render(<Commands handlers={{ back: inner }} />);
    fireEvent.keyDown(document.body, { key: 'Escape' });
    second.unmount();
    fireEvent.keyDown(document.body, { key: 'Escape' });
    expect([outer.mock.calls.length, inner.mock.calls.length]).toEqual([1, 1]);
    first.unmount();
  });
});
