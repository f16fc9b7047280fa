// Choosing between Available and Away, with the question what becomes of the conversations that one has.
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import {
  type AvailabilityChange,
  getAwayStates,
  putAvailability,
  putDefaultAvailability,
} from '../../api/gateway';
import type { AvailabilityChoice, AwayState, OwnAvailability } from '../../api/types';
import { type Translate, useT } from '../../i18n/t';
import { useFeed, useStart } from '../../live/select';
import { showToast } from '../../ui/toasts';

export const awayStatesQuery = queryOptions({
  queryKey: ['away-states'],
  queryFn: getAwayStates,
  staleTime: 5 * 60_000,
});

const noStates: readonly AwayState[] = [];

export function useAwayStates(): readonly AwayState[] {
  const client = useQueryClient();
  const start = useStart();
  // The feed reads the beginning anew when it is told that settings changed.
  useEffect(() => {
    if (start) void client.invalidateQueries(awayStatesQuery);
  }, [client, start]);
  const states = useQuery(awayStatesQuery).data ?? noStates;
  return states.toSorted((a, b) => a.position - b.position);
}

/** Available, Away, or the name of the away state. */
export function nameOfState(
  t: Translate,
  { availability, away_state_id: id }: Pick<OwnAvailability, 'availability' | 'away_state_id'>,
  states: readonly AwayState[],
): string {
  if (availability === 'available') return t('availability.available');
  return states.find((state) => state.id === id)?.name ?? t('availability.away');
}

export function useChangeAvailability() {
  const t = useT();
  const { desk } = useFeed();
  return useMutation({
    mutationFn: (change: AvailabilityChange) => putAvailability(change),
    onSuccess: ({ handed_back: handedBack, ...availability }) => {
      desk.setAvailability(availability);
      if (handedBack > 0) {
        showToast({
          id: 'handed-back',
          title: t('availability.handed_back', { count: handedBack }),
          lasts: 6_000,
        });
      }
    },
    onError: () =>
      showToast({ id: 'availability', title: t('availability.not_changed'), tone: 'danger', lasts: 8_000 }),
  });
}

export function useChangeDefault() {
  const t = useT();
  const { desk } = useFeed();
  return useMutation({
    mutationFn: (choice: AvailabilityChoice) => putDefaultAvailability(choice),
    onSuccess: (availability) => desk.setAvailability(availability),
    onError: () =>
      showToast({ id: 'availability', title: t('availability.not_changed'), tone: 'danger', lasts: 8_000 }),
  });
}
