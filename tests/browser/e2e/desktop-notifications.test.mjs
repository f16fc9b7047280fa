// Notifications of the browser itself, in Chromium, against the scripted gateway: turned on and off, ended with the
// session, and what the worker does with what is pushed.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { launch, openPage, signIn, until, violations } from '../browser.mjs';
import { enter as goTo } from '../entering.mjs';
import { MockGateway, password } from '../mock-gateway.mjs';

let browser;
let gateway;
let page;

before(async () => {
  browser = await launch();
});
after(() => browser.close());
beforeEach(async () => {
  gateway = await new MockGateway().start();
  page = await openPage(browser);
});
afterEach(async () => {
  const { faults } = page;
  await Promise.all(browser.contexts().map((context) => context.close()));
  await gateway.close();
  assert.deepEqual(faults, []);
});

const enter = (path, on = page) => goTo(on, gateway, path);

/** A push service that always answers: Chromium without an account has none. */
const pushService = () => {
  // It outlasts the page, as the browser's own does.
  const kept = 'scripted push service';
  const made = (endpoint) => ({
    endpoint,
    toJSON: () => ({ endpoint, expirationTime: null, keys: { p256dh: 'BA', auth: 'CQ' } }),
    unsubscribe: async () => {
      sessionStorage.removeItem(kept);
      return true;
    },
  });
  const current = () => {
    const endpoint = sessionStorage.getItem(kept);
    return endpoint === null ? null : made(endpoint);
  };
  PushManager.prototype.subscribe = async () => {
    if (!current()) sessionStorage.setItem(kept, `https://push.example.com/${localStorage.length}`);
    return current();
  };
  PushManager.prototype.getSubscription = async () => current();
};

async function enterWithPush() {
  await page.context().grantPermissions(['notifications'], { origin: gateway.url });
  await page.addInitScript(pushService);
  await enter('/me/notifications');
}

const push = (state) => page.waitForSelector(`[data-push=${state}]`);

test('desktop notifications are turned on, tried and turned off in this browser', async () => {
  await enterWithPush();
  await push('off');
  const turn = page.getByRole('switch', { name: 'Desktop notifications' });
  await turn.click();
  await push('on');
  assert.deepEqual(gateway.personal.subscriptions[0].keys, { p256dh: 'BA', auth: 'CQ' });
  assert.deepEqual(await violations(page), []);
  await page.getByRole('button', { name: 'Send a desktop test' }).click();
  await page.getByText(/A test is on its way/).waitFor();
  assert.deepEqual(gateway.personal.tests, ['desktop']);
  await turn.click();
  await push('off');
  assert.deepEqual(gateway.personal.subscriptions, []);
});

test('desktop notifications that cannot be turned off say so, stay on, and are turned off once it can be', async () => {
  await enterWithPush();
  const turn = page.getByRole('switch', { name: 'Desktop notifications' });
  await turn.click();
  await push('on');
  gateway.failures = [[/^\/push-subscriptions$/, 503]];
  await turn.click();
  await page.getByText('They could not be turned off and are still on. Try again.').waitFor();
  // Looked at anew, as after another window.
  const looks = () => gateway.requests.filter((each) => each === 'GET /push-subscriptions/key').length;
  const looked = looks();
  await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
  await until('it is looked at', () => looks() > looked);
  await push('on');
  assert.equal(await turn.getAttribute('aria-checked'), 'true');
  gateway.failures = [];
  await turn.click();
  await push('off');
  assert.deepEqual(gateway.personal.subscriptions, []);
});

test('desktop notifications end with the session, and come back with the same member’s next one', async () => {
  await enterWithPush();
  await page.getByRole('switch', { name: 'Desktop notifications' }).click();
  await push('on');
  // The real gateway forgets it with the session.
  gateway.personal.subscriptions = [];
  await page.getByRole('button', { name: /Ana Petit/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.waitForSelector('[name=password]');
  assert.equal(await page.evaluate(() => PushManager.prototype.getSubscription()), null);
  await signIn(page, 'ana', password);
  await until('it is told again', () => gateway.personal.subscriptions.length === 1);
});

test('a browser that was told no, that cannot, or an installation that sends none say so', async () => {
  await page.addInitScript(() => Object.defineProperty(Notification, 'permission', { get: () => 'denied' }));
  await enter('/me/notifications');
  await push('denied');
  await page.getByText(/Allow notifications for this address/).waitFor();
  assert.equal(await page.getByRole('switch').count(), 0);
  gateway.personal.pushKey = null;
  await page.reload();
  await push('not_set_up');
  await page.addInitScript(() => delete window.PushManager);
  await page.reload();
  await push('unsupported');
});

test('the worker shows what is pushed, once for each conversation, takes it back, and leads there', async () => {
  await enterWithPush();
  await page.getByRole('switch', { name: 'Desktop notifications' }).click();
  await push('on');
  const debug = await page.context().newCDPSession(page);
  const registrations = new Promise((resolve) => {
    debug.on('ServiceWorker.workerRegistrationUpdated', (event) => {
      if (event.registrations.length > 0) resolve(event.registrations);
    });
  });
  await debug.send('ServiceWorker.enable');
  const [{ registrationId }] = await registrations;
  const deliver = (payload) =>
    debug.send('ServiceWorker.deliverPushMessage', {
      origin: gateway.url,
      registrationId,
      data: JSON.stringify({ v: 1, count: 1, rev: 1, when_hidden: false, language: null, ...payload }),
    });
  const shown = () =>
    page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration('/');
      const all = await registration.getNotifications();
      return all.map(({ title, body, tag }) => ({ title, body, tag }));
    });
  const path = '/inbox/all/c/conv_amelie';
  await deliver({ do: 'show', id: 'ntf_1', kind: 'assigned_to_you', path });
  await until('it is shown', async () => (await shown()).length === 1);
  await deliver({ do: 'show', id: 'ntf_1', kind: 'customer_answered', path, count: 2 });
  await until(
    'a newer one takes its place',
    async () => (await shown())[0]?.title === 'A customer answered you',
  );
  assert.deepEqual(await shown(), [{ title: 'A customer answered you', body: '2 times', tag: 'ntf_1' }]);
  await until('the server is told', () => gateway.personal.outcomes.length === 2);
  assert.deepEqual(gateway.personal.outcomes[0], { id: 'ntf_1', means: 'desktop', outcome: 'shown' });
  await deliver({ do: 'show', id: 'ntf_2', kind: 'customer_answered', path, when_hidden: true });
  await until('somebody looks', () => gateway.personal.outcomes.some((each) => each.outcome === 'not'));

  const [worker] = page.context().serviceWorkers();
  await worker.evaluate(async () => {
    const [notification] = await self.registration.getNotifications();
    self.dispatchEvent(new NotificationEvent('notificationclick', { notification }));
  });
  await page.waitForURL(/\/c\/conv_amelie$/);
  await until('that it was opened is told', () =>
    gateway.personal.outcomes.some((each) => each.outcome === 'opened'),
  );
  // The page is on its way elsewhere, and the debugger may lose what it is given meanwhile; the same one twice is one.
  await until('another is shown', async () => {
    await deliver({ do: 'show', id: 'ntf_3', kind: 'test', path: '//elsewhere.example/' });
    return (await shown()).some(({ tag }) => tag === 'ntf_3');
  });
  await deliver({ do: 'withdraw', id: 'ntf_3' });
  await until('it is taken back', async () => !(await shown()).some(({ tag }) => tag === 'ntf_3'));
});
