// What is on the screen before any page: nobody signed in, nobody reachable, or the workspace.
import { useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { sessionQuery } from '../api/queries/session';
import { SignInPage, SessionExpired } from '../features/session';
import { rememberOrganizationLanguage } from '../i18n/language';
import { useT } from '../i18n/t';
import { Failure } from '../ui/failure';
import { LazyEntry } from './lazy-pages';
import { LiveWorkspace } from './live-workspace';
import { Shell } from './shell';

/** Pages that are opened by a link and need no session: a first run, an invitation, another password. */
const entries: ReadonlySet<string> = new Set(['/welcome', '/invitation', '/password-reset']);

export function Root() {
  const path = useLocation({ select: (location) => location.pathname });
  return entries.has(path) ? <LazyEntry path={path} /> : <Signed />;
}

function Signed() {
  const { data, error, refetch } = useQuery(sessionQuery);
  const session = data?.session;
  useEffect(() => {
    if (session) rememberOrganizationLanguage(session.organization.language);
  }, [session]);
  if (error && !data) {
    return (
      <WholeScreen>
        <Failure isPage error={error} onRetry={() => void refetch()} />
      </WholeScreen>
    );
  }
  if (data === undefined) return <Opening />;
  if (data === null || !session) return <SignInPage />;
  return (
    // Another member gets another live store: nothing of the one before may be seen.
    <LiveWorkspace key={session.me.id} member={session.me.id} isPaused={data.hasEnded}>
      <Shell session={session} />
      {data.hasEnded && <SessionExpired session={session} />}
    </LiveWorkspace>
  );
}

function WholeScreen({ children }: { readonly children: ReactNode }) {
  return <main className="grid h-dvh place-items-center overflow-y-auto bg-canvas">{children}</main>;
}

function Opening() {
  const t = useT();
  return (
    <WholeScreen>
      <p className="late text-muted" role="status">
        {t('state.starting')}
      </p>
    </WholeScreen>
  );
}
