// The filters that are on, in words, each with what takes it away.
import '../../i18n/areas/lists.gen';
import { useQuery } from '@tanstack/react-query';
import { teamQuery } from '../../api/queries/team';
import type { MessageKind } from '../../api/types';
import { type Translate, useT } from '../../i18n/t';
import type { ListSearch } from '../../live/list';
import { useChannels, useMe } from '../../live/select';

export interface FilterName {
  readonly id: 'assignee' | 'channel' | 'kind' | 'draft';
  readonly text: string;
}

export const noFilters: ListSearch = {
  assignee: undefined,
  channel: undefined,
  kind: undefined,
  draft: undefined,
};

export function nameOfKind(t: Translate, kind: MessageKind): string {
  return t(`inbox.row_${kind}`, { network: 'other' });
}

export function useFilterNames({ assignee, channel, kind, draft }: ListSearch): readonly FilterName[] {
  const t = useT();
  const channels = useChannels();
  const me = useMe()?.id;
  const isOther = assignee !== undefined && assignee !== 'me' && assignee !== 'none';
  const team = useQuery({ ...teamQuery, enabled: isOther }).data;
  const names: FilterName[] = [];
  if (assignee === 'me' || assignee === me) names.push({ id: 'assignee', text: t('lists.mine') });
  else if (assignee === 'none') names.push({ id: 'assignee', text: t('lists.nobodys') });
  else if (isOther) {
    const name = team?.find((member) => member.member_id === assignee)?.name ?? t('lists.someone');
    names.push({ id: 'assignee', text: t('inbox.owner', { name }) });
  }
  if (channel) {
    const known = channels.find((each) => each.id === channel)?.display_name;
    names.push({ id: 'channel', text: known ?? t('lists.unknown_channel') });
  }
  if (kind) names.push({ id: 'kind', text: nameOfKind(t, kind) });
  if (draft) names.push({ id: 'draft', text: t('lists.with_draft') });
  return names;
}
