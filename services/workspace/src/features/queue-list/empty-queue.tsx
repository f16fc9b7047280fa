// The three kinds of nothing: no channel yet, all done, nothing of this kind.
import { Link } from '@tanstack/react-router';
import { CircleCheck, Clock, Inbox, Plug } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Queue } from '../../api/types';
import { useT } from '../../i18n/t';
import { useChannels, useCounts } from '../../live/select';
import { Notice } from '../../ui/notice';

const icons: Record<Queue, ReactNode> = {
  new: <CircleCheck size={20} aria-hidden />,
  pending: <Clock size={20} aria-hidden />,
  all: <Inbox size={20} aria-hidden />,
  resolved: <CircleCheck size={20} aria-hidden />,
};

export function EmptyQueue({ queue }: { readonly queue: Queue }) {
  const t = useT();
  const hasChannel = useChannels().length > 0;
  const pending = useCounts()?.pending ?? 0;
  if (!hasChannel) {
    return (
      <Notice
        icon={<Plug size={20} aria-hidden />}
        title={t('inbox.no_channel_title')}
        text={t('inbox.no_channel_text')}
      />
    );
  }
  const text =
    queue === 'new' ? t('inbox.empty_new_text', { count: pending }) : t(`inbox.empty_${queue}_text`);
  return (
    <Notice
      icon={icons[queue]}
      title={t(`inbox.empty_${queue}_title`)}
      text={text}
      action={
        queue === 'new' &&
        pending > 0 && (
          <Link
            to="/inbox/$queue"
            params={{ queue: 'pending' }}
            className="text-accent underline underline-offset-2"
          >
            {t('inbox.go_pending')}
          </Link>
        )
      }
    />
  );
}
