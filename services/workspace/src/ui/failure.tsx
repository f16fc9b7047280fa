// One error, said for people: what failed, the request to name when asking for help, and a way to try again.
import { CircleAlert, Lock } from 'lucide-react';
import { ApiProblem, Unreachable } from '../api/http';
import { useT } from '../i18n/t';
import { Button } from './button';
import { Notice } from './notice';

/** The gateway is there, but something behind it is not, for now. */
const unavailable: ReadonlySet<number> = new Set([429, 502, 503, 504]);

interface FailureProps {
  readonly error: Error;
  readonly onRetry?: () => void;
  readonly isPage?: boolean;
}

export function Failure({ error, onRetry, isPage = false }: FailureProps) {
  const t = useT();
  if (error instanceof ApiProblem && error.status === 403) {
    return (
      <Notice
        isPage={isPage}
        icon={<Lock size={20} aria-hidden />}
        title={t('state.denied_title')}
        text={t('state.denied_text')}
      />
    );
  }
  return (
    <Notice
      isAlert
      isPage={isPage}
      icon={<CircleAlert size={20} aria-hidden />}
      title={t('state.failed_title')}
      text={<FailureText error={error} />}
      action={onRetry && <Button onClick={onRetry}>{t('state.retry')}</Button>}
    />
  );
}

function FailureText({ error }: { readonly error: Error }) {
  const t = useT();
  if (error instanceof Unreachable) return t('state.failed_network');
  if (!(error instanceof ApiProblem)) return t('state.failed_screen');
  return (
    <>
      <p>
        {unavailable.has(error.status)
          ? t('state.failed_unavailable')
          : t('state.failed_server', { code: error.code })}
      </p>
      {error.traceId && (
        <p className="mt-1 font-mono text-meta break-all text-subtle">
          {t('state.request', { id: error.traceId })}
        </p>
      )}
    </>
  );
}
