// New and Pending with their counts at the top of the list (S8); All and Resolved join them where the column
// at the left does not fit.
import { Link } from '@tanstack/react-router';
import type { Queue } from '../../api/types';
import { number } from '../../i18n/icu';
import { useLanguage } from '../../i18n/language';
import { useT } from '../../i18n/t';
import { useCounts } from '../../live/select';
import { queues } from '../../live/list';
import { cx } from '../../ui/cx';

const isAlwaysThere: Record<Queue, boolean> = { new: true, pending: true, all: false, resolved: false };

export function QueueTabs() {
  const t = useT();
  return (
    <nav
      aria-label={t('inbox.top_queues')}
      className="scroll-quiet flex h-[calc(43rem/14)] shrink-0 pt-1.5 max-panes:pt-0 overflow-x-auto border-b border-line bg-surface ps-2 max-panes:h-12"
    >
      {queues.map((queue) => (
        <QueueTab key={queue} queue={queue} />
      ))}
    </nav>
  );
}

function QueueTab({ queue }: { readonly queue: Queue }) {
  const t = useT();
  const language = useLanguage();
  const counts = useCounts();
  return (
    <Link
      to="/inbox/$queue"
      params={{ queue }}
      className={cx(
        'hairline-focus flex shrink-0 items-center gap-1 border-b-2 border-transparent px-2 text-label font-bold text-muted hover:text-ink aria-[current]:border-accent aria-[current]:text-ink max-panes:px-3',
        !isAlwaysThere[queue] && 'queues:hidden',
      )}
    >
      {t(queue === 'all' ? 'inbox.all_short' : `inbox.${queue}`)}
      {counts && <span className="font-mono text-meta font-bold">{number(language, counts[queue])}</span>}
    </Link>
  );
}
