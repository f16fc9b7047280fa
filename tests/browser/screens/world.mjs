// What there is to see: customers of both networks who write in three scripts, colleagues who answered, waited,
// resolved, noted and set reminders. Made by the same calls as everywhere else.
import { openPage, signIn } from '../browser.mjs';
import { callAs, pause } from '../product.mjs';

const patience = 30_000;

/** Gives the ids of conversations, by the key of the customer. */
export async function furnish(browser, product) {
  const page = await openPage(browser);
  page.context().setDefaultTimeout(patience);
  await page.goto(product.url);
  await signIn(page, 'camille', product.passwordOf('camille'));
  const call = async (method, path, body) => {
    const { status, body: answer } = await callAs(page, method, path, body);
    if (status >= 400) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`);
    return answer;
  };
  await customersWrite(product);
  const ids = await conversations(call, 13);
  await colleaguesAnswer(call, ids);
  await page.context().close();
  return ids;
}

async function customersWrite(product) {
  const { accounts } = await product.played();
  const on = (network) => accounts.find((account) => account.network === network).account_id;
  const x = on('x');
  const facebook = on('facebook');
  const write = (path, body) => product.play(path, body);
  const opening = 'Our windows are dressed for the season: come and see, we are open on Sunday too.';
  const post = await write('facebook/post', { account: facebook, author: 'business', text: opening });
  const mention = (author, text) => write('x/mention', { account: x, author, text });
  const message = (author, text) => write('x/message', { account: x, author, text });
  const comment = (author, text) => write('facebook/comment', { author, post: post.id, text });
  const onMessenger = (author, text) => write('facebook/message', { account: facebook, author, text });
  // Those who wrote first wait longest; the network's clock counts whole seconds.
  for (const say of [
    () => mention('thomas', 'Merci pour le conseil de samedi, la lampe est parfaite !'),
    () => onMessenger('ines', 'Bonjour, le lien de suivi ne marche pas.'),
    () => message('daniel', 'Thanks! I am sending the photo of the label now.'),
    () => comment('erin', 'Do you deliver to Galway before Christmas?'),
    () => comment('karim', 'مساء الخير، هل المتجر مفتوح يوم الأحد؟'),
    () => mention('amelie', 'Bonjour, quand part ma commande 8841-Il0O ? https://lumiere.example/suivi'),
    () => onMessenger('margaux', 'Toujours pas de remboursement. C’est normal ??'),
    () => mention('hannah', 'the strap broke after one week 😢'),
    () => message('amelie', 'Voici le numéro : 8841-Il0O. C’est pour un cadeau, il me le faut vendredi.'),
    () => message('samira', 'متى يعاد فتح المتجر في الرباط؟'),
    () => mention('tom', 'Is the blue one coming back in stock? My sister is asking every single day.'),
    () => comment('priya', 'Lovely window! Is the brass lantern in it for sale as well, or only on show?'),
    () => onMessenger('julien', 'Bonjour, la facture de mars indique deux fois les frais de port.'),
    () => mention('yuki', 'Your packaging is so beautiful I did not want to open it 🌸'),
  ]) {
    await say();
    await pause(250);
  }
}

async function conversations(call, count) {
  for (const end = Date.now() + patience; ; await pause(300)) {
    const { rows } = await call('GET', '/conversations?queue=all&limit=100');
    const ids = Object.fromEntries(rows.map((row) => [row.contact.name, row.id]));
    if (rows.length >= count) return ids;
    if (Date.now() > end) throw new Error(`only ${rows.length} conversations arrived`);
  }
}

async function colleaguesAnswer(call, ids) {
  const answer = async (name, text) => {
    const id = ids[name];
    const { lock } = await call('PUT', `/conversations/${id}/lock`, { take_over: false });
    const { messages } = await call('GET', `/conversations/${id}/messages?limit=20`);
    const last = messages.findLast((message) => message.direction === 'inbound');
    const option = last.answers.find((each) => each.available);
    await call('POST', `/conversations/${id}/replies`, {
      key: crypto.randomUUID(),
      fence: lock.fence,
      seen_through: Math.max(...messages.map((message) => message.sequence)),
      kind: option.kind,
      channel_id: option.channel_id,
      in_reply_to: option.in_reply_to,
      text,
      shorten_links: false,
      keep_long_ordinals: [],
      despite_newer: false,
    });
    await call('DELETE', `/conversations/${id}/lock`, { fence: lock.fence });
  };
  const state = (name, to) =>
    call('POST', `/conversations/${ids[name]}/state`, {
      key: crypto.randomUUID(),
      to,
      seen_through: 1_000_000,
    });
  const note = (name, text) =>
    call('POST', `/conversations/${ids[name]}/notes`, { key: crypto.randomUUID(), text, message_id: null });
  await answer('Daniel Mensah', 'Thank you Daniel, we look into it today.');
  await answer('Inès Carpentier', 'Bonjour Inès, pouvez-vous nous dire lequel ?');
  await answer('Erin Gallagher', 'We do, Erin: order by the 18th and it is there in time.');
  await state('Thomas Girard', 'resolved');
  await state('Yuki Tanaka 🌸', 'resolved');
  await note('Amélie Roussel', 'Le dépôt dit que le colis est parti de Lille ce matin.');
  const due = new Date(Date.now() + 3 * 3_600_000).toISOString();
  await call('PUT', `/conversations/${ids['Inès Carpentier']}/reminder`, {
    key: crypto.randomUUID(),
    due_at: due,
    note: 'Ask the depot',
    seen_through: 1_000_000,
  });
  const { members } = await call('GET', '/team');
  const lea = members.find(({ name }) => name.startsWith('Léa'));
  await call('POST', `/conversations/${ids['Hannah Weiss']}/assign`, { member_id: lea.member_id });
}
