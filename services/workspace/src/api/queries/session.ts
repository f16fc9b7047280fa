// Who is signed in. An ended session is kept beside the fact that it ended: the screen stays as it was while
// signing in is asked for above it.
import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { getSession } from '../gateway';
import { ApiProblem, onSessionEnded, setCsrfToken } from '../http';
import type { Session } from '../types';

export interface KnownSession {
  readonly session: Session;
  readonly hasEnded: boolean;
}

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<KnownSession | null> => {
    try {
      return adopt(await getSession(signal));
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
});

function adopt(session: Session): KnownSession {
  setCsrfToken(session.csrf);
  return { session, hasEnded: false };
}

export function rememberSession(client: QueryClient, session: Session): void {
  client.setQueryData(sessionQuery.queryKey, adopt(session));
}

export function forgetSession(client: QueryClient): void {
  client.setQueryData(sessionQuery.queryKey, null);
}

/** From now on a refused call marks the session as ended. */
export function watchSession(client: QueryClient): void {
  onSessionEnded(() => {
    client.setQueryData(sessionQuery.queryKey, (known) => (known ? { ...known, hasEnded: true } : known));
  });
}
