// Who belongs to the organization, what they may do, and who is invited.
import '../../i18n/areas/admin.gen';
import { useQuery } from '@tanstack/react-query';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { invitationsQuery, membersQuery, withdrawInvitation } from '../../api/settings';
import type { Invitation, ManagedMember, Role } from '../../api/settings-types';
import { formatMoment } from '../../i18n/format';
import { useLanguage } from '../../i18n/language';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';
import { Failure } from '../../ui/failure';
import { Skeleton } from '../../ui/skeleton';
import { FormNote, useSaving } from '../settings';
import { InviteDialog } from './invite-dialog';
import { MemberDialog } from './member-dialog';

export function PeoplePage() {
  const t = useT();
  const { data, error, refetch } = useQuery(membersQuery);
  const [edited, setEdited] = useState<ManagedMember | null>(null);
  const [isInviting, setIsInviting] = useState(false);
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-64" />;
  return (
    <>
      <Button look="primary" onClick={() => setIsInviting(true)}>
        <UserPlus size={16} strokeWidth={1.75} aria-hidden />
        {t('admin.invite')}
      </Button>
      <ul aria-label={t('admin.people')} className="mt-4 border-t border-line">
        {data.map((member) => (
          <MemberLine key={member.member_id} member={member} onEdit={() => setEdited(member)} />
        ))}
      </ul>
      <Invitations />
      {edited && <MemberDialog member={edited} onClose={() => setEdited(null)} />}
      {isInviting && <InviteDialog onClose={() => setIsInviting(false)} />}
    </>
  );
}

function useRoleNames(): (roles: readonly Role[]) => string {
  const t = useT();
  return (roles) => roles.map((role) => t(`admin.role_${role}`)).join(', ');
}

function MemberLine({ member, onEdit }: { readonly member: ManagedMember; readonly onEdit: () => void }) {
  const t = useT();
  const roleNames = useRoleNames();
  return (
    <li className="flex flex-wrap items-center gap-4 border-b border-line py-3">
      <div className="min-w-48 flex-1">
        <p dir="auto" className="font-medium">
          {member.display_name}
        </p>
        <p className="text-label text-muted">
          <bdi>{member.login}</bdi> · {roleNames(member.roles)}
          {!member.active && ` · ${t('admin.deactivated')}`}
        </p>
      </div>
      <Button aria-label={t('admin.edit', { name: member.display_name })} onClick={onEdit}>
        {t('admin.edit_short')}
      </Button>
    </li>
  );
}

function Invitations() {
  const t = useT();
  const { data = [] } = useQuery(invitationsQuery);
  const withdrawing = useSaving(withdrawInvitation, invitationsQuery.queryKey);
  if (data.length === 0) return null;
  return (
    <section className="mt-8">
      <h2 className="mb-2 text-title font-bold">{t('admin.invitations')}</h2>
      <FormNote error={withdrawing.error} />
      <ul className="border-t border-line">
        {data.map((invitation) => (
          <InvitationLine
            key={invitation.invitation_id}
            invitation={invitation}
            onWithdraw={() => withdrawing.mutate(invitation.invitation_id)}
          />
        ))}
      </ul>
    </section>
  );
}

interface InvitationLineProps {
  readonly invitation: Invitation;
  readonly onWithdraw: () => void;
}

function InvitationLine({ invitation, onWithdraw }: InvitationLineProps) {
  const t = useT();
  const language = useLanguage();
  const roleNames = useRoleNames();
  const { expires_at: expires } = invitation;
  return (
    <li className="flex flex-wrap items-center gap-4 border-b border-line py-3">
      <div className="min-w-48 flex-1">
        <p dir="auto" className="font-medium">
          {invitation.display_name}
        </p>
        <p className="text-label text-muted">
          <bdi>{invitation.login}</bdi> · {roleNames(invitation.roles)}
          {expires && ` · ${t('admin.expires', { time: formatMoment(language, expires) })}`}
        </p>
      </div>
      <Button onClick={onWithdraw}>{t('admin.withdraw')}</Button>
    </li>
  );
}
