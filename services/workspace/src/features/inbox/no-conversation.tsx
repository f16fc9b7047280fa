import { useParams, useSearch } from '@tanstack/react-router';
import { MessagesSquare } from 'lucide-react';
import { useT } from '../../i18n/t';
import { useView } from '../../live/select';
import { isQueue, listKey, readSearch } from '../../live/list';
import { useLetterKeys } from '../../settings/keys';
import { Notice } from '../../ui/notice';

export function NoConversation() {
  const t = useT();
  const { queue } = useParams({ strict: false });
  const search = useSearch({ strict: false });
  const key = listKey(queue && isQueue(queue) ? queue : 'new', readSearch({ ...search }));
  const hasRows = useView(key).ids.length > 0;
  const hasKeys = useLetterKeys();
  return (
    <section aria-label={t('inbox.conversation')} className="grid h-full place-items-center">
      <Notice
        icon={<MessagesSquare size={20} aria-hidden />}
        title={t('inbox.pick_title')}
        text={t(hasRows && hasKeys ? 'inbox.pick_text' : 'inbox.pick_text_pointer')}
      />
    </section>
  );
}
