// One conversation: its header, its whole story, and what is said when it is no longer there.
import '../../i18n/areas/conversation.gen';
import { Link, useParams } from '@tanstack/react-router';
import { CornerDownRight, DoorClosed } from 'lucide-react';
import { useEffect } from 'react';
import type { ConversationId, Queue } from '../../api/types';
import { useT } from '../../i18n/t';
import { useConversation, useFeed, useIsGone } from '../../live/select';
import { Notice } from '../../ui/notice';
import { Composer } from '../composer';
import { ContactPane, useContactPlace } from '../contact-panel';
import { ConversationHeader } from './conversation-header';
import { Timeline } from './timeline';
import { useAnnouncements } from './use-announcements';

export function ConversationPane() {
  const t = useT();
  const feed = useFeed();
  const params = useParams({ from: '/inbox/$queue/c/$conversation' });
  const id = params.conversation as ConversationId;
  const queue = params.queue as Queue;
  const row = useConversation(id);
  const isGone = useIsGone(id);
  const contact = useContactPlace();
  useEffect(() => {
    void feed.open(id);
    return () => void feed.open(null);
  }, [feed, id]);
  useAnnouncements(id);

  if (isGone) return <Gone queue={queue} />;
  const name = row?.contact.name || row?.contact.handle;
  return (
    <div className="flex h-full min-h-0">
      <main
        aria-label={name ? t('conversation.region', { name }) : t('inbox.conversation')}
        data-region="timeline"
        className="@container flex h-full min-h-0 min-w-0 flex-1 flex-col"
      >
        <ConversationHeader row={row} queue={queue} contact={contact} />
        {row?.absorbed_into && <Absorbed into={row.absorbed_into} queue={queue} />}
        <Timeline key={`story ${id}`} id={id} />
        {row && !row.absorbed_into && <Composer key={`reply ${id}`} row={row} />}
      </main>
      {row && <ContactPane row={row} place={contact} />}
    </div>
  );
}

function Gone({ queue }: { readonly queue: Queue }) {
  const t = useT();
  return (
    <main
      aria-label={t('inbox.conversation')}
      data-region="timeline"
      className="grid h-full place-items-center"
    >
      <Notice
        isAlert
        isPage
        icon={<DoorClosed size={20} aria-hidden />}
        title={t('conversation.gone_title')}
        text={t('conversation.gone_text')}
        action={
          <Link to="/inbox/$queue" params={{ queue }} className="text-accent underline underline-offset-2">
            {t('conversation.back_to_list')}
          </Link>
        }
      />
    </main>
  );
}

interface AbsorbedProps {
  readonly into: ConversationId;
  readonly queue: Queue;
}

function Absorbed({ into, queue }: AbsorbedProps) {
  const t = useT();
  return (
    <p
      role="status"
      className="flex items-center gap-2 border-b border-line bg-warn-soft px-4 py-2 text-warn"
    >
      <CornerDownRight size={16} strokeWidth={1.75} aria-hidden className="shrink-0 rtl:-scale-x-100" />
      {t('conversation.absorbed')}
      <Link
        to="/inbox/$queue/c/$conversation"
        params={{ queue, conversation: into }}
        className="font-bold underline underline-offset-2"
      >
        {t('conversation.absorbed_link')}
      </Link>
    </p>
  );
}
