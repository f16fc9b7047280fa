// A part of the screen whose code comes when it is first shown. What cannot be fetched says so in its own place and
// can be tried again; a promise that failed once would fail for ever in the kit's own way of doing this.
import { type ComponentType, type ReactNode, useEffect, useState } from 'react';
import { Unreachable } from '../api/http';
import { Failure } from './failure';

export interface LazyPart<Props extends object> {
  (props: Props): ReactNode;
  /** Fetches the code ahead of its use. */
  readonly fetchAhead: () => void;
}

/** `waiting` stands in its place meanwhile; left out where nothing may stand there. */
export function lazyPart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  waiting: ReactNode = null,
): LazyPart<Props> {
  let loaded: ComponentType<Props> | null = null;
  let loading: Promise<void> | null = null;
  const fetchPart = (): Promise<void> => {
    loading ??= load().then(
      (part) => {
        loaded = part;
      },
      (cause: unknown) => {
        loading = null;
        throw new Unreachable(cause);
      },
    );
    return loading;
  };
  function Part(props: Props): ReactNode {
    const [error, setError] = useState<Error | null>(null);
    const [, setIsHere] = useState(loaded !== null);
    useEffect(() => {
      if (loaded || error) return;
      let isWanted = true;
      fetchPart().then(
        () => isWanted && setIsHere(true),
        (cause: Error) => isWanted && setError(cause),
      );
      return () => {
        isWanted = false;
      };
    }, [error]);
    const Loaded = loaded;
    if (Loaded) return <Loaded {...props} />;
    return error ? <Failure error={error} onRetry={() => setError(null)} /> : waiting;
  }
  return Object.assign(Part, { fetchAhead: () => void fetchPart().catch(() => undefined) });
}
