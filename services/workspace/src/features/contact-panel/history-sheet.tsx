// An earlier conversation, to be read beside the one that is being worked on.
import '../../i18n/areas/contact.gen';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { Conversation } from '../../api/types';
import { useLanguage } from '../../i18n/language';
import { useT } from '../../i18n/t';
import { useFeed, useTimeline } from '../../live/select';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Failure } from '../../ui/failure';
import { Skeleton } from '../../ui/skeleton';
import { StateChip } from '../../ui/state-chip';
import { ReadOnlyStory } from '../conversation';
import { kindOf, nameOf } from '../queue-list';

interface HistorySheetProps {
  readonly row: Conversation;
  readonly onClose: () => void;
}

export function HistorySheet({ row, onClose }: HistorySheetProps) {
  const t = useT();
  const language = useLanguage();
  return (
    <Dialog
      shape="sheet"
      title={nameOf(language, row)}
      description={kindOf(language, row)}
      onClose={onClose}
      closeLabel={t('contact.close')}
    >
      <p className="flex items-center gap-3 pb-3">
        <StateChip state={row.state} />
        <Link
          to="/inbox/$queue/c/$conversation"
          params={{ queue: row.state === 'resolved' ? 'resolved' : 'all', conversation: row.id }}
          onClick={onClose}
          className="text-accent underline underline-offset-2"
        >
          {t('contact.open')}
        </Link>
      </p>
      <Past row={row} />
    </Dialog>
  );
}

function Past({ row }: { readonly row: Conversation }) {
  const t = useT();
  const feed = useFeed();
  const timeline = useTimeline(row.id);
  useEffect(() => void feed.loadLatest(row.id), [feed, row.id]);
  if (timeline.status === 'failed' && timeline.error) {
    return <Failure error={timeline.error} onRetry={() => void feed.loadLatest(row.id)} />;
  }
  if (timeline.status !== 'ready') {
    return (
      <div role="status" aria-label={t('contact.loading')} className="late flex flex-col gap-3">
        <Skeleton className="h-14 w-3/5" />
        <Skeleton className="h-14 w-2/5" />
      </div>
    );
  }
  if (timeline.messages.length === 0) return <p className="text-muted">{t('contact.no_messages')}</p>;
  return (
    <>
      {timeline.hasOlder && (
        <p className="pb-3 text-center">
          <Button aria-disabled={timeline.isLoadingOlder} onClick={() => void feed.loadOlder(row.id)}>
            {t('contact.older')}
          </Button>
        </p>
      )}
      <ReadOnlyStory messages={timeline.messages} />
    </>
  );
}
