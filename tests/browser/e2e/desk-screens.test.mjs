// Every screen of answering and of one's own desk, looked at in every way.
import { signIn } from '../browser.mjs';
import { message } from '../fixtures/inbox.mjs';
import { everyLook } from '../looks.mjs';
import { marc } from '../mock-desk.mjs';
import { password } from '../mock-gateway.mjs';

const words = {
  en: { first: /^Available/, kind: /^Kind of message/, account: /^Account: /, away: /^Away Nothing/ },
  fr: { first: /^Disponible/, kind: /^Type de message/, account: /^Compte\s?: /, away: /^Absent Rien/ },
};

everyLook((screen, world) => {
  deskScreens(screen, world);
  composerScreens(screen, world);
  replyScreens(screen, world);
  ownerScreens(screen, world);
});

const box = (page) => page.locator('[data-region=composer] textarea');

async function openConversation({ page, gateway }, id) {
  await page.goto(`${gateway.url}/inbox/new/c/${id}`);
  await page.waitForSelector('[data-message]');
  await box(page).waitFor();
}

function deskScreens(screen, world) {
  screen('first-choice', async () => {
    const { page, gateway } = world();
    const { availability } = gateway.desk;
    gateway.desk.availability = { ...availability, availability: 'away', never_chosen: true };
    await page.goto(gateway.url);
    await signIn(page, 'ana', password);
    await page.waitForSelector('[role=dialog]');
  });
  screen('availability-menu', async () => {
    const { page, language, gateway } = world();
    await page.getByRole('dialog').getByRole('button', { name: words[language].first }).click();
    await page.waitForSelector('[data-availability=available]');
    gateway.desk.availability = { ...gateway.desk.availability, epoch: 20, load: 3, since: hourAgo() };
    gateway.live.emit('availability', gateway.desk.availability);
    await page.waitForTimeout(200);
    await page.click('[data-availability]');
    await page.waitForSelector('[role=menu]');
  });
  screen('going-away', async () => {
    const { page, language } = world();
    await page.getByRole('menuitemradio', { name: words[language].away }).click();
    await page.waitForSelector('[role=dialog]');
  });
  screen('offer', async () => {
    const { page, gateway } = world();
    await page.keyboard.press('Escape');
    gateway.desk.hand('conv_hana');
    gateway.desk.hand('conv_dario', marc);
    gateway.desk.hand('conv_layla');
    await page.waitForSelector('[data-offer]');
    await page.waitForSelector('[data-toast]');
  });
  screen('notifications', async () => {
    const { page } = world();
    await page.click('[data-notifications]');
    await page.waitForSelector('[role=menuitem]');
  });
}

const hourAgo = () => new Date(Date.now() - 74 * 60_000).toISOString();

function composerScreens(screen, world) {
  screen('composer', async () => {
    const { page } = world();
    await page.keyboard.press('Escape');
    await openConversation(world(), 'conv_amelie');
    await box(page).fill('Bonjour Amélie, voici où en est votre colis : https://example.com/suivi/8841');
    await page.waitForTimeout(300);
  });
  screen('composer-kinds', async () => {
    const { page, language } = world();
    await openConversation(world(), 'conv_hana');
    await page.getByRole('button', { name: words[language].kind }).click();
    await page.getByRole('menuitemradio').last().click();
    await page.getByRole('button', { name: words[language].account }).click();
    await page.waitForSelector('[role=menu]');
  });
  screen('composer-public', async () => {
    const { page } = world();
    await page.keyboard.press('Escape');
    await openConversation(world(), 'conv_dario');
    await page.$eval('[data-scroller=timeline]', (scroller) => scroller.scrollTo(0, 9_999));
    await box(page).fill('é'.repeat(2_004));
    await page.waitForTimeout(300);
  });
  screen('composer-newer', async () => {
    const { page, gateway } = world();
    await box(page).fill('Yes, on Monday.');
    gateway.desk.refusals = [[409, 'newer_message', 'The customer wrote again.']];
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('[data-region=composer] [role=alert]');
  });
  screen('composer-held', async () => {
    const { page, gateway } = world();
    gateway.me = { ...gateway.me, roles: ['supervisor'] };
    await page.reload();
    await openConversation(world(), 'conv_amelie');
    gateway.desk.lockFor('conv_amelie');
    gateway.live.aside('viewers', {
      conversation_id: 'conv_amelie',
      viewers: [{ ...marc, typing: true }],
    });
    await page.waitForSelector('[data-viewers]');
    await page.waitForTimeout(200);
  });
}

