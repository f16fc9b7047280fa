import '../../i18n/areas/entry.gen';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { acceptInvitation, lookAtInvitation } from '../../api/settings';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';
import { FormNote } from '../settings';
import { Done } from './done';
import { EntryFrame } from './entry-frame';
import { isLongEnough, NewPassword } from './new-password';
import { tokenOfAddress } from './token';

export function InvitationPage() {
  const t = useT();
  const [token] = useState(() => tokenOfAddress() ?? '');
  const [password, setPassword] = useState('');
  const [wasTried, setWasTried] = useState(false);
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => lookAtInvitation(token),
    retry: false,
  });
  const accepting = useMutation({ mutationFn: () => acceptInvitation(token, password) });
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    setWasTried(true);
    if (isLongEnough(password)) accepting.mutate();
  };
  const { data } = invitation;
  const title = t('entry.invitation');
  if (accepting.isSuccess) {
    return (
      <EntryFrame title={title}>
        <Done text={t('entry.invitation_done', { login: accepting.data.login })} />
      </EntryFrame>
    );
  }
  return (
    <EntryFrame
      title={title}
      {...(data && {
        intro: t('entry.invitation_text', { name: data.display_name, organization: data.organization_name }),
      })}
    >
      <FormNote error={invitation.error} />
      {data && (
        <form noValidate onSubmit={onSubmit} className="flex flex-col gap-4">
          <p>
            {t('entry.login')}: <bdi className="font-medium">{data.login}</bdi>
          </p>
          <NewPassword value={password} wasTried={wasTried} onChange={setPassword} />
          <FormNote error={accepting.error} />
          <Button look="primary" type="submit" aria-disabled={accepting.isPending} className="h-10">
            {t('entry.invitation_accept')}
          </Button>
        </form>
      )}
    </EntryFrame>
  );
}
