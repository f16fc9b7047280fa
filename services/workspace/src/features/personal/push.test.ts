import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

vi.setConfig({ testTimeout: 30_000 });

const key = 'AAEC';
let sent: string[];
let subscription: { readonly endpoint: string; unsubscribe(): Promise<boolean>; toJSON(): object } | null;
let permission: NotificationPermission;
let publicKey: string | null;
let isAway: boolean;

beforeEach(() => {
  localStorage.clear();
  vi.resetModules();
  sent = [];
  subscription = null;
  permission = 'default';
  publicKey = key;
  isAway = false;
  vi.stubGlobal('fetch', (address: string, { method = 'GET', body }: RequestInit) => {
    if (method === 'GET') return Promise.resolve(Response.json({ public_key: publicKey }));
    if (isAway) return Promise.reject(new TypeError('no line'));
    sent.push(`${method} ${address.replace('/api/v1', '')} ${String(body)}`);
    return Promise.resolve(new Response(null, { status: 204 }));
  });
  const pushManager = {
    subscribe: () => {
      subscription ??= {
        endpoint: 'https://push.example.com/1',
        toJSON: () => ({ endpoint: 'https://push.example.com/1' }),
        unsubscribe: () => {
          subscription = null;
          return Promise.resolve(true);
        },
      };
      return Promise.resolve(subscription);
    },
    getSubscription: () => Promise.resolve(subscription),
  };
  const registration = { pushManager };
  vi.stubGlobal('PushManager', vi.fn());
  vi.stubGlobal('Notification', {
    get permission() {
      return permission;
    },
    requestPermission: () => Promise.resolve(permission),
  });
  vi.stubGlobal('navigator', {
    languages: ['en'],
    serviceWorker: {
      register: () => Promise.resolve(registration),
      ready: Promise.resolve(registration),
      getRegistration: () => Promise.resolve(registration),
    },
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const subscribed = 'POST /push-subscriptions {"endpoint":"https://push.example.com/1"}';

describe('desktop notifications', () => {
  it('are on for the member who turned them on, and for nobody else', async () => {
    const push = await import('./push');
    permission = 'granted';
    expect(await push.readPush('lea')).toBe('off');
    expect(await push.turnPushOn('lea')).toBe('on');
    expect(sent).toEqual([subscribed]);
    expect(await push.readPush('lea')).toBe('on');
    expect(await push.readPush('noah')).toBe('off');
    await push.turnPushOff();
    expect(sent[1]).toBe('DELETE /push-subscriptions {"endpoint":"https://push.example.com/1"}');
    expect(await push.readPush('lea')).toBe('off');
  });

  it('stay on, and are wanted, when the server could not be told that they are off', async () => {
    const push = await import('./push');
    permission = 'granted';
    await push.turnPushOn('lea');
    isAway = true;
    await expect(push.turnPushOff()).rejects.toThrow('could not be reached');
    expect(await push.readPush('lea')).toBe('on');
    isAway = false;
    await push.turnPushOff();
    expect(sent.at(-1)).toMatch('DELETE /push-subscriptions');
    expect(await push.readPush('lea')).toBe('off');
    expect(subscription).toBeNull();
  });

  it('are off once the server has forgotten them, whatever the browser says', async () => {
    const push = await import('./push');
    permission = 'granted';
    await push.turnPushOn('lea');
    if (subscription) subscription.unsubscribe = () => Promise.reject(new Error('no'));
    await push.turnPushOff();
    expect(await push.readPush('lea')).toBe('off');
  });

  it('say what stands in their way', async () => {
    const push = await import('./push');
    expect(await push.readPush('lea')).toBe('off');
    permission = 'denied';
    expect(await push.readPush('lea')).toBe('denied');
    expect(await push.turnPushOn('lea')).toBe('denied');
    expect(sent).toEqual([]);
    publicKey = null;
    expect(await push.readPush('lea')).toBe('not_set_up');
    Reflect.deleteProperty(window, 'PushManager');
    expect(await push.readPush('lea')).toBe('unsupported');
  });

  it('end when the member signs out, begin with their next session, and end for another’s', async () => {
    const push = await import('./push');
    permission = 'granted';
    await push.turnPushOn('lea');
    await push.endPush();
    expect(subscription).toBeNull();
    await push.renewPush('lea');
    expect(sent).toEqual([subscribed, subscribed]);
    await push.renewPush('noah');
    expect(subscription).toBeNull();
    expect(sent).toHaveLength(2);
  });
});
