import '../../i18n/areas/admin.gen';
import { type FormEvent, useState } from 'react';
import { invitationsQuery, invite } from '../../api/settings';
import type { OnceLink, Role } from '../../api/settings-types';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Field } from '../../ui/field';
import { FormNote, useSaving } from '../settings';
import { OnceLinkNote } from './once-link';
import { RoleBoxes } from './role-boxes';

export function InviteDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useT();
  const [login, setLogin] = useState('');
  const [name, setName] = useState('');
  const [roles, setRoles] = useState<readonly Role[]>(['agent']);
  const [link, setLink] = useState<OnceLink | null>(null);
  const inviting = useSaving(invite, invitationsQuery.queryKey, setLink);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    inviting.mutate({ login: login.trim(), display_name: name.trim(), roles });
  };
  return (
    <Dialog title={t('admin.invite')} onClose={onClose} closeLabel={t('shell.close')}>
      {link ? (
        <OnceLinkNote link={link} text={t('admin.invited', { name })} />
      ) : (
        <form noValidate onSubmit={onSubmit} className="flex flex-col gap-4">
          <Field
            label={t('admin.person_name')}
            data-first
            dir="auto"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <Field
            label={t('admin.person_login')}
            autoCapitalize="none"
            spellCheck={false}
            value={login}
            onChange={(event) => setLogin(event.target.value)}
          />
          <RoleBoxes roles={roles} onChange={setRoles} />
          <FormNote error={inviting.error} />
          <Button look="primary" type="submit" aria-disabled={inviting.isPending} className="self-end">
            {t('admin.invite')}
          </Button>
        </form>
      )}
    </Dialog>
  );
}
