// With a token another password is chosen; without one it is asked for.
import '../../i18n/areas/entry.gen';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { askForPasswordReset, completePasswordReset } from '../../api/settings';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';
import { Field } from '../../ui/field';
import { FormNote } from '../settings';
import { Done } from './done';
import { EntryFrame } from './entry-frame';
import { isLongEnough, NewPassword } from './new-password';
import { tokenOfAddress } from './token';

export function PasswordResetPage() {
  const [token] = useState(tokenOfAddress);
  return token === null ? <Asking /> : <Choosing token={token} />;
}

function Asking() {
  const t = useT();
  const [login, setLogin] = useState('');
  const asking = useMutation({ mutationFn: () => askForPasswordReset(login.trim()) });
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (login.trim() !== '') asking.mutate();
  };
  return (
    <EntryFrame title={t('entry.reset')} intro={t('entry.reset_text')}>
      {asking.isSuccess ? (
        <Done text={t('entry.reset_asked')} />
      ) : (
        <form noValidate onSubmit={onSubmit} className="flex flex-col gap-4">
          <Field
            label={t('entry.login')}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            value={login}
            onChange={(event) => setLogin(event.target.value)}
          />
          <FormNote error={asking.error} />
          <Button look="primary" type="submit" aria-disabled={asking.isPending} className="h-10">
            {t('entry.reset_ask')}
          </Button>
        </form>
      )}
    </EntryFrame>
  );
}

function Choosing({ token }: { readonly token: string }) {
  const t = useT();
  const [password, setPassword] = useState('');
  const [wasTried, setWasTried] = useState(false);
  const choosing = useMutation({ mutationFn: () => completePasswordReset(token, password) });
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    setWasTried(true);
    if (isLongEnough(password)) choosing.mutate();
  };
  return (
    <EntryFrame title={t('entry.reset')}>
      {choosing.isSuccess ? (
        <Done text={t('entry.reset_done', { login: choosing.data.login })} />
      ) : (
        <form noValidate onSubmit={onSubmit} className="flex flex-col gap-4">
          <NewPassword value={password} wasTried={wasTried} onChange={setPassword} />
          <FormNote error={choosing.error} />
          <Button look="primary" type="submit" aria-disabled={choosing.isPending} className="h-10">
            {t('entry.reset_choose')}
          </Button>
        </form>
      )}
    </EntryFrame>
  );
}
