// Keys that act on the message in focus, or on the one where the focus was last.
import '../../i18n/areas/actions.gen';
import type { Message, MessageAction } from '../../api/types';
import { useCommands } from '../../commands/dispatcher';
import { useT } from '../../i18n/t';
import { useFeed } from '../../live/select';
import { showToast } from '../../ui/toasts';
import { aimAt } from '../composer';
import { offeredOf } from './actions.logic';
import { useAct } from './use-act';
import { useCopy } from './use-copy';

export function useMessageKeys(message: Message, openMenu: () => void): void {
  const t = useT();
  const { acts } = useFeed();
  const act = useAct(message);
  const copy = useCopy();
  const toggle = (...wanted: readonly MessageAction['action'][]): boolean => {
    const wished = { ...acts.of(message.id), ...acts.of(message.conversation_id) };
    const offered = offeredOf(message, wished).find(({ action }) => wanted.includes(action));
    if (!offered) return false;
    const { option } = offered;
    if (!option.available) {
      const reason = t('actions.reason', { code: option.reason_code ?? '', reason: option.reason ?? '' });
      showToast({ id: `act:${message.id}`, title: reason, lasts: 5_000 });
    } else if (option.action === 'quote') aimAt(message, 'quote');
    else void act(option);
    return true;
  };
  useCommands({
    'message.menu': openMenu,
    'message.like': () => toggle('like', 'unlike'),
    'message.hide': () => toggle('hide', 'unhide'),
    'message.quote': () => toggle('quote'),
    'message.link': () => {
      if (!message.permalink) return false;
      copy(message.permalink);
      return true;
    },
  });
}
