// The addresses of the workspace. Queue and conversation are in the address, so that a view can be shared.
import { createRootRoute, createRoute, createRouter, Navigate, notFound } from '@tanstack/react-router';
import { NotFoundPage } from './app/error-page';
import { LazyAdministration, LazyPreferences, LazySearch } from './app/lazy-pages';
import { Root } from './app/root';
import { InboxPage, LazyConversation, NoConversation } from './features/inbox';
import { isQueue, readSearch } from './live/list';

const root = createRootRoute({ component: Root, notFoundComponent: NotFoundPage });

const toInbox = () => <Navigate to="/inbox/$queue" params={{ queue: 'new' }} replace />;

const home = createRoute({ getParentRoute: () => root, path: '/', component: toInbox });

/** Whoever is not signed in sees the sign-in page at any address; this one leads on afterwards. */
const signIn = createRoute({ getParentRoute: () => root, path: '/signin', component: toInbox });

const inbox = createRoute({
  getParentRoute: () => root,
  path: '/inbox/$queue',
  beforeLoad: ({ params }) => {
    if (!isQueue(params.queue)) throw notFound();
  },
  validateSearch: readSearch,
  // Whoever goes on to another queue or conversation keeps the filters, unless the link names its own.
  search: { middlewares: [({ search, next }) => ({ ...readSearch({ ...search }), ...next(search) })] },
  component: InboxPage,
});

const noConversation = createRoute({ getParentRoute: () => inbox, path: '/', component: NoConversation });

const conversation = createRoute({
  getParentRoute: () => inbox,
  path: '/c/$conversation',
  component: LazyConversation,
});

/** Shown by the root itself, whoever is signed in. */
const entries = (['/welcome', '/invitation', '/password-reset'] as const).map((path) =>
  createRoute({ getParentRoute: () => root, path, component: () => null }),
);

const preferences = createRoute({
  getParentRoute: () => root,
  path: '/me/$page',
  component: LazyPreferences,
});

const administration = createRoute({
  getParentRoute: () => root,
  path: '/admin/$page',
  component: LazyAdministration,
});

const search = createRoute({
  getParentRoute: () => root,
  path: '/search',
  validateSearch: ({ q }: Record<string, unknown>) => ({ q: typeof q === 'string' ? q : '' }),
  component: LazySearch,
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    signIn,
    ...entries,
    inbox.addChildren([noConversation, conversation]),
    preferences,
    administration,
    search,
  ]),
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
