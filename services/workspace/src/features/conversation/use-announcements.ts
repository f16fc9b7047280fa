// Tells a screen reader of what the customer writes in the conversation that is open.
import '../../i18n/areas/conversation.gen';
import { useEffect } from 'react';
import { announce } from '../../a11y/announcer';
import { useT } from '../../i18n/t';
import { useFeed } from '../../live/select';
import { networkName } from '../../ui/icons/network-glyph';

export function useAnnouncements(conversation: string): void {
  const feed = useFeed();
  const t = useT();
  useEffect(
    () =>
      feed.store.onArrival((message) => {
        if (message.conversation_id !== conversation) return;
        if (message.reply?.state === 'failed') announce(t('conversation.failed_announced'), String);
        if (message.direction !== 'inbound') return;
        const { author, text, network } = message;
        const name = author?.name || author?.handle || t('inbox.someone', { network: networkName(network) });
        announce(t('conversation.announced', { name, text: text || t('conversation.no_text') }), (count) =>
          t('conversation.announced_many', { count }),
        );
      }),
    [feed, conversation, t],
  );
}
