// The owner of the open conversation, and what this member may do about it.
import '../../i18n/areas/assignment.gen';
import { useQuery } from '@tanstack/react-query';
import { CircleHelp, Hand, UserMinus, UserRound } from 'lucide-react';
import { useState } from 'react';
import type { Conversation, TeamMember } from '../../api/types';
import { useCommands } from '../../commands/dispatcher';
import { useT } from '../../i18n/t';
import { useIsLead, useMe } from '../../live/select';
import { Menu, MenuItem, MenuLabel, MenuLine } from '../../ui/menu';
import { nameOfState, useAwayStates } from '../availability';
import { lazyPart } from '../../ui/lazy-part';
import { questionOf } from './question';
import { teamQuery, useAssign } from './use-assignment';

const Explanations = lazyPart(() => import('./explanations').then((part) => part.Explanations));

export function OwnerMenu({ row }: { readonly row: Conversation }) {
  const [isOpen, setIsOpen] = useState(false);
  const [isWhyOpen, setIsWhyOpen] = useState(false);
  useCommands({ assign: () => setIsOpen(true), why: () => setIsWhyOpen(true) });
  return (
    <>
      <Menu trigger={<Trigger row={row} />} isOpen={isOpen} onOpenChange={setIsOpen}>
        <Content row={row} onWhy={() => setIsWhyOpen(true)} />
      </Menu>
      {isWhyOpen && <Explanations row={row} onClose={() => setIsWhyOpen(false)} />}
    </>
  );
}

/** The kit hands its own properties to the trigger, so they are passed on whole. */
function Trigger({ row, ...rest }: { readonly row: Conversation }) {
  const t = useT();
  const me = useMe()?.id;
  const { owner } = row;
  const name = owner?.member_id === me ? t('assignment.you') : (owner?.name ?? t('assignment.nobody'));
  return (
    <button
      type="button"
      data-owner={owner?.member_id ?? ''}
      className="flex h-8 max-w-48 shrink-0 items-center gap-2 rounded-control border border-line-strong bg-surface px-3 font-bold hover:bg-canvas max-panes:h-11 max-panes:max-w-28 max-panes:px-2"
      {...rest}
    >
      <UserRound size={16} strokeWidth={1.75} aria-hidden className="shrink-0 max-panes:hidden" />
      <span className="sr-only">{t('assignment.owner')}</span>
      <bdi className="truncate">{name}</bdi>
    </button>
  );
}

interface ContentProps {
  readonly row: Conversation;
  readonly onWhy: () => void;
}

function Content({ row, onWhy }: ContentProps) {
  const t = useT();
  const me = useMe()?.id ?? '';
  const isLead = useIsLead();
  const assign = useAssign(row.id);
  const isMine = row.owner?.member_id === me;
  const mayTake = row.state !== 'resolved' && !isMine && (row.owner === null || isLead);
  const mayRelease = row.owner !== null && (isMine || isLead);
  return (
    <>
      {mayTake && (
        <MenuItem
          icon={<Hand size={16} strokeWidth={1.75} aria-hidden />}
          onSelect={() => assign.mutate(row.owner ? { to: 'member', member: me } : { to: 'me' })}
        >
          {t('assignment.take')}
        </MenuItem>
      )}
      {mayRelease && (
        <MenuItem
          icon={<UserMinus size={16} strokeWidth={1.75} aria-hidden />}
          hint={t('assignment.unassign_hint')}
          onSelect={() => assign.mutate({ to: 'nobody' })}
        >
          {t('assignment.unassign')}
        </MenuItem>
      )}
      <MenuItem icon={<CircleHelp size={16} strokeWidth={1.75} aria-hidden />} onSelect={onWhy}>
        {questionOf(t, row, me)}
      </MenuItem>
      {isLead && row.state !== 'resolved' && (
        <>
          <MenuLine />
          <Team row={row} onAssign={(member) => assign.mutate({ to: 'member', member })} />
        </>
      )}
    </>
  );
}

interface TeamProps {
  readonly row: Conversation;
  readonly onAssign: (member: string) => void;
}

function Team({ row, onAssign }: TeamProps) {
  const t = useT();
  const me = useMe()?.id;
  const { data, isError } = useQuery(teamQuery);
  const states = useAwayStates();
  const hintOf = (member: TeamMember): string =>
    t('assignment.member_hint', {
      state: nameOfState(t, member, states),
      load: member.load,
      capacity: member.capacity,
    });
  return (
    <>
      <MenuLabel>{t('assignment.assign_to')}</MenuLabel>
      {isError && <p className="px-2 pb-2 text-label text-muted">{t('assignment.no_team')}</p>}
      {data
        // Oneself is "Take it".
        ?.filter((member) => member.member_id !== row.owner?.member_id && member.member_id !== me)
        .map((member) => (
          <MenuItem
            key={member.member_id}
            icon={
              <span
                aria-hidden
                className={
                  member.availability === 'available' && member.presence !== 'absent'
                    ? 'size-2 rounded-full bg-ok'
                    : 'size-2 rounded-full border-2 border-warn'
                }
              />
            }
            hint={hintOf(member)}
            onSelect={() => onAssign(member.member_id)}
          >
            <bdi>{member.name}</bdi>
          </MenuItem>
        ))}
    </>
  );
}
