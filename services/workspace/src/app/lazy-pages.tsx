// Pages whose code comes when they are first opened: an agent needs none of it to answer.
import { lazyPart } from '../ui/lazy-part';

export const LazyPreferences = lazyPart(() =>
  import('../features/preferences').then((feature) => feature.Preferences),
);

export const LazyAdministration = lazyPart(() =>
  import('../features/admin').then((feature) => feature.Administration),
);

export const LazyEntry = lazyPart(() => import('../features/entry').then((feature) => feature.Entry));

export const LazySearch = lazyPart(() => import('../features/search').then((feature) => feature.SearchPage));
