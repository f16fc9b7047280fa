// Made by scripts/compile-locales.mjs from locales/. Do not edit.
import { addMessages } from '../t';
import { number, plural } from '../icu';

addMessages({
  en: {
    'search.title': () => "Search",
    'search.page_title': () => "Search · Guichet",
    'search.label': () => "Search conversations, messages and contacts",
    'search.clear': () => "Clear",
    'search.empty': () => "Search everything",
    'search.hint': () => "Words of three letters or more are found anywhere, however old.",
    'search.found': (p) => plural('en', p.count, { "=0": "Nothing found", "one": number('en', p.count) + " found", "other": number('en', p.count) + " found" }),
    'search.found_more': (p) => plural('en', p.count, { "one": number('en', p.count) + " found so far", "other": number('en', p.count) + " found so far" }),
    'search.nothing': () => "Nothing has these words",
    'search.more': () => "Search further back",
    'search.contacts': () => "Contacts",
    'search.conversations': () => "Conversations",
    'search.messages': () => "Messages",
    'search.message_by': (p) => p.name + " on " + p.network,
  },
  fr: {
    'search.title': () => "Recherche",
    'search.page_title': () => "Recherche · Guichet",
    'search.label': () => "Rechercher dans les conversations, les messages et les contacts",
    'search.clear': () => "Effacer",
    'search.empty': () => "Rechercher partout",
    'search.hint': () => "Les mots d’au moins trois lettres sont trouvés partout, quel que soit leur âge.",
    'search.found': (p) => plural('fr', p.count, { "=0": "Rien trouvé", "one": number('fr', p.count) + " trouvé", "other": number('fr', p.count) + " trouvés" }),
    'search.found_more': (p) => plural('fr', p.count, { "one": number('fr', p.count) + " trouvé jusqu’ici", "other": number('fr', p.count) + " trouvés jusqu’ici" }),
    'search.nothing': () => "Rien ne contient ces mots",
    'search.more': () => "Rechercher plus loin",
    'search.contacts': () => "Contacts",
    'search.conversations': () => "Conversations",
    'search.messages': () => "Messages",
    'search.message_by': (p) => p.name + " sur " + p.network,
  },
});
