// Live, Reconnecting or Offline; while not live it says how old the screen is. A new version offers itself here.
import { useFeedStatus } from '../live/select';
import { formatTime } from '../i18n/format';
import { useLanguage } from '../i18n/language';
import { useT } from '../i18n/t';
import { Button } from '../ui/button';
import { cx } from '../ui/cx';

const dots = {
  connecting: 'bg-line-strong',
  live: 'bg-ok',
  reconnecting: 'bg-warn',
  offline: 'bg-danger',
};

export function ConnectionStatus() {
  const t = useT();
  const language = useLanguage();
  const { connection, asOf, hasNewBuild } = useFeedStatus();
  const time = asOf === null ? '…' : formatTime(language, asOf);
  const texts = {
    connecting: t('shell.connecting'),
    live: t('shell.live'),
    reconnecting: t('shell.reconnecting', { time }),
    offline: t('shell.offline', { time }),
  };
  return (
    <>
      {hasNewBuild && (
        <Button look="plain" className="text-label" onClick={() => window.location.reload()}>
          {t('shell.new_version')}
        </Button>
      )}
      <p
        role="status"
        data-connection={connection}
        title={connection === 'live' ? t('shell.live_hint') : texts[connection]}
        className="flex min-w-0 items-center gap-2 text-label text-muted"
      >
        <span aria-hidden className={cx('size-2 shrink-0 rounded-full', dots[connection])} />
        <span className={cx('truncate', connection === 'live' && 'max-panes:sr-only')}>
          {texts[connection]}
        </span>
      </p>
    </>
  );
}
