// Renders a part of the screen with all that surrounds it: router, queries, a live feed that nothing feeds.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router';
import { act, render, type RenderResult } from '@testing-library/react';
import axe from 'axe-core';
import type { ReactNode } from 'react';
import type { Bootstrap } from '../api/types';
import { Drafts } from '../drafts/drafts';
import { DraftsContext } from '../drafts/use-draft';
import { LiveFeed } from '../live/feed';
import { LiveContext } from '../live/select';
import { LiveStore } from '../live/store';
import { FakeSurroundings } from './fake-surroundings';
import { sampleBootstrap } from './samples';

export function idleFeed(bootstrap: Partial<Bootstrap> = {}): LiveFeed {
  const feed = new LiveFeed(new LiveStore(), new FakeSurroundings(), (run) => run());
  feed.store.begin({ ...sampleBootstrap, ...bootstrap });
  return feed;
}

export async function renderScreen(
  part: ReactNode,
  feed: LiveFeed = idleFeed(),
  drafts: Drafts = new Drafts('mem_1', localStorage),
): Promise<RenderResult> {
  const root = createRootRoute({ component: () => part });
  const anywhere = createRoute({ getParentRoute: () => root, path: '$' });
  const router = createRouter({
    routeTree: root.addChildren([anywhere]),
    history: createMemoryHistory({ initialEntries: ['/inbox/new'] }),
  });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const result = render(
    <QueryClientProvider client={client}>
      <LiveContext value={feed}>
        <DraftsContext value={drafts}>
          <RouterProvider router={router as never} />
        </DraftsContext>
      </LiveContext>
    </QueryClientProvider>,
  );
  await act(() => router.load());
  return result;
}

/** The accessibility rules that can be judged without a layout; the browser tests judge the others. */
export async function brokenRules(container: Element): Promise<string[]> {
  const { violations } = await axe.run(container, {
    rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
  });
  return violations.map((each) => `${each.id}: ${each.nodes[0]?.html ?? ''}`);
}
