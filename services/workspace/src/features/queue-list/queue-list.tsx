// The list of one queue with its states: loading, empty, failed, listed.
import { useEffect } from 'react';
import type { Queue } from '../../api/types';
import { useT } from '../../i18n/t';
import { useFeed, useView } from '../../live/select';
import { Failure } from '../../ui/failure';
import { ConversationGrid } from './conversation-grid';
import { EmptyQueue } from './empty-queue';
import { LoadingRows } from './loading-rows';
import { queueNames } from './queue-names';

interface QueueListProps {
  readonly queue: Queue;
  /** The conversation on the screen; null when there is none. */
  readonly open: string | null;
}

export function QueueList({ queue, open }: QueueListProps) {
  const t = useT();
  const feed = useFeed();
  const { status, ids, isComplete, error } = useView(queue);
  useEffect(() => {
    void feed.loadQueue(queue);
  }, [feed, queue]);
  useEffect(() => {
    // A reset dropped the view while another one was shown.
    if (status === 'idle') void feed.loadQueue(queue);
  }, [feed, queue, status]);
  const label = t('inbox.list', { queue: t(queueNames[queue]) });
  const Heading = open ? 'h2' : 'h1';
  return (
    <section
      // While nothing is open, the list is what the page is about.
      role={open ? 'region' : 'main'}
      aria-label={label}
      data-region="list"
      className="flex min-h-0 flex-1 flex-col outline-none"
    >
      <Heading className="sr-only">{label}</Heading>
      {status === 'failed' && error ? (
        <Failure error={error} onRetry={() => void feed.loadQueue(queue)} />
      ) : status !== 'ready' ? (
        <LoadingRows />
      ) : ids.length === 0 && isComplete ? (
        <EmptyQueue queue={queue} />
      ) : (
        <ConversationGrid queue={queue} open={open} />
      )}
    </section>
  );
}
