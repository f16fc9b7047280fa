// Shows what is pushed while the workspace may be closed. It keeps nothing and answers no request: the workspace
// itself always comes from the network. A push says what kind of thing happened and where; the words are here.
const texts = {
  en: {
    assigned_to_you: 'A conversation was assigned to you',
    customer_answered: 'A customer answered you',
    reply_failed: 'A reply could not be sent',
    channel_unhealthy: 'A network refuses an account',
    test: 'This is a test notification',
    other: 'Something new for you',
    more: (count) => `${count} times`,
  },
  fr: {
    assigned_to_you: 'Une conversation vous a été attribuée',
    customer_answered: 'Un client vous a répondu',
    reply_failed: 'Une réponse n’a pas pu être envoyée',
    channel_unhealthy: 'Un réseau refuse un compte',
    test: 'Ceci est une notification de test',
    other: 'Du nouveau pour vous',
    more: (count) => `${count} fois`,
  },
};

/** The workspace's language when it was last open; else what the push says, else the browser's. */
function languageOf(push) {
  const chosen = new URL(self.location.href).searchParams.get('language');
  const found = [chosen, push.language, self.navigator.language]
    .map((tag) => (typeof tag === 'string' ? tag.toLowerCase().split('-')[0] : ''))
    .find((tag) => Object.hasOwn(texts, tag));
  return found ?? 'en';
}

/** Only an address of the workspace; whatever else comes leads to its beginning. */
function addressOf(push) {
  const path = typeof push.path === 'string' && /^\/(?!\/)/.test(push.path) ? push.path : '/';
  return new URL(path, self.location.origin).href;
}

function windows() {
  return self.clients.matchAll({ type: 'window', includeUncontrolled: true });
}

/** Tells the server what became of it; nothing depends on that. */
async function report(id, outcome, reason) {
  try {
    const session = await fetch('/api/v1/session', { credentials: 'same-origin', cache: 'no-store' });
    if (!session.ok) return;
    const { csrf } = await session.json();
    await fetch(`/api/v1/notifications/${encodeURIComponent(id)}/outcome`, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json', 'x-guichet-csrf': csrf },
      body: JSON.stringify({ means: 'desktop', outcome, ...(reason && { reason }) }),
    });
  } catch {
    // Away, or signed out.
  }
}

async function withdraw(id) {
  for (const shown of await self.registration.getNotifications({ tag: id })) shown.close();
}

async function show(push) {
  // Who looks at the workspace hears of it there.
  const all = await windows();
  if (push.when_hidden && all.some((each) => each.visibilityState === 'visible')) {
    return report(push.id, 'not', 'visible');
  }
  const language = languageOf(push);
  const words = texts[language];
  const title = Object.hasOwn(words, push.kind) && push.kind !== 'more' ? words[push.kind] : words.other;
  await self.registration.showNotification(title, {
    body: push.count > 1 ? words.more(push.count) : '',
    lang: language,
    icon: '/mark.svg',
    // One for each conversation: a newer one takes the place of the one before, and rings again.
    tag: push.id,
    renotify: true,
    data: { id: push.id, address: addressOf(push) },
  });
  return report(push.id, 'shown');
}

async function lead({ id, address }) {
  const all = await windows();
  const known = all.find((each) => each.visibilityState === 'visible') ?? all[0];
  if (known) {
    // A browser may refuse to bring a window forward; it goes where it shall all the same.
    await known.focus().catch(() => undefined);
    const { pathname, search } = new URL(address);
    // A window of this origin: the method that takes a target is another one.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    known.postMessage({ open: `${pathname}${search}` });
  } else {
    await self.clients.openWindow(address);
  }
  await report(id, 'opened');
}

self.addEventListener('install', () => void self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('push', (event) => {
  let push = null;
  try {
    push = event.data?.json() ?? null;
  } catch {
    // Not of ours.
  }
  if (push?.v !== 1 || typeof push.id !== 'string') return;
  event.waitUntil(push.do === 'withdraw' ? withdraw(push.id) : show(push));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(lead(event.notification.data));
});
