// The addresses of the workspace. Queue and conversation are in the address, so that a view can be shared.
import { createRootRoute, createRoute, createRouter, Navigate, notFound } from '@tanstack/react-router';
import { NotFoundPage } from './app/error-page';
import { Root } from './app/root';
import { ConversationPane, NoConversation } from './features/conversation';
import { InboxPage } from './features/inbox';
import { isQueue } from './live/views';

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
  component: InboxPage,
});

const noConversation = createRoute({ getParentRoute: () => inbox, path: '/', component: NoConversation });

const conversation = createRoute({
  getParentRoute: () => inbox,
  path: '/c/$conversation',
  component: ConversationPane,
});

export const router = createRouter({
  routeTree: root.addChildren([home, signIn, inbox.addChildren([noConversation, conversation])]),
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
