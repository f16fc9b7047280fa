// What the screen says. The guide's own words stand here, in both languages, as it wrote them; all other words are
// looked up where the workspace keeps them, so that a better wording breaks no test.
import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../../../services/workspace/locales/', import.meta.url);

export const guide = {
  en: {
    new: 'New',
    pending: 'Pending',
    all: 'All conversations',
    resolved: 'Resolved',
    available: 'Available',
    away: 'Away',
    resolve: 'Resolve',
    addNote: 'Add note',
    preferences: 'Personal preferences',
    general: 'General',
    notifications: 'Notifications',
    defaultAvailability: 'Default availability',
    save: 'Save',
    administration: 'Administration',
    agentWorkspace: 'Agent workspace',
    contactAttributes: 'Contact attributes',
    linkShortening: 'Link shortening',
    connectToBitly: 'Connect to Bitly',
    channelsGroup: 'Channels and business hours',
    channels: 'Channels',
    edit: 'Edit',
    displayName: 'Display name',
    contact: 'Contact',
    reply: 'Reply',
    quote: 'Quote',
    like: 'Like',
    repost: 'Repost',
    hide: 'Hide',
    follow: 'Follow',
  },
  fr: {
    new: 'Nouveau',
    pending: 'En attente',
    all: 'Toutes les conversations',
    resolved: 'Résolues',
    available: 'Disponible',
    away: 'Absent',
    resolve: 'Résoudre',
    addNote: 'Ajouter une note',
    preferences: 'Préférences personnelles',
    general: 'Général',
    notifications: 'Notifications',
    defaultAvailability: 'Disponibilité par défaut',
    save: 'Enregistrer',
    administration: 'Paramètres administratifs',
    agentWorkspace: 'Espace de travail Agent',
    contactAttributes: 'Attributs de contact',
    linkShortening: 'Raccourcissement des liens',
    connectToBitly: 'Se connecter à Bitly',
    channelsGroup: 'Canaux et heures d’ouverture',
    channels: 'Canaux',
    edit: 'Modifier',
    displayName: 'Nom d’affichage',
    contact: 'Contact',
    reply: 'Répondre',
    quote: 'Citer',
    like: 'J’aime',
    repost: 'Reposter',
    hide: 'Masquer',
    follow: 'Suivre',
  },
};

/** The workspace's own words: `said('inbox.list', { queue })`, or `said.like(key)` where something varies. */
export function speak(language) {
  const messages = {};
  for (const file of readdirSync(new URL(`${language}/`, folder))) {
    const area = JSON.parse(readFileSync(new URL(`${language}/${file}`, folder), 'utf8'));
    for (const [key, text] of Object.entries(area)) messages[`${file.replace('.json', '')}.${key}`] = text;
  }
  const find = (key) => {
    if (messages[key] === undefined) throw new Error(`the workspace has no words for ${key}`);
    return messages[key];
  };
  const said = (key, values = {}) =>
    Object.entries(values).reduce(
      (text, [name, value]) => text.replaceAll(new RegExp(`\\{${name}(, number)?\\}`, 'g'), value),
      branchOf(find(key), values),
    );
  said.has = (key) => messages[key] !== undefined;
  /** Matches the whole text with anything in its places. */
  said.like = (key, values = {}) =>
    new RegExp(`^${escaped(said(key, values)).replaceAll(/\\\{[^}]*\\\}/g, '.*')}$`);
  return said;
}

/** Of a choice by a word the branch of that word; plurals are matched by their own tests. */
function branchOf(text, values) {
  const choice = /^\{(\w+), select, (.*)\}$/.exec(text);
  if (!choice) return text;
  const branches = Object.fromEntries(
    [...choice[2].matchAll(/(\w+) \{((?:[^{}]|\{[^{}]*\})*)\}/g)].map(([, name, words]) => [name, words]),
  );
  return branches[values[choice[1]]] ?? branches.other;
}

/** For a pattern; spaces of any kind are one space to whoever reads. */
export function escaped(text) {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/\s+/g, '\\s+');
}
