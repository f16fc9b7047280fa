// The product's places: only those that exist. Under 900 px it becomes a bar at the bottom.
import { Link, useLocation } from '@tanstack/react-router';
import { FlaskConical, Inbox, Search, Settings } from 'lucide-react';
import type { ReactNode } from 'react';
import { useT } from '../i18n/t';
import { useChannels } from '../live/select';
import { Tooltip } from '../ui/tooltip';

const place =
  'flex size-10 items-center justify-center gap-2 rounded-[calc(8rem/14)] text-muted hover:text-ink aria-[current]:bg-accent-soft aria-[current]:text-accent max-panes:h-12 max-panes:w-auto max-panes:min-w-0 max-panes:flex-1 max-panes:flex-col max-panes:gap-0.5 max-panes:px-1';

export function Rail({ hasAdministration }: { readonly hasAdministration: boolean }) {
  const t = useT();
  const path = useLocation({ select: (location) => location.pathname });
  const currentIf = (start: string) => (path.startsWith(start) ? 'page' : undefined);
  const hasSimulated = useChannels().some((channel) => channel.simulated);
  return (
    <nav
      aria-label={t('shell.navigation')}
      data-region="rail"
      className="flex w-14 flex-col items-center gap-1 border-e border-line bg-surface py-2 max-panes:row-start-4 max-panes:w-auto max-panes:flex-row max-panes:justify-center max-panes:border-e-0 max-panes:border-t max-panes:py-1"
    >
      <Tooltip text={t('shell.inbox')}>
        <Link
          to="/inbox/$queue"
          params={{ queue: 'new' }}
          aria-current={currentIf('/inbox/')}
          className={place}
        >
          <Place
            icon={<Inbox size={18} strokeWidth={1.75} aria-hidden />}
            label={t('shell.inbox')}
            short={t('shell.inbox_short')}
          />
        </Link>
      </Tooltip>
      <Tooltip text={t('shell.search')}>
        <Link to="/search" search={{ q: '' }} aria-current={currentIf('/search')} className={place}>
          <Place icon={<Search size={18} strokeWidth={1.75} aria-hidden />} label={t('shell.search')} />
        </Link>
      </Tooltip>
      {hasAdministration && (
        <Tooltip text={t('shell.administration')}>
          <Link
            to="/admin/$page"
            params={{ page: 'contact-attributes' }}
            aria-current={currentIf('/admin/')}
            className={place}
          >
            <Place
              icon={<Settings size={18} strokeWidth={1.75} aria-hidden />}
              label={t('shell.administration')}
              short={t('shell.administration_short')}
            />
          </Link>
        </Tooltip>
      )}
      {hasSimulated && (
        <Tooltip text={t('shell.playground_hint')}>
          <a href="/playground" target="_blank" rel="noreferrer" className={place}>
            <Place
              icon={<FlaskConical size={18} strokeWidth={1.75} aria-hidden />}
              label={t('shell.playground')}
            />
          </a>
        </Tooltip>
      )}
    </nav>
  );
}

interface PlaceProps {
  readonly icon: ReactNode;
  readonly label: string;
  /** In the bar at the bottom, where there is no room for the whole. */
  readonly short?: string;
}

function Place({ icon, label, short = label }: PlaceProps) {
  return (
    <>
      {icon}
      <span className="sr-only max-panes:hidden">{label}</span>
      <span className="max-w-full truncate text-meta font-medium panes:hidden">{short}</span>
    </>
  );
}
