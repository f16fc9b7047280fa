import '../../i18n/areas/admin.gen';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { authorizeBitly, connectBitly, disconnectBitly, linksQuery } from '../../api/settings';
import type { Bitly } from '../../api/settings-types';
import { formatMoment } from '../../i18n/format';
import { useLanguage } from '../../i18n/language';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Field } from '../../ui/field';
import { FormNote, useSaving } from '../settings';

export function BitlyAccount({ bitly }: { readonly bitly: Bitly }) {
  const t = useT();
  const language = useLanguage();
  const [isConnecting, setIsConnecting] = useState(false);
  const leaving = useSaving(disconnectBitly, linksQuery.queryKey);
  return (
    <section className="flex flex-col items-start gap-3">
      <h2 className="text-title font-bold">{t('admin.provider_bitly')}</h2>
      {bitly.connected ? (
        <>
          <p>
            {t('admin.bitly_as', { login: bitly.login ?? '–' })} · {t(`admin.bitly_${bitly.health}`)}
            {bitly.last_checked_at && (
              <span className="block text-label text-muted">
                {t('admin.checked', { time: formatMoment(language, bitly.last_checked_at) })}
              </span>
            )}
          </p>
          {bitly.last_error && <p className="text-danger">{bitly.last_error}</p>}
          <Button aria-disabled={leaving.isPending} onClick={() => leaving.mutate(undefined)}>
            {t('admin.bitly_disconnect')}
          </Button>
        </>
      ) : (
        <>
          <p className="text-muted">{t('admin.bitly_none')}</p>
          <Button look="primary" onClick={() => setIsConnecting(true)}>
            {t('admin.bitly_connect')}
          </Button>
        </>
      )}
      <FormNote error={leaving.error} />
      {isConnecting && <Connect hasOauth={bitly.has_oauth} onClose={() => setIsConnecting(false)} />}
    </section>
  );
}

interface ConnectProps {
  readonly hasOauth: boolean;
  readonly onClose: () => void;
}

function Connect({ hasOauth, onClose }: ConnectProps) {
  const t = useT();
  const [token, setToken] = useState('');
  const connecting = useSaving(connectBitly, linksQuery.queryKey, onClose);
  const going = useMutation({
    mutationFn: authorizeBitly,
    onSuccess: ({ url }) => window.location.assign(url),
  });
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (token.trim() !== '') connecting.mutate(token.trim());
  };
  return (
    <Dialog
      title={t('admin.bitly_connect')}
      description={t('admin.bitly_connect_hint')}
      onClose={onClose}
      closeLabel={t('shell.close')}
    >
      <form noValidate onSubmit={onSubmit} className="flex flex-col gap-4">
        {hasOauth && (
          <Button className="self-start" onClick={() => going.mutate()}>
            {t('admin.bitly_oauth')}
          </Button>
        )}
        <Field
          label={t('admin.bitly_token')}
          data-first
          type="password"
          autoComplete="off"
          value={token}
          onChange={(event) => setToken(event.target.value)}
        />
        <FormNote error={connecting.error ?? going.error} />
        <Button look="primary" type="submit" aria-disabled={connecting.isPending} className="self-end">
          {t('admin.bitly_connect')}
        </Button>
      </form>
    </Dialog>
  );
}
