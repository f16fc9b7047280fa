// Which panes stand beside the conversation.
import { useSyncExternalStore } from 'react';
import { Setting } from './setting';

const list = new Setting<'shown' | 'hidden'>('guichet.list', ['shown', 'hidden']);
const contact = new Setting<'shown' | 'hidden'>('guichet.contact', ['shown', 'hidden']);
const empty = new Setting<'shown' | 'hidden'>('guichet.contact-empty', ['shown', 'hidden']);

function useIsShown(setting: typeof list): boolean {
  return useSyncExternalStore(setting.subscribe, () => setting.value !== 'hidden');
}

function toggle(setting: typeof list): void {
  setting.set(setting.value === 'hidden' ? 'shown' : 'hidden');
}

export const useIsListShown = (): boolean => useIsShown(list);
export const toggleList = (): void => toggle(list);

/** As a column; on narrower screens the contact is a sheet that comes and goes. */
export const useIsContactShown = (): boolean => useIsShown(contact);
export const toggleContact = (): void => toggle(contact);

/** What is not known of a contact. */
export const useAreEmptyShown = (): boolean => useIsShown(empty);
export const toggleEmpty = (): void => toggle(empty);
