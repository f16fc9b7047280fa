// What somebody else changes while an administration page is open is read again at once.
import type { QueryKey } from '@tanstack/react-query';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import {
  attributesQuery,
  channelsQuery,
  invitationsQuery,
  linksQuery,
  managedAwayStatesQuery,
  membersQuery,
} from '../../api/settings';
import { useFeed } from '../../live/select';

const queries: Readonly<Record<string, readonly QueryKey[]>> = {
  away_states: [managedAwayStatesQuery.queryKey],
  channels: [channelsQuery.queryKey],
  contact_attributes: [attributesQuery.queryKey],
  link_shortening: [linksQuery.queryKey],
  members: [membersQuery.queryKey, invitationsQuery.queryKey],
};

export function useLiveSettings(): void {
  const { settingsChanged, welcomed } = useFeed();
  const client = useQueryClient();
  useEffect(() => {
    const read = (keys: readonly string[]): void => {
      for (const queryKey of keys.flatMap((key) => queries[key] ?? [])) {
        void client.invalidateQueries({ queryKey });
      }
    };
    const ends = [
      settingsChanged.on(read),
      // What no stream tells of was missed while the line was down.
      welcomed.on(() => read(['link_shortening'])),
    ];
    return () => {
      for (const end of ends) end();
    };
  }, [settingsChanged, welcomed, client]);
}
