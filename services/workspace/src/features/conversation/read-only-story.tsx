// Messages to be read and not to be answered.
import '../../i18n/areas/conversation.gen';
import type { Message } from '../../api/types';
import { useT } from '../../i18n/t';
import { DayHeading } from './day-heading';
import { MessageSlip } from './message-slip';
import { itemsOf } from './timeline.logic';

export function ReadOnlyStory({ messages }: { readonly messages: readonly Message[] }) {
  const t = useT();
  return (
    <section aria-label={t('conversation.messages')}>
      {itemsOf(messages).map((item) => {
        if (item.kind === 'day') return <DayHeading key={item.key} instant={item.instant} />;
        return item.kind === 'message' ? (
          <MessageSlip key={item.key} message={item.message} isActive />
        ) : null;
      })}
    </section>
  );
}
