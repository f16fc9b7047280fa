// States of the story: loading, failed, empty, told. Each takes all the room above the reply box.
import '../../i18n/areas/conversation.gen';
import '../../i18n/areas/notes.gen';
import { useMemo } from 'react';
import type { ConversationId } from '../../api/types';
import { useT } from '../../i18n/t';
import { withLocal } from '../../live/outbox';
import { useFeed, useLocalReplies, useMe, useNotes, useTimeline } from '../../live/select';
import type { TimelineSnapshot } from '../../live/timelines';
import { Button } from '../../ui/button';
import { Failure } from '../../ui/failure';
import { Skeleton } from '../../ui/skeleton';
import { MessageScroller } from './message-scroller';

export function Timeline({ id }: { readonly id: ConversationId }) {
  const t = useT();
  const feed = useFeed();
  const timeline = useWholeStory(id);
  if (timeline.status === 'failed' && timeline.error) {
    return (
      <div className="min-h-0 flex-1 overflow-y-auto">
        <Failure error={timeline.error} onRetry={() => void feed.open(id)} />
      </div>
    );
  }
  if (timeline.status !== 'ready') return <LoadingMessages />;
  if (timeline.messages.length === 0) {
    return <p className="flex-1 p-8 text-center text-muted">{t('conversation.empty')}</p>;
  }
  return (
    <>
      <NotesFailed id={id} />
      <MessageScroller id={id} timeline={timeline} />
    </>
  );
}

/** The story is told without them rather than not at all. */
function NotesFailed({ id }: { readonly id: ConversationId }) {
  const t = useT();
  const { story } = useFeed();
  if (!useNotes(id).hasFailed) return null;
  return (
    <p
      role="alert"
      className="flex items-center gap-3 border-b border-line bg-note px-4 py-2 text-label text-note-ink"
    >
      {t('notes.failed')}
      <Button look="plain" className="text-note-ink" onClick={() => void story.loadNotes(id)}>
        {t('state.retry')}
      </Button>
    </p>
  );
}

/** What the server has told, with what is on its way to it. */
function useWholeStory(id: ConversationId): TimelineSnapshot {
  const timeline = useTimeline(id);
  const locals = useLocalReplies(id);
  const me = useMe();
  return useMemo(() => {
    if (!me || timeline.status !== 'ready') return timeline;
    const messages = withLocal(timeline.messages, locals, { id: me.id, name: me.display_name });
    return messages === timeline.messages ? timeline : { ...timeline, messages };
  }, [timeline, locals, me]);
}

const widths = ['w-3/5', 'w-2/5', 'w-1/2'];

function LoadingMessages() {
  const t = useT();
  return (
    <div
      role="status"
      aria-label={t('conversation.loading')}
      className="late flex min-h-0 flex-1 flex-col gap-3 overflow-hidden p-4"
    >
      {widths.map((width, index) => (
        <div
          key={width}
          className={`flex h-17 flex-col gap-3 rounded-slip border border-line p-3 ${width} ${index === 1 ? 'self-end' : ''}`}
        >
          <Skeleton className="h-2.5 w-1/3" />
          <Skeleton className="h-3 w-4/5" />
        </div>
      ))}
    </div>
  );
}
