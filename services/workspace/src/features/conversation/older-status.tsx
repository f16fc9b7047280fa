import '../../i18n/areas/conversation.gen';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';

interface OlderStatusProps {
  readonly isLoading: boolean;
  readonly hasFailed: boolean;
  readonly onRetry: () => void;
}

/** Lies above the messages, so that its coming and going moves none of them. */
export function OlderStatus({ isLoading, hasFailed, onRetry }: OlderStatusProps) {
  const t = useT();
  if (!isLoading && !hasFailed) return null;
  return (
    <div className="late pointer-events-none absolute inset-x-0 top-2 grid place-items-center">
      <p
        role="status"
        className="pointer-events-auto flex items-center gap-3 rounded-full border border-line bg-surface px-3 py-1 text-label text-muted"
      >
        {t(isLoading ? 'conversation.loading_older' : 'conversation.older_failed')}
        {!isLoading && (
          <Button look="plain" onClick={onRetry}>
            {t('state.retry')}
          </Button>
        )}
      </p>
    </div>
  );
}
