// Whose, through which account, what kind, with a draft, in which order. What is chosen holds at once and stands in
// the address.
import '../../i18n/areas/lists.gen';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { teamQuery } from '../../api/queries/team';
import type { MessageKind } from '../../api/types';
import { useCommands } from '../../commands/dispatcher';
import { useT } from '../../i18n/t';
import { kinds, type List, type ListSearch, ownSort, type Sort, sortsOf } from '../../live/list';
import { useChannels, useMe } from '../../live/select';
import { CheckField } from '../../ui/check-field';
import { networkName } from '../../ui/icons/network-glyph';
import { SelectField } from '../../ui/select-field';
import { nameOfKind } from './use-filter-names';

interface FilterPanelProps {
  readonly list: List;
  readonly onSearch: (change: ListSearch) => void;
  readonly onClose: () => void;
}

export function FilterPanel({ list, onSearch, onClose }: FilterPanelProps) {
  const t = useT();
  const panel = useRef<HTMLDivElement>(null);
  const channels = useChannels();
  const { assignee = '', channel = '', kind = '', draft = false } = list.search;
  useCommands({ back: onClose }, true);
  // It was asked for to be used.
  useEffect(() => panel.current?.querySelector('select')?.focus(), []);
  return (
    <div
      ref={panel}
      role="group"
      aria-label={t('lists.filters')}
      className="grid shrink-0 grid-cols-2 gap-x-3 gap-y-2 border-b border-line bg-surface p-3"
    >
      <AssigneeField value={assignee} onChange={(value) => onSearch({ assignee: value || undefined })} />
      <SelectField
        label={t('lists.channel')}
        value={channel}
        options={[
          { value: '', label: t('lists.any_channel') },
          ...channels.map(({ id, display_name: name, network }) => ({
            value: id,
            label: `${name} (${networkName(network)})`,
          })),
        ]}
        onChange={(value) => onSearch({ channel: value || undefined })}
      />
      <SelectField<MessageKind | ''>
        label={t('lists.kind')}
        value={kind}
        options={[
          { value: '', label: t('lists.any_kind') },
          ...kinds.map((each) => ({ value: each, label: nameOfKind(t, each) })),
        ]}
        onChange={(value) => onSearch({ kind: value || undefined })}
      />
      <div className="self-end pb-1">
        <CheckField
          label={t('lists.with_draft')}
          isOn={draft}
          onTurn={() => onSearch({ draft: draft ? undefined : true })}
        />
      </div>
      <div className="col-span-2">
        <SelectField<Sort>
          label={t('lists.sort')}
          value={list.sort}
          options={sortsOf(list.queue).map((sort) => ({ value: sort, label: t(`lists.sort_${sort}`) }))}
          onChange={(sort) => onSearch({ sort: sort === ownSort(list.queue) ? undefined : sort })}
        />
      </div>
    </div>
  );
}

interface AssigneeFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function AssigneeField({ value, onChange }: AssigneeFieldProps) {
  const t = useT();
  const me = useMe()?.id;
  const { data: team = [] } = useQuery(teamQuery);
  const others = team.filter((member) => member.member_id !== me);
  // Somebody whom the address names and who is not on the list any more.
  const isSomebody = value !== '' && value !== 'me' && value !== 'none';
  const isUnknown = isSomebody && !others.some((member) => member.member_id === value);
  return (
    <SelectField
      label={t('lists.assignee')}
      value={value}
      options={[
        { value: '', label: t('lists.anyone') },
        { value: 'me', label: t('lists.mine') },
        { value: 'none', label: t('lists.nobodys') },
        ...others.map((member) => ({ value: member.member_id, label: member.name })),
        ...(isUnknown ? [{ value, label: t('lists.someone') }] : []),
      ]}
      onChange={onChange}
    />
  );
}
