// Every screen of what belongs to a conversation besides its messages, looked at in every way.
import { signIn } from '../browser.mjs';
import { everyLook } from '../looks.mjs';
import { password } from '../mock-gateway.mjs';

const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();

const words = {
  en: {
    contact: 'Show the contact',
    edit: 'Edit Account number',
    add: 'Add Affiliation',
    choose: /^Choose a time/,
  },
  fr: {
    contact: 'Afficher le contact',
    edit: 'Modifier Account number',
    add: 'Ajouter Affiliation',
    choose: /^Choisir un moment/,
  },
};

everyLook((screen, world) => {
  storyScreens(screen, world);
  writingScreens(screen, world);
  contactScreens(screen, world);
  troubleScreens(screen, world);
});

function furnish({ story, conversations }) {
  const { messages } = conversations.get('conv_amelie');
  const [mention] = messages.filter((each) => each.kind === 'mention').slice(-1);
  mention.acts = {
    liked: { state: 'on', failure_code: null, failure: null, member_id: null, at: ago(1) },
    reposted: { state: 'turning_on', failure_code: null, failure: null, member_id: null, at: ago(1) },
    hidden: null,
    following: { state: 'on', failure_code: null, failure: null, member_id: null, at: ago(1) },
  };
  const marc = { member_id: 'member_marc', name: 'Marc Lefèvre' };
  const ana = { member_id: 'member_ana', name: 'Ana Petit' };
  story.note('conv_amelie', 'Le dépôt dit que le colis est parti de Lille ce matin.', { created_at: ago(5) });
  story.note('conv_amelie', 'She prefers to be written to in French.', {
    ...ana,
    mine_to_change: true,
    created_at: ago(1),
    edited_at: ago(0.5),
    message_id: messages.at(-2).id,
  });
  story.versions.set('note_2', [{ ...ana, text: 'Write in French.', at: ago(1) }]);
  story.activity.set('conv_amelie', [
    {
      at: ago(8),
      kind: 'assigned',
      reason: null,
      to: { member_id: marc.member_id, name: marc.name },
      ...ana,
    },
    { at: ago(7), kind: 'reminder_fired', text: 'Ask the depot', member_id: null, name: null },
    { at: ago(4), kind: 'action', what: 'like', ...ana },
  ]);
  conversations.get('conv_amelie').row.reminder = { due_at: ago(-200), note: 'Ask the depot', ...ana };
}

function storyScreens(screen, world) {
  screen('story', async () => {
    const { page, gateway } = world();
    furnish(gateway);
    await page.goto(gateway.url);
    await signIn(page, 'ana', password);
    await page.goto(`${gateway.url}/inbox/new/c/conv_amelie`);
    await page.waitForSelector('[data-note=note_2]');
  });
  screen('story-actions', async () => {
    const { page } = world();
    const slip = page.locator('[data-message]', { hasText: 'la photo' });
    await slip.scrollIntoViewIfNeeded();
    await slip.locator('[data-message-menu]').click();
    await page.waitForSelector('[role=menu]');
  });
  screen('story-acts', async () => {
    const { page, gateway } = world();
    const { messages } = gateway.conversations.get('conv_amelie');
    const failed = { state: 'failed', failure_code: 'not_allowed', failure: 'no' };
    await page.keyboard.press('Escape');
    gateway.story.settleAct('conv_amelie', messages.at(-3).id, 'liked', failed);
    await page.locator('[data-act=reposted]').scrollIntoViewIfNeeded();
    await page.waitForSelector('[data-act-failed]');
  });
  screen('note-editing', async () => {
    const { page, gateway } = world();
    const note = page.locator('[data-note=note_2]');
    await note.scrollIntoViewIfNeeded();
    await note.locator('header button').nth(1).click();
    await page.keyboard.type(' Always.');
    const before = gateway.story.notes.get('note_2');
    gateway.story.putNote({ ...before, text: 'Changed elsewhere', rev: before.rev + 1 });
    await note.locator('[role=alert]').waitFor();
  });
  screen('note-history', async () => {
    const { page } = world();
    await page.keyboard.press('Escape');
    await page.locator('[data-note=note_2] header button').first().click();
    await page.locator('[role=dialog] li').waitFor();
  });
}

function writingScreens(screen, world) {
  screen('note-writing', async () => {
    const { page } = world();
    await page.keyboard.press('Escape');
    await page.locator('#composer-tab-note').click();
    await page.locator('[data-mode=note] textarea').fill('Le client préfère être appelé le soir.');
  });
  screen('quote-and-links', async () => {
    const { page } = world();
    await page.locator('#composer-tab-reply').click();
    await page.locator('[data-act=liked], [data-act=reposted]').first().scrollIntoViewIfNeeded();
    await page.locator('[data-message]', { hasText: 'suivi dit' }).focus();
    await page.keyboard.press('q');
    await page.waitForSelector('[data-quoted]');
    await page
      .locator('textarea')
      .fill('Tout est là : https://quai.fr/aide/commandes/8841-Il0O/suivi-du-colis-en-ligne');
    await page.keyboard.press('Control+Shift+L');
    await page.getByText('quai.to/aB3xYz12').waitFor();
  });
  screen('reminder-menu', async () => {
    const { page } = world();
    await page.locator('[data-opens=reminder]').click();
    await page.waitForSelector('[role=menu]');
  });
  screen('reminder-chosen', async () => {
    const { page, language } = world();
    await page.getByRole('menuitem', { name: words[language].choose }).click();
    await page.waitForSelector('[type=datetime-local]');
  });
}

function contactScreens(screen, world) {
  screen('contact', async () => {
    const { page, language, size } = world();
    await page.keyboard.press('Escape');
    if (size === 'narrow') await page.getByRole('button', { name: words[language].contact }).click();
    await page.locator('[data-attribute=attr_phone]').waitFor();
  });
  screen('contact-editing', async () => {
    const { page, gateway, language } = world();
    await page.getByRole('button', { name: words[language].edit }).click();
    await page.keyboard.type('mine');
    gateway.story.learn('attr_account', 'theirs');
    await page.locator('[data-attribute=attr_account] [role=alert]').waitFor();
  });
  screen('contact-history', async () => {
    const { page } = world();
    await page.keyboard.press('Escape');
    await page.locator('[data-past=conv_marin]').click();
    await page.locator('[role=dialog] [data-message]').waitFor();
  });
}

function troubleScreens(screen, world) {
  screen('story-failed', async () => {
    const { page, gateway, language, size } = world();
    gateway.failures = [[/\/notes$|^\/contacts\//, 503]];
    await page.goto(`${gateway.url}/inbox/new/c/conv_hana`);
    await page.waitForSelector('[data-message]');
    await page.locator('main [role=alert]').waitFor();
    if (size === 'narrow') await page.getByRole('button', { name: words[language].contact }).click();
    // Asked three times before it is said.
    await page.getByText('4bf92f3577b34da6a3ce929d0e0e4736').waitFor();
  });
}
