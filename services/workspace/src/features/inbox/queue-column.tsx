// Conversations by status with their counts, at the left of the list (S8). Where there is no room for it the
// tabs above the list show all four.
import { Link } from '@tanstack/react-router';
import { CircleCheck, CircleDot, Clock, Inbox } from 'lucide-react';
import { useLanguage } from '../../i18n/language';
import { number } from '../../i18n/icu';
import { useT } from '../../i18n/t';
import { useCounts } from '../../live/select';
import { queues } from '../../live/list';
import { queueNames } from '../queue-list';

const icons = { new: CircleDot, pending: Clock, all: Inbox, resolved: CircleCheck };

export function QueueColumn() {
  const t = useT();
  const language = useLanguage();
  const counts = useCounts();
  return (
    <nav
      aria-label={t('inbox.queues')}
      data-region="queues"
      className="hidden w-60 shrink-0 flex-col border-e border-line bg-canvas p-2 queues:flex"
    >
      <h2 className="px-2 pt-2 pb-1.5 text-meta font-bold text-subtle">{t('inbox.conversations')}</h2>
      <ul className="flex flex-col gap-0.5">
        {queues.map((queue) => {
          const Icon = icons[queue];
          return (
            <li key={queue}>
              <Link
                to="/inbox/$queue"
                params={{ queue }}
                className="flex min-h-8 items-center gap-2 rounded-control px-2 py-1.5 text-label font-medium text-muted hover:bg-sunken hover:text-ink aria-[current]:bg-accent-soft aria-[current]:font-bold aria-[current]:text-accent"
              >
                <Icon size={16} strokeWidth={1.75} aria-hidden className="shrink-0" />
                <span className="min-w-0 flex-1">{t(queueNames[queue])}</span>
                {counts && <span className="font-mono text-meta">{number(language, counts[queue])}</span>}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
