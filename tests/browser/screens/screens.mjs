// Every screen of the workspace as a list of steps, each found without reading a word of any language, so that the
// same list is walked in English, French and the pseudo-locale.
import { firstChoice, signIn } from '../browser.mjs';

export const go = async ({ page, url }, path, selector) => {
  await page.goto(url + path);
  await page.waitForSelector(selector);
};
const openConversation = (walk, name, queue = 'all') =>
  go(walk, `/inbox/${queue}/c/${walk.ids[name]}`, '[data-message]');
const box = (page) => page.locator('[data-region=composer] textarea');
const escape = (page) => page.keyboard.press('Escape');
const menu = (page) => page.waitForSelector('[role=menu]');
const dialog = (page) => page.waitForSelector('[role=dialog]');
/** Where the focus is in no field, single letters are commands. */
const press = async (page, key) => {
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press(key);
};

const entries = [
  ['sign-in', (walk) => go(walk, '/', '[name=login]:focus')],
  [
    'sign-in-refused',
    async ({ page }) => {
      await page.fill('[name=login]', 'camille');
      await page.fill('[name=password]', 'not the password');
      await page.keyboard.press('Enter');
      await page.waitForSelector('[role=alert]');
    },
  ],
  ['welcome-over', (walk) => go(walk, '/welcome', 'h1')],
  ['invitation-unknown', (walk) => go(walk, '/invitation#token=unknown', 'h1')],
  ['password-reset', (walk) => go(walk, '/password-reset', 'h1')],
];

const inbox = [
  [
    'first-choice',
    async (walk) => {
      await go(walk, '/', '[name=login]');
      await signIn(walk.page, 'camille', walk.passwordOf('camille'));
      return (await firstChoice(walk.page)) !== null;
    },
  ],
  [
    'inbox-new',
    async (walk) => {
      await escape(walk.page);
      await go(walk, '/inbox/new', '[data-row] [data-row-link]');
    },
  ],
  ['inbox-pending', (walk) => go(walk, '/inbox/pending', '[data-row] [data-row-link]')],
  ['inbox-all', (walk) => go(walk, '/inbox/all', '[data-row] [data-row-link]')],
  ['inbox-resolved', (walk) => go(walk, '/inbox/resolved', '[data-row] [data-row-link]')],
  [
    'inbox-filters',
    async (walk) => {
      await go(walk, '/inbox/all', '[data-row] [data-row-link]');
      await walk.page.click('[data-filter-button]');
      await walk.page.waitForSelector('[data-filter-button][aria-expanded=true]');
    },
  ],
  ['inbox-filtered', (walk) => go(walk, '/inbox/new?kind=mention&assignee=none', '[data-active-filter]')],
  ['inbox-filtered-to-nothing', (walk) => go(walk, '/inbox/pending?kind=quote', '[data-active-filter]')],
  [
    'inbox-selected',
    async (walk) => {
      await go(walk, '/inbox/all', '[data-row] [data-row-link]');
      await walk.page.locator('[data-row] input[type=checkbox]').first().check();
      await walk.page.waitForSelector('[data-bulk=actions]');
    },
  ],
  ['not-found', (walk) => go(walk, '/nowhere', 'main h1')],
];

const bar = [
  [
    'availability',
    async (walk) => {
      await go(walk, '/inbox/new', '[data-row] [data-row-link]');
      await walk.page.click('[data-availability]');
      await menu(walk.page);
    },
  ],
  [
    'notifications',
    async ({ page }) => {
      await escape(page);
      await page.click('[data-notifications]');
      await page.waitForTimeout(300);
    },
  ],
  [
    'user-menu',
    async ({ page }) => {
      await escape(page);
      await page.locator('[data-region=top] button').last().click();
      await menu(page);
    },
  ],
  [
    'keyboard-help',
    async ({ page }) => {
      await escape(page);
      await press(page, '?');
      await dialog(page);
    },
  ],
];

