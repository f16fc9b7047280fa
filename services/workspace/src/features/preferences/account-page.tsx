// One's own password, and ending every session at once.
import '../../i18n/areas/settings.gen';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { forgetSession, sessionQuery } from '../../api/queries/session';
import { changePassword, signOutEverywhere } from '../../api/settings';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';
import { Confirm } from '../../ui/confirm';
import { Field } from '../../ui/field';
import { endPush, renewPush } from '../personal';
import { FormNote } from '../settings';

/** As the server asks for. */
const shortest = 12;

export function AccountPage() {
  return (
    <div className="flex max-w-[26rem] flex-col gap-8">
      <Password />
      <Sessions />
    </div>
  );
}

function Password() {
  const t = useT();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [wasTried, setWasTried] = useState(false);
  const { data: known } = useQuery(sessionQuery);
  const isShort = [...next].length < shortest;
  const change = useMutation({
    mutationFn: () => changePassword(current, next),
    onSuccess: () => {
      // Pushes ended with the sessions of before; this one goes on, and so do its browser's.
      if (known) void renewPush(known.session.me.id).catch(() => undefined);
      setCurrent('');
      setNext('');
      setWasTried(false);
    },
  });
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    setWasTried(true);
    if (current !== '' && !isShort) change.mutate();
  };
  return (
    <form noValidate onSubmit={onSubmit} className="flex flex-col gap-4">
      <h2 className="text-title font-bold">{t('settings.password')}</h2>
      <Field
        label={t('settings.password_current')}
        type="password"
        autoComplete="current-password"
        value={current}
        onChange={(event) => setCurrent(event.target.value)}
        error={wasTried && current === '' ? t('settings.password_current_missing') : undefined}
      />
      <Field
        label={t('settings.password_new')}
        type="password"
        autoComplete="new-password"
        value={next}
        onChange={(event) => setNext(event.target.value)}
        error={wasTried && isShort ? t('settings.password_short', { count: shortest }) : undefined}
      />
      <div className="flex flex-wrap items-center gap-4">
        <Button look="primary" type="submit" aria-disabled={change.isPending}>
          {t('settings.password_change')}
        </Button>
        <FormNote error={change.error} isSaved={change.isSuccess} />
      </div>
    </form>
  );
}

function Sessions() {
  const t = useT();
  const client = useQueryClient();
  const [isAsking, setIsAsking] = useState(false);
  const leave = useMutation({
    mutationFn: signOutEverywhere,
    onSuccess: async () => {
      await endPush().catch(() => undefined);
      forgetSession(client);
    },
  });
  return (
    <section className="flex flex-col items-start gap-3 border-t border-line pt-6">
      <h2 className="text-title font-bold">{t('settings.sessions')}</h2>
      <p className="text-muted">{t('settings.sessions_hint')}</p>
      <Button look="danger" onClick={() => setIsAsking(true)}>
        {t('settings.sign_out_everywhere')}
      </Button>
      <FormNote error={leave.error} />
      {isAsking && (
        <Confirm
          title={t('settings.sign_out_everywhere')}
          text={t('settings.sessions_hint')}
          yes={t('settings.sign_out_everywhere')}
          no={t('settings.cancel')}
          onNo={() => setIsAsking(false)}
          onYes={() => {
            setIsAsking(false);
            leave.mutate();
          }}
        />
      )}
    </section>
  );
}
