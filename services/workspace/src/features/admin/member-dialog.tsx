import '../../i18n/areas/settings.gen';
import '../../i18n/areas/admin.gen';
import { type FormEvent, useState } from 'react';
import { changeMember, membersQuery, resetPasswordOf } from '../../api/settings';
import type { ManagedMember, OnceLink } from '../../api/settings-types';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';
import { CheckField } from '../../ui/check-field';
import { Dialog } from '../../ui/dialog';
import { Field } from '../../ui/field';
import { FormNote, useSaving } from '../settings';
import { OnceLinkNote } from './once-link';
import { RoleBoxes } from './role-boxes';

interface MemberDialogProps {
  readonly member: ManagedMember;
  readonly onClose: () => void;
}

export function MemberDialog({ member, onClose }: MemberDialogProps) {
  const t = useT();
  const [name, setName] = useState(member.display_name);
  const [roles, setRoles] = useState(member.roles);
  const [isActive, setIsActive] = useState(member.active);
  const [link, setLink] = useState<OnceLink | null>(null);
  const saving = useSaving(
    () =>
      changeMember(member.member_id, {
        display_name: name.trim(),
        roles,
        active: isActive,
        rev: member.rev,
      }),
    membersQuery.queryKey,
    onClose,
  );
  const resetting = useSaving(() => resetPasswordOf(member.member_id), membersQuery.queryKey, setLink);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    saving.mutate(undefined);
  };
  return (
    <Dialog
      title={member.display_name}
      description={member.login}
      onClose={onClose}
      closeLabel={t('shell.close')}
    >
      {link ? (
        <OnceLinkNote link={link} text={t('admin.reset_made', { name: member.display_name })} />
      ) : (
        <form noValidate onSubmit={onSubmit} className="flex flex-col gap-4">
          <Field
            label={t('admin.person_name')}
            data-first
            dir="auto"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <RoleBoxes roles={roles} onChange={setRoles} />
          <CheckField label={t('admin.active')} isOn={isActive} onTurn={() => setIsActive(!isActive)} />
          <FormNote error={saving.error ?? resetting.error} />
          <div className="flex flex-wrap justify-between gap-2">
            <Button aria-disabled={resetting.isPending} onClick={() => resetting.mutate(undefined)}>
              {t('admin.reset_password')}
            </Button>
            <Button look="primary" type="submit" aria-disabled={saving.isPending}>
              {t('settings.save')}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
