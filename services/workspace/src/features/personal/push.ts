// Desktop notifications of this browser by Web Push. They are on for a member in a browser; they end with the session
// and come back with the next one of the same member.
import { getPushKey, subscribeToPush, unsubscribeFromPush } from '../../api/settings';
import { currentLanguage } from '../../i18n/language';
import { Kept } from '../../settings/setting';

export type PushState =
  | 'unsupported'
  /** The installation sends none. */
  | 'not_set_up'
  /** The browser was told no; only its own settings can change that. */
  | 'denied'
  | 'off'
  | 'on';

/** Whose notifications this browser shows. */
const wanted = new Kept<string>('guichet.push', {
  read: (stored) => stored,
  write: (member) => member,
  isShared: false,
});

const script = '/push-worker.js';

export function isPushSupported(): boolean {
  return 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (address: string) => string },
  ): {
    createScriptURL(address: string): string;
  };
}

let policy: { createScriptURL(address: string): string } | null = null;

/** The content security policy takes addresses of scripts only from a policy; this one knows a single script. */
function trusted(language: string): string {
  const types = (window as { readonly trustedTypes?: TrustedTypes }).trustedTypes;
  policy ??= types?.createPolicy('guichet-push', {
    createScriptURL: (address) => {
      if (address.split('?')[0] !== script) throw new TypeError('not the worker of notifications');
      return address;
    },
  }) ?? { createScriptURL: (address) => address };
  return policy.createScriptURL(`${script}?language=${language}`);
}

async function worker(): Promise<ServiceWorkerRegistration> {
  const registration = await navigator.serviceWorker.register(trusted(currentLanguage()), { scope: '/' });
  await navigator.serviceWorker.ready;
  return registration;
}

async function current(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker.getRegistration('/');
  return (await registration?.pushManager.getSubscription()) ?? null;
}

export async function readPush(member: string): Promise<PushState> {
  if (!isPushSupported()) return 'unsupported';
  if (!(await getPushKey())) return 'not_set_up';
  if (Notification.permission === 'denied') return 'denied';
  if (Notification.permission !== 'granted' || wanted.value !== member) return 'off';
  return (await current()) ? 'on' : 'off';
}

/** Asks the browser, which asks the member; must come from a press. */
export async function turnPushOn(member: string): Promise<PushState> {
  const key = await getPushKey();
  if (!key) return 'not_set_up';
  if ((await Notification.requestPermission()) !== 'granted') return readPush(member);
  await subscribe(key);
  wanted.set(member);
  return 'on';
}

async function subscribe(key: string): Promise<void> {
  const { pushManager } = await worker();
  const options = { userVisibleOnly: true, applicationServerKey: bytesOf(key) };
  let subscription: PushSubscription;
  try {
    subscription = await pushManager.subscribe(options);
  } catch (error) {
    // One for another key, of an installation before this one: it can only be thrown away.
    const old = error instanceof DOMException && error.name === 'InvalidStateError' ? await current() : null;
    if (!old) throw error;
    await old.unsubscribe();
    subscription = await pushManager.subscribe(options);
  }
  await subscribeToPush(subscription.toJSON());
}

/** Until the server has forgotten it they go on, and are wanted: who cannot reach it is told, and tries again. */
export async function turnPushOff(): Promise<void> {
  const subscription = await current();
  if (subscription) await unsubscribeFromPush(subscription.endpoint);
  wanted.set(null);
  // A browser that is told nothing may as well go on listening.
  await subscription?.unsubscribe().catch(() => false);
}

/** With every start: this session is the one that is told from now on, and nobody else's member is. */
export async function renewPush(member: string): Promise<void> {
  if (!isPushSupported() || wanted.value === null) return;
  if (wanted.value !== member) return endPush();
  if (Notification.permission !== 'granted') return;
  const key = await getPushKey();
  if (key) await subscribe(key);
}

/** Signed out: the server forgets by itself. It is wanted again when the same member signs in here. */
export async function endPush(): Promise<void> {
  if (!isPushSupported()) return;
  await (await current())?.unsubscribe();
}

function bytesOf(key: string): Uint8Array<ArrayBuffer> {
  const text = atob(key.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (character) => character.codePointAt(0) ?? 0);
}
