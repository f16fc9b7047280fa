// Every screen of signing in, reading, and trouble, looked at in every way.
import assert from 'node:assert/strict';
import { signIn } from '../browser.mjs';
import { everyLook } from '../looks.mjs';
import { password } from '../mock-gateway.mjs';

const words = {
  en: { user: 'Account of Ana Petit', shortcuts: 'Keyboard shortcuts', close: 'Close', retry: 'Try again' },
  fr: { user: 'Compte de Ana Petit', shortcuts: 'Raccourcis clavier', close: 'Fermer', retry: 'Réessayer' },
};

everyLook((screen, world) => {
  signInScreens(screen, world);
  inboxScreens(screen, world);
  troubleScreens(screen, world);
});

function signInScreens(screen, world) {
  screen('sign-in', async () => {
    const { page, gateway } = world();
    await page.goto(gateway.url);
    await page.waitForSelector('[name=login]:focus');
  });
  screen('sign-in-empty', async () => {
    const { page } = world();
    await page.keyboard.press('Enter');
    await page.waitForSelector('[aria-invalid]');
  });
  screen('sign-in-refused', async () => {
    const { page } = world();
    await page.fill('[name=login]', 'ana');
    await page.fill('[name=password]', 'wrong');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[role=alert]');
  });
}

function inboxScreens(screen, world) {
  screen('list', async () => {
    const { page, gateway } = world();
    // With every place that there is.
    gateway.me.roles = ['agent', 'admin'];
    await signIn(page, 'ana', password);
    const places = page.locator('[data-region=rail] a');
    assert.equal(await places.count(), 4);
    const cut = await places.evaluateAll((all) =>
      all.flatMap((place) =>
        [...place.querySelectorAll('.truncate')]
          .filter((label) => label.scrollWidth > label.clientWidth)
          .map((label) => label.textContent),
      ),
    );
    assert.deepEqual(cut, []);
  });
  screen('conversation', async () => {
    const { page } = world();
    await page.click('[data-row=conv_amelie] a');
    await page.waitForSelector('[data-message]');
  });
  screen('conversation-right-to-left', async () => {
    const { page, gateway } = world();
    await page.goto(`${gateway.url}/inbox/new/c/conv_layla`);
    await page.waitForSelector('[data-message]');
  });
  screen('pending', async () => {
    const { page, gateway } = world();
    await page.goto(`${gateway.url}/inbox/pending`);
    await page.waitForSelector('[data-row=conv_kofi]');
  });
  screen('all', async () => {
    const { page, gateway } = world();
    await page.goto(`${gateway.url}/inbox/all`);
    await page.waitForSelector('[data-row=conv_kofi]');
  });
  screen('resolved', async () => {
    const { page, gateway } = world();
    await page.goto(`${gateway.url}/inbox/resolved`);
    await page.waitForSelector('[data-row=conv_marin]');
  });
  screen('menu', async () => {
    const { page, language } = world();
    await page.getByRole('button', { name: words[language].user }).click();
    await page.waitForSelector('[role=menu]');
  });
  screen('shortcuts', async () => {
    const { page, language } = world();
    await page.getByRole('menuitem', { name: words[language].shortcuts }).click();
    await page.waitForSelector('[role=dialog]');
  });
}

function troubleScreens(screen, world) {
  screen('empty', async () => {
    const { page, gateway } = world();
    await page.keyboard.press('Escape');
    for (const [id, { row }] of gateway.conversations) if (row.state === 'new') gateway.remove(id);
    await page.goto(`${gateway.url}/inbox/new`);
    await page.waitForSelector('[data-region=list] p');
  });
  screen('no-such-page', async () => {
    const { page, gateway } = world();
    await page.goto(`${gateway.url}/inbox/elsewhere`);
    await page.waitForSelector('main h1');
  });
  screen('gone', async () => {
    const { page, gateway } = world();
    await page.goto(`${gateway.url}/inbox/pending/c/conv_kofi`);
    await page.waitForSelector('[data-message]');
    gateway.remove('conv_kofi');
    await page.waitForSelector('[data-region=timeline] [role=alert]');
  });
  screen('failed', async () => {
    const { page, gateway } = world();
    gateway.failures = [[/^\/conversations/, 503]];
    await page.goto(`${gateway.url}/inbox/pending`);
    await page.waitForSelector('[data-region=list] [role=alert]');
  });
  screen('reconnecting', async () => {
    const { page, gateway, language } = world();
    gateway.failures = [];
    await page.getByRole('button', { name: words[language].retry }).click();
    await page.waitForSelector('[data-row]');
    gateway.refusesSockets = true;
    gateway.live.cut();
    await page.waitForSelector('[data-connection=reconnecting]');
  });
  screen('session-ended', async () => {
    const { page, gateway } = world();
    gateway.endSessions();
    await page.waitForSelector('[role=dialog] [name=password]', { timeout: 20_000 });
  });
}
