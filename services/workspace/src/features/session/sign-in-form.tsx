import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CircleAlert, Eye, EyeOff } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { signIn } from '../../api/gateway';
import { ApiProblem, Unreachable } from '../../api/http';
import { rememberSession } from '../../api/queries/session';
import { type Translate, useT } from '../../i18n/t';
import { Button } from '../../ui/button';
import { Field } from '../../ui/field';
import { IconButton } from '../../ui/icon-button';

/** Why signing in did not work, without a hint which of the two was wrong. */
export function reasonOf(error: unknown, t: Translate): string {
  if (error instanceof Unreachable) return t('session.unreachable');
  if (!(error instanceof ApiProblem)) return t('session.problem', { detail: String(error) });
  if (error.status === 401) return t('session.failed');
  if (error.status !== 429) return t('session.problem', { detail: error.message });
  if (error.retryAfter === null) return t('session.throttled_later');
  return t('session.throttled', { seconds: error.retryAfter });
}

interface SignInFormProps {
  /** The member of an ended session; the field is then filled in. */
  readonly login?: string;
}

export function SignInForm({ login: known = '' }: SignInFormProps) {
  const t = useT();
  const form = useRef<HTMLFormElement>(null);
  const [login, setLogin] = useState(known);
  const [password, setPassword] = useState('');
  const [wasTried, setWasTried] = useState(false);
  const client = useQueryClient();
  const attempt = useMutation({
    mutationFn: () => signIn(login.trim(), password),
    onSuccess: (session) => rememberSession(client, session),
  });
  const isLoginMissing = login.trim() === '';

  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    setWasTried(true);
    const missing = isLoginMissing ? 'login' : password === '' ? 'password' : null;
    if (missing) form.current?.querySelector<HTMLInputElement>(`[name=${missing}]`)?.focus();
    else if (!attempt.isPending) attempt.mutate();
  };

  return (
    <form ref={form} noValidate onSubmit={onSubmit} className="flex flex-col gap-4">
      {attempt.isError && <Refusal text={reasonOf(attempt.error, t)} />}
      <Field
        label={t('session.login')}
        name="login"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        // Nothing else is on the screen; whoever comes here wants to type.
        autoFocus={known === ''}
        value={login}
        onChange={(event) => setLogin(event.target.value)}
        error={wasTried && isLoginMissing ? t('session.missing_login') : undefined}
      />
      <PasswordField
        value={password}
        onChange={setPassword}
        autoFocus={known !== ''}
        error={wasTried && password === '' ? t('session.missing_password') : undefined}
      />
      <Button look="primary" type="submit" aria-disabled={attempt.isPending} className="mt-1 h-10">
        {t(attempt.isPending ? 'session.submitting' : 'session.submit')}
      </Button>
    </form>
  );
}

function Refusal({ text }: { readonly text: string }) {
  return (
    <p role="alert" className="flex gap-2 rounded-control bg-danger-soft p-3 text-danger">
      <CircleAlert size={18} strokeWidth={1.75} aria-hidden className="mt-px shrink-0" />
      {text}
    </p>
  );
}

interface PasswordFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly autoFocus: boolean;
  readonly error: string | undefined;
}

function PasswordField({ value, onChange, autoFocus, error }: PasswordFieldProps) {
  const t = useT();
  const [isShown, setIsShown] = useState(false);
  const Icon = isShown ? EyeOff : Eye;
  return (
    <Field
      label={t('session.password')}
      name="password"
      type={isShown ? 'text' : 'password'}
      autoComplete="current-password"
      autoFocus={autoFocus}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      error={error}
      end={
        <IconButton
          label={t(isShown ? 'session.hide_password' : 'session.show_password')}
          onClick={() => setIsShown(!isShown)}
          className="max-panes:size-9"
        >
          <Icon size={18} strokeWidth={1.75} aria-hidden />
        </IconButton>
      }
    />
  );
}
