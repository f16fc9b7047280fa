import { Link } from '@tanstack/react-router';
import type { Session } from '../api/types';
import { AvailabilityMenu } from '../features/availability';
import { Bell } from '../features/notifications';
import { useT } from '../i18n/t';
import { ConnectionStatus } from './connection-status';
import { UserMenu } from './user-menu';

interface TopBarProps {
  readonly session: Session;
  readonly onHelp: () => void;
}

export function TopBar({ session, onHelp }: TopBarProps) {
  const t = useT();
  return (
    <header
      data-region="top"
      className="flex h-11 items-center justify-between gap-3 border-b border-line bg-surface px-3"
    >
      <Link to="/inbox/$queue" params={{ queue: 'new' }} className="rounded-control font-bold text-ink">
        {t('shell.product')}
      </Link>
      <div className="flex min-w-0 items-center gap-3">
        <ConnectionStatus />
        <Bell />
        <AvailabilityMenu />
        <UserMenu session={session} onHelp={onHelp} />
      </div>
    </header>
  );
}
