// The session ended under a running workspace: signing in opens above it, and nothing beneath is lost.
import { useQueryClient } from '@tanstack/react-query';
import { forgetSession } from '../../api/queries/session';
import type { Session } from '../../api/types';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { SignInForm } from './sign-in-form';

export function SessionExpired({ session }: { readonly session: Session }) {
  const t = useT();
  const client = useQueryClient();
  return (
    <Dialog title={t('session.expired_title')} description={t('session.expired_text')}>
      <SignInForm login={session.me.login} />
      <div className="mt-3 text-center">
        <Button look="plain" onClick={() => forgetSession(client)}>
          {t('session.other_member')}
        </Button>
      </div>
    </Dialog>
  );
}
