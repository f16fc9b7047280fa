// To whom the selected conversations go: oneself or nobody; for supervisors anybody.
import '../../i18n/areas/lists.gen';
import { useQuery } from '@tanstack/react-query';
import { UserMinus, UserRound } from 'lucide-react';
import type { BulkAction } from '../../api/lists';
import { teamQuery } from '../../api/queries/team';
import { useT } from '../../i18n/t';
import { useIsLead, useMe } from '../../live/select';
import { Menu, MenuItem, MenuLabel, MenuLine } from '../../ui/menu';

interface BulkOwnerProps {
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
  readonly onAssign: (action: BulkAction) => () => void;
}

export function BulkOwner({ isOpen, onOpen, onAssign }: BulkOwnerProps) {
  const t = useT();
  return (
    <Menu align="start" isOpen={isOpen} onOpenChange={onOpen} trigger={<Trigger label={t('lists.assign')} />}>
      <Choices onAssign={onAssign} />
    </Menu>
  );
}

/** The kit hands its own properties to the trigger, so they are passed on whole. */
function Trigger({ label, ...rest }: { readonly label: string }) {
  return (
    <button
      type="button"
      className="inline-flex h-8 items-center gap-2 rounded-control border border-line-strong bg-surface px-3 font-bold hover:bg-canvas max-panes:h-11"
      {...rest}
    >
      <UserRound size={16} strokeWidth={1.75} aria-hidden />
      {label}
    </button>
  );
}

function Choices({ onAssign }: Pick<BulkOwnerProps, 'onAssign'>) {
  const t = useT();
  const me = useMe()?.id ?? null;
  const isLead = useIsLead();
  const { data: team = [], isError } = useQuery({ ...teamQuery, enabled: isLead });
  return (
    <>
      <MenuItem
        icon={<UserRound size={16} strokeWidth={1.75} aria-hidden />}
        onSelect={onAssign({ assign_to: me })}
      >
        {t('lists.to_me')}
      </MenuItem>
      <MenuItem
        icon={<UserMinus size={16} strokeWidth={1.75} aria-hidden />}
        onSelect={onAssign({ assign_to: null })}
      >
        {t('lists.to_nobody')}
      </MenuItem>
      {isLead && (
        <>
          <MenuLine />
          <MenuLabel>{t('lists.to')}</MenuLabel>
          {isError && <p className="px-2 pb-2 text-label text-muted">{t('lists.no_team')}</p>}
          {team
            .filter((member) => member.member_id !== me)
            .map((member) => (
              <MenuItem key={member.member_id} onSelect={onAssign({ assign_to: member.member_id })}>
                <bdi>{member.name}</bdi>
              </MenuItem>
            ))}
        </>
      )}
    </>
  );
}
