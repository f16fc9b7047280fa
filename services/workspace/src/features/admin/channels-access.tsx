// Who may do what with a restricted account. Supervisors and administrators may everything on every account.
import '../../i18n/areas/admin.gen';
import { useQuery } from '@tanstack/react-query';
import { membersQuery } from '../../api/settings';
import type { Access, AccessEntry } from '../../api/settings-types';
import { useT } from '../../i18n/t';
import { Failure } from '../../ui/failure';
import { SelectField } from '../../ui/select-field';
import { Skeleton } from '../../ui/skeleton';

const choices: readonly (Access | 'none')[] = ['none', 'viewer', 'contributor', 'supervisor'];

interface ChannelsAccessProps {
  readonly entries: readonly AccessEntry[];
  readonly onChange: (entries: readonly AccessEntry[]) => void;
}

export function ChannelsAccess({ entries, onChange }: ChannelsAccessProps) {
  const t = useT();
  const { data: members, error, refetch } = useQuery(membersQuery);
  if (error && !members) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!members) return <Skeleton className="h-24" />;
  const agents = members.filter((member) => member.active && !member.roles.some((role) => role !== 'agent'));
  const choose = (member: string, access: Access | 'none'): void => {
    const others = entries.filter((entry) => entry.member_id !== member);
    onChange(access === 'none' ? others : [...others, { member_id: member, access }]);
  };
  return (
    <ul aria-label={t('admin.access')} className="flex flex-col gap-2">
      {agents.map((member) => (
        <li key={member.member_id} className="grid grid-cols-2 items-center gap-3">
          <span dir="auto" className="truncate">
            {member.display_name}
          </span>
          <SelectField
            isLabelHidden
            label={t('admin.access_of', { name: member.display_name })}
            value={entries.find((entry) => entry.member_id === member.member_id)?.access ?? 'none'}
            options={choices.map((each) => ({ value: each, label: t(`admin.access_${each}`) }))}
            onChange={(access) => choose(member.member_id, access)}
          />
        </li>
      ))}
    </ul>
  );
}
