// Named reasons for being away: what the availability menu offers, in which order. What is changed here is seen by
// everybody at once; one that is switched off keeps its name and its past.
import '../../i18n/areas/settings.gen';
import '../../i18n/areas/admin.gen';
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { changeAwayState, managedAwayStatesQuery, orderAwayStates } from '../../api/settings';
import type { ManagedAwayState, ManagedAwayStates } from '../../api/settings-types';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';
import { Failure } from '../../ui/failure';
import { Skeleton } from '../../ui/skeleton';
import { showToast } from '../../ui/toasts';
import { FormNote, useSaving } from '../settings';
import { AwayStateDialog } from './away-state-dialog';
import { OrderedRow } from './ordered-row';
import { useOrder } from './use-order';

const idOf = (state: ManagedAwayState): string => state.id;

export function AwayStatesPage() {
  const t = useT();
  const { data, error, refetch } = useQuery(managedAwayStatesQuery);
  const [edited, setEdited] = useState<ManagedAwayState | 'new' | null>(null);
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-64" />;
  return (
    <div className="flex flex-col gap-4">
      <p className="text-muted">{t('admin.away_states_hint')}</p>
      {data.away_states.length === 0 ? (
        <p className="text-muted">{t('admin.away_states_none')}</p>
      ) : (
        // Another order from the server begins anew; what is switched on or off does not.
        <List key={data.away_states.map(idOf).join(' ')} states={data} onEdit={setEdited} />
      )}
      <Button className="self-start" onClick={() => setEdited('new')}>
        <Plus size={16} strokeWidth={1.75} aria-hidden />
        {t('admin.away_state_add')}
      </Button>
      {edited && <AwayStateDialog state={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
    </div>
  );
}

interface ListProps {
  readonly states: ManagedAwayStates;
  readonly onEdit: (state: ManagedAwayState) => void;
}

function List({ states, onEdit }: ListProps) {
  const t = useT();
  const { order, isMoved, rowAt, restore } = useOrder(states.away_states, idOf);
  const turning = useSaving(
    ({ id, enabled, rev }: ManagedAwayState) => changeAwayState(id, { enabled: !enabled, rev }),
    managedAwayStatesQuery.queryKey,
  );
  const ordering = useSaving(
    (ids: readonly string[]) => orderAwayStates(ids, states.rev),
    managedAwayStatesQuery.queryKey,
    () => showToast({ id: 'order', title: t('settings.saved'), lasts: 4_000 }),
  );
  const current = new Map(states.away_states.map((each) => [each.id, each]));
  return (
    <>
      <ul className="border-t border-line" aria-label={t('admin.away_states')}>
        {order.map((kept, place) => {
          const state = current.get(kept.id) ?? kept;
          return (
            <OrderedRow
              key={state.id}
              {...rowAt(place)}
              name={state.name}
              hint={t(state.enabled ? 'admin.away_state_on' : 'admin.away_state_off')}
              switchLabel={t('admin.away_state_offered', { name: state.name })}
              isOn={state.enabled}
              onTurn={() => turning.mutate(state)}
              onEdit={() => onEdit(state)}
            />
          );
        })}
      </ul>
      <div className="flex min-h-8 flex-wrap items-center gap-3">
        {isMoved && (
          <>
            <Button
              look="primary"
              aria-disabled={ordering.isPending}
              onClick={() => ordering.mutate(order.map(idOf))}
            >
              {t('admin.order_save')}
            </Button>
            <Button onClick={restore}>{t('settings.cancel')}</Button>
          </>
        )}
        <FormNote error={ordering.error ?? turning.error} />
      </div>
    </>
  );
}