const story = [
  ['conversation', (walk) => openConversation(walk, 'Amélie Roussel')],
  [
    'composer',
    async ({ page }) => {
      await box(page).fill(
        'Bonjour Amélie, voici où en est votre colis : https://lumiere.example/suivi/8841',
      );
      await page.waitForTimeout(600);
    },
  ],
  [
    'composer-kinds',
    async ({ page }) => {
      await page.click('[data-chooses=kind]');
      await menu(page);
    },
  ],
  [
    'note',
    async ({ page }) => {
      await escape(page);
      await box(page).fill('');
      await page.click('#composer-tab-note');
      await page.locator('[data-mode=note] textarea').fill('Prefers to be called in the evening.');
    },
  ],
  [
    'message-menu',
    async (walk) => {
      const note = walk.page.locator('[data-mode=note] textarea');
      if ((await note.count()) > 0) await note.fill('');
      await openConversation(walk, 'Hannah Weiss');
      await walk.page.locator('[data-message] [data-message-menu]').first().click();
      await menu(walk.page);
    },
  ],
  [
    'reminder-menu',
    async ({ page }) => {
      await escape(page);
      await page.locator('[data-opens=reminder]').click();
      await menu(page);
    },
  ],
  [
    'reminder-chosen',
    async ({ page }) => {
      await page.locator('[role=menuitem]').last().click();
      await page.locator('[role=dialog] input[type=radio]').last().check();
      await page.waitForSelector('[type=datetime-local]');
    },
  ],
  [
    'owner-menu',
    async ({ page }) => {
      await escape(page);
      await page.click('[data-owner]');
      await menu(page);
    },
  ],
  [
    'why',
    async ({ page }) => {
      await escape(page);
      await press(page, 'w');
      await dialog(page);
    },
  ],
  [
    'conversation-arabic',
    async (walk) => {
      await escape(walk.page);
      await openConversation(walk, 'كريم منصور');
    },
  ],
  ['conversation-pending', (walk) => openConversation(walk, 'Inès Carpentier', 'pending')],
  ['conversation-resolved', (walk) => openConversation(walk, 'Thomas Girard', 'resolved')],
  [
    'contact-sheet',
    async (walk) => {
      if (!walk.isNarrow) return false;
      await openConversation(walk, 'Amélie Roussel');
      await press(walk.page, ']');
      await dialog(walk.page);
      return true;
    },
  ],
];

const search = [
  ['search-empty', (walk) => go(walk, '/search?q=', 'main, [role=search]')],
  [
    'search-found',
    async (walk) => {
      await go(walk, '/search?q=commande', 'main');
      await walk.page.locator('mark').first().waitFor();
    },
  ],
  [
    'search-nothing',
    async (walk) => {
      await go(walk, '/search?q=zzzzzz', 'main');
      await walk.page.waitForTimeout(500);
    },
  ],
];

/** Pages of settings, named by their address; their lists grow, so they are read from the page itself. */
const settings = ['me/general', 'admin/contact-attributes'].map((first) => [
  `${first.split('/')[0]}-*`,
  async (walk) => {
    await go(walk, `/${first}`, '[data-region=list] a');
    return walk.page.$$eval('[data-region=list] a', (all) => all.map((link) => new URL(link.href).pathname));
  },
]);

const admin = [
  [
    'channel-dialog',
    async (walk) => {
      await go(walk, '/admin/channels', 'main button');
      await walk.page.locator('main button').first().click();
      await dialog(walk.page);
    },
  ],
  [
    'invite-dialog',
    async (walk) => {
      await escape(walk.page);
      await go(walk, '/admin/people', 'main button');
      await walk.page.locator('main button').first().click();
      await dialog(walk.page);
    },
  ],
  [
    'attribute-dialog',
    async (walk) => {
      await escape(walk.page);
      await go(walk, '/admin/contact-attributes', 'main [role=switch]');
      // Below the list, whose own buttons would change it.
      await walk.page.locator('main button').last().click();
      await dialog(walk.page);
    },
  ],
];

const trouble = [
  [
    'reconnecting',
    async (walk) => {
      await escape(walk.page);
      await go(walk, '/inbox/all', '[data-row] [data-row-link]');
      await walk.page.context().setOffline(true);
      await walk.page.waitForSelector('[data-connection=offline]');
    },
  ],
  [
    'session-ended',
    async ({ page }) => {
      await page.context().setOffline(false);
      await page.waitForSelector('[data-connection=live]', { timeout: 30_000 });
      await page.context().clearCookies();
      // The next question is answered with 401: that of the click, or one that the workspace asks before it.
      const asked = page.locator('[role=dialog] [name=password]');
      await Promise.any([page.locator('[data-row] [data-row-link]').first().click(), asked.waitFor()]);
      await asked.waitFor({ timeout: 20_000 });
    },
  ],
];

export const screens = [...entries, ...inbox, ...bar, ...story, ...search, ...settings, ...admin, ...trouble];
