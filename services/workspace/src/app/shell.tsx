// The frame of the workspace: top bar, rail, and the page between them.
import { Outlet, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useAnnouncement } from '../a11y/announcer';
import { focusRegionNamed, moveRegion, rememberFocus } from '../a11y/regions';
import type { Queue, Session } from '../api/types';
import { listen, useCommands } from '../commands/dispatcher';
import { useT } from '../i18n/t';
import { FirstChoice } from '../features/availability';

import { OfferBar, useRaisedToasts } from '../features/notifications';
import { useFeed, useFeedStatus, useStart } from '../live/select';
import { ErrorBoundary } from '../ui/error-boundary';
import { Failure } from '../ui/failure';
import { ToastShelf } from '../ui/toast-shelf';
import { actOnToast } from '../ui/toasts';
import { lazyPart } from '../ui/lazy-part';
import { Rail } from './rail';
import { TopBar } from './top-bar';
import { useAccepted } from './use-accepted';

const HelpSheet = lazyPart(() => import('../commands/help-sheet').then((part) => part.HelpSheet));

export function Shell({ session }: { readonly session: Session }) {
  const t = useT();
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  useShellCommands(() => setIsHelpOpen(true));
  useAccepted();
  useRaisedToasts();
  return (
    <div className="grid h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[auto_auto_minmax(0,1fr)] max-panes:grid-rows-[auto_auto_minmax(0,1fr)_auto]">
      <a
        href="#page"
        className="fixed start-2 top-1 z-50 -translate-y-16 rounded-control bg-accent px-3 py-2 font-bold text-on-accent focus:translate-y-0"
        onClick={(event) => {
          event.preventDefault();
          focusRegionNamed('list');
        }}
      >
        {t('shell.skip')}
      </a>
      <TopBar session={session} onHelp={() => setIsHelpOpen(true)} />
      <div>
        <OfferBar />
      </div>
      <div className="grid min-h-0 grid-cols-[auto_minmax(0,1fr)] max-panes:contents">
        <Rail hasAdministration={session.me.roles.some((role) => role !== 'agent')} />
        <div id="page" className="min-h-0 min-w-0 max-panes:row-start-3">
          <ErrorBoundary>
            <Page />
          </ErrorBoundary>
        </div>
      </div>
      <Announcements />
      <ToastShelf />
      <FirstChoice />
      {isHelpOpen && <HelpSheet onClose={() => setIsHelpOpen(false)} />}
    </div>
  );
}

function Page() {
  const feed = useFeed();
  const start = useStart();
  const { startError } = useFeedStatus();
  if (!start && startError) {
    return (
      <main className="grid h-full place-items-center bg-surface">
        <Failure isPage error={startError} onRetry={() => void feed.start()} />
      </main>
    );
  }
  return <Outlet />;
}

function useShellCommands(openHelp: () => void): void {
  const navigate = useNavigate();
  const go = (queue: Queue) => () => {
    void navigate({ to: '/inbox/$queue', params: { queue } }).then(() => focusRegionNamed('list'));
  };
  useEffect(listen, []);
  useEffect(rememberFocus, []);
  useCommands({
    'go.new': go('new'),
    'go.pending': go('pending'),
    'go.all': go('all'),
    'go.resolved': go('resolved'),
    'go.preferences': () => void navigate({ to: '/me/$page', params: { page: 'general' } }),
    search: () => void navigate({ to: '/search', search: { q: '' } }),
    'region.next': () => moveRegion(1),
    'region.previous': () => moveRegion(-1),
    undo: () => actOnToast(),
    help: openHelp,
  });
}

function Announcements() {
  return (
    <p role="status" aria-live="polite" className="sr-only">
      {useAnnouncement()}
    </p>
  );
}
