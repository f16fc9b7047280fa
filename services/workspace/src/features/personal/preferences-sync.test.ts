import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Preferences } from '../../api/settings-types';

const start: Preferences = {
  appearance: 'system',
  language: 'system',
  keyboard: { single_letters: true, send_with_enter: true, keys: {} },
  written_at: null,
  rev: 0,
};

/** The server, and how many times it was told something. */
class Server {
  held = start;
  puts = 0;
  isAway = false;

  readonly fetch = async (_address: string, init: RequestInit): Promise<Response> => {
    if (this.isAway) throw new TypeError('away');
    if (init.method === 'PUT') {
      const { rev, ...said } = JSON.parse(String(init.body)) as Preferences;
      if (rev !== this.held.rev) return Response.json({ code: 'stale' }, { status: 409 });
      this.puts += 1;
      this.held = { ...said, rev: rev + 1 };
    }
    return Response.json(this.held);
  };
}

vi.setConfig({ testTimeout: 30_000 });

let server: Server;
/** What waits; as a clock that somebody turns. */
let later: (() => void)[];
const after = (_: number, run: () => void): (() => void) => {
  later.push(run);
  return () => {
    later = later.filter((each) => each !== run);
  };
};

/** A device: modules of its own over a storage of its own. */
async function device(storage: Record<string, string> = {}) {
  vi.resetModules();
  localStorage.clear();
  for (const [key, value] of Object.entries(storage)) localStorage.setItem(key, value);
  const { PreferencesSync } = await import('./preferences-sync');
  const appearance = await import('../../settings/appearance');
  const keys = await import('../../settings/keys');
  const sync = new PreferencesSync('lea', after);
  const end = sync.watch();
  return { sync, end, ...appearance, ...keys };
}

beforeEach(() => {
  server = new Server();
  later = [];
  vi.stubGlobal('fetch', server.fetch);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

async function turnClock(sync: { pull(): Promise<void> }): Promise<void> {
  for (const run of later.splice(0)) run();
  await sync.pull();
}

describe('preferences', () => {
  it('hold here at once, and are told to the server a moment later, several together', async () => {
    const { sync, chooseTheme, chooseKey } = await device();
    await sync.pull();
    expect(server.puts).toBe(0);
    chooseTheme('dark');
    chooseKey('reply.focus', 'i');
    expect(document.documentElement.dataset['theme']).toBe('dark');
    expect(server.puts).toBe(0);
    await turnClock(sync);
    expect(server.puts).toBe(1);
    expect(server.held).toMatchObject({
      appearance: 'dark',
      keyboard: { single_letters: true, send_with_enter: true, keys: { 'reply.focus': 'i' } },
    });
    expect(Date.parse(server.held.written_at ?? '')).toBeGreaterThan(0);
  });

  it('come from the server to another device, which does not tell them back', async () => {
    server.held = { ...start, appearance: 'dark', written_at: '2026-01-01T00:00:00Z', rev: 4 };
    const { sync, themeSetting } = await device();
    await sync.pull();
    expect(themeSetting.value).toBe('dark');
    await turnClock(sync);
    expect(server.puts).toBe(0);
  });

  it('that were chosen while the server was away are told when it is back', async () => {
    const { sync, chooseTheme } = await device();
    await sync.pull();
    server.isAway = true;
    chooseTheme('dark');
    await turnClock(sync);
    expect(server.held.appearance).toBe('system');
    server.isAway = false;
    await sync.pull();
    expect(server.held.appearance).toBe('dark');
  });

  it('of an older choice give way to a newer one of another device', async () => {
    const { sync, chooseTheme, themeSetting } = await device();
    await sync.pull();
    server.isAway = true;
    chooseTheme('dark');
    await turnClock(sync);
    server.isAway = false;
    const written = new Date(Date.now() + 60_000).toISOString();
    server.held = { ...start, appearance: 'light', written_at: written, rev: 1 };
    await sync.pull();
    expect(themeSetting.value).toBe('light');
    expect(server.held.appearance).toBe('light');
  });
});