function replyScreens(screen, world) {
  screen('replies', async () => {
    const { page, gateway } = world();
    gateway.desk.unlock('conv_amelie');
    await openConversation(world(), 'conv_kofi');
    const say = (text, reply, facts) => {
      const body = { kind: 'private_message', channel_id: 'chan_x', in_reply_to: null, text };
      const made = gateway.say('conv_kofi', body, { member_id: 'member_ana', name: 'Ana Petit' });
      gateway.desk.settle('conv_kofi', made.id, reply, facts);
    };
    say('One moment, please.', { state: 'sent' }, { delivered: true });
    say('It waits its turn.', { waits_until: new Date(Date.now() + 600_000).toISOString() });
    const failure = { failure_code: 'recipient_unreachable', failure: '', retryable: true };
    say('Did this reach you?', { state: 'failed', ...failure });
    say('And this?', { state: 'unknown' });
    await page.waitForTimeout(400);
  });
  screen('resolved-by-hand', async () => {
    const { page } = world();
    await openConversation(world(), 'conv_hana');
    await page
      .locator('[data-region=composer]')
      .getByRole('button', { name: /^(Resolve|Résoudre)/ })
      .click();
    await page.waitForSelector('[data-toast]');
  });
}

function ownerScreens(screen, world) {
  screen('owner-menu', async () => {
    const { page, gateway } = world();
    await openConversation(world(), 'conv_dario');
    gateway.desk.explanations.set('conv_dario', [
      {
        decision_id: 'dec_2',
        at: new Date().toISOString(),
        outcome: 'assigned',
        reason: null,
        ...marc,
        by_member_id: null,
        by_name: null,
        waiting_since: hourAgo(),
        position: null,
        policy_version: 1,
        candidates: [
          { ...marc, removed_by: null, load: 2, capacity: 5 },
          { member_id: 'member_ana', name: 'Ana Petit', removed_by: 'at_capacity', load: 5, capacity: 5 },
          { member_id: 'member_sacha', name: 'Sacha Moreau', removed_by: 'away', load: 0, capacity: 5 },
        ],
      },
      { ...waiting, decision_id: 'dec_1', at: hourAgo() },
    ]);
    await page.click('[data-owner]');
    await page.waitForSelector('[role=menu]');
  });
  screen('why', async () => {
    const { page } = world();
    await page.keyboard.press('Escape');
    await page.keyboard.press('w');
    await page.waitForSelector('[role=dialog] table');
  });
  screen('customer-answers', async () => {
    const { page, gateway } = world();
    await page.keyboard.press('Escape');
    gateway.change('conv_ines', { owner: { member_id: 'member_ana', name: 'Ana Petit' } });
    const author = { name: 'Inès Carvalho', handle: 'ines.carvalho' };
    const text = 'Celui de la page des horaires.';
    gateway.receive(
      message('conv_ines', { network: 'facebook', kind: 'comment', age: 0, author, text }),
      author,
    );
    gateway.desk.raise('conv_ines', 'customer_answered');
    await page.waitForSelector('[data-toast]');
  });
}

const waiting = {
  outcome: 'waiting',
  reason: 'all_at_capacity',
  member_id: null,
  name: null,
  by_member_id: null,
  by_name: null,
  waiting_since: null,
  position: 4,
  policy_version: 1,
  candidates: [],
};
