import '../../i18n/areas/actions.gen';
import { deleteMessage } from '../../api/story';
import { ApiProblem } from '../../api/http';
import type { ActName, Message, MessageAction } from '../../api/types';
import { type Translate, useT } from '../../i18n/t';
import { effects, isToggle } from '../../live/acts';
import { useFeed } from '../../live/select';
import { networkName } from '../../ui/icons/network-glyph';
import { showToast } from '../../ui/toasts';

/** Why it was refused: in our words where the reason is a known one, else in those of the server. */
function reasonOf(t: Translate, error: unknown): string {
  if (!(error instanceof ApiProblem)) return t('state.failed_network');
  return t('actions.reason', { code: error.code, reason: error.message });
}

/** Does something to a message; what was shown at once is taken back when it is refused. */
export function useAct(message: Message) {
  const t = useT();
  const feed = useFeed();
  const refused = (title: string, error: unknown): void =>
    showToast({
      id: `act:${message.id}`,
      title,
      text: reasonOf(t, error),
      tone: 'danger',
      lasts: 8_000,
    });
  return async (option: Pick<MessageAction, 'action' | 'channel_id'>): Promise<void> => {
    const { action, channel_id: channel } = option;
    try {
      if (action === 'delete') {
        const changed = await deleteMessage(message.id, crypto.randomUUID());
        feed.store.apply([{ k: 'message.upsert', d: changed }]);
        showToast({ id: `act:${message.id}`, title: t('actions.deleting'), lasts: 5_000 });
      } else if (isToggle(action)) {
        await feed.acts.run(message, action, channel);
        void feed.story.loadActivity(message.conversation_id);
      }
    } catch (error) {
      if (action === 'delete') refused(t('actions.refused', { act: 'deleted' }), error);
      else if (isToggle(action)) refused(refusalOf(t, effects[action]), error);
    }
  };
}

function refusalOf(t: Translate, { name, isOn }: { readonly name: ActName; readonly isOn: boolean }): string {
  return isOn ? t('actions.refused', { act: name }) : t('actions.refused_undo', { act: name });
}

/** What the network said of an act that failed after it was accepted here. */
export function failureOf(t: Translate, message: Message, name: ActName): string {
  const act = message.acts[name];
  const reason = t('actions.failure', { code: act?.failure_code ?? '', failure: act?.failure ?? '' });
  return t('actions.refused_by', { network: networkName(message.network), reason });
}
