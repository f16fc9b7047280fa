// Desktop notifications of this browser: on or off, and what stands in the way.
import '../../i18n/areas/settings.gen';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { sessionQuery } from '../../api/queries/session';
import { testNotification } from '../../api/settings';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';
import { Failure } from '../../ui/failure';
import { Skeleton } from '../../ui/skeleton';
import { Toggle } from '../../ui/toggle';
import { type PushState, readPush, turnPushOff, turnPushOn } from '../personal';
import { FormNote } from '../settings';

export function DesktopNotifications() {
  const { data: known } = useQuery(sessionQuery);
  const member = known?.session.me.id;
  return member === undefined ? null : <OfMember member={member} />;
}

function OfMember({ member }: { readonly member: string }) {
  const t = useT();
  const client = useQueryClient();
  const queryKey = ['push', member];
  const {
    data: state,
    error,
    refetch,
  } = useQuery({
    queryKey,
    queryFn: () => readPush(member),
    // Permission is given and taken in the browser's own settings, in another window.
    refetchOnWindowFocus: true,
    staleTime: 0,
  });
  const turning = useMutation({
    // Without a line it says so, and does not wait for one.
    networkMode: 'always',
    mutationFn: async (isOn: boolean): Promise<PushState> => {
      if (isOn) return turnPushOn(member);
      await turnPushOff();
      return readPush(member);
    },
    onSuccess: (next) => client.setQueryData(queryKey, next),
  });
  if (error && !state) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!state) return <Skeleton className="h-24" />;
  const canBeTurned = state === 'on' || state === 'off';
  return (
    <section
      aria-labelledby="desktop-title"
      className="flex flex-col items-start gap-3 border-t border-line pt-6"
    >
      <h2 id="desktop-title" className="text-title font-bold">
        {t('settings.desktop')}
      </h2>
      <p className="text-muted" data-push={state}>
        {t(`settings.desktop_${state}`)}
      </p>
      <div className="flex flex-wrap items-center gap-4">
        {canBeTurned && (
          <Toggle
            label={t('settings.desktop_switch')}
            isOn={state === 'on'}
            onTurn={() => !turning.isPending && turning.mutate(state !== 'on')}
          />
        )}
        {state === 'on' && <Test />}
        {turning.error && (
          <p role="alert" className="text-danger">
            {t(turning.variables ? 'settings.desktop_failed' : 'settings.desktop_still_on')}
          </p>
        )}
      </div>
    </section>
  );
}

/** Shows the whole way: server, push service, worker, screen. */
function Test() {
  const t = useT();
  const test = useMutation({ mutationFn: () => testNotification('desktop') });
  return (
    <>
      <Button aria-disabled={test.isPending} onClick={() => test.mutate()}>
        {t('settings.desktop_test')}
      </Button>
      {test.isSuccess ? (
        <p role="status" className="text-muted">
          {t('settings.desktop_tested')}
        </p>
      ) : (
        <FormNote error={test.error} />
      )}
    </>
  );
}
