import { X } from 'lucide-react';
import { useT } from '../i18n/t';
import { Button } from './button';
import { cx } from './cx';
import { IconButton } from './icon-button';
import { closeToast, holdToasts, releaseToasts, type Toast, useToasts } from './toasts';

export function ToastShelf() {
  const t = useT();
  const toasts = useToasts();
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- what is pointed at must not vanish
    <section
      aria-label={t('shell.toasts')}
      aria-live="polite"
      className="pointer-events-none fixed start-4 bottom-4 z-20 flex w-[min(24rem,calc(100vw-2rem))] flex-col gap-2 max-panes:bottom-18"
      onPointerEnter={holdToasts}
      onPointerLeave={releaseToasts}
      onFocus={holdToasts}
      onBlur={releaseToasts}
    >
      {toasts.map((toast) => (
        <Slice key={toast.id} toast={toast} />
      ))}
    </section>
  );
}

function Slice({ toast }: { readonly toast: Toast }) {
  const t = useT();
  const { id, title, text, action, tone } = toast;
  return (
    <div
      data-toast={id}
      className={cx(
        'fade-in pointer-events-auto flex items-center gap-2 rounded-slip border border-s-3 border-line bg-surface py-2 ps-3 pe-1 shadow-overlay',
        tone === 'danger' ? 'border-s-danger' : 'border-s-accent',
      )}
    >
      <div className="min-w-0 flex-1">
        <p className="font-bold">{title}</p>
        {text && (
          <p dir="auto" className="truncate text-start text-label text-muted">
            {text}
          </p>
        )}
      </div>
      {action && (
        <Button
          look="outlined"
          className="shrink-0"
          onClick={() => {
            closeToast(id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton label={t('shell.close')} onClick={() => closeToast(id)} className="shrink-0">
        <X size={16} strokeWidth={1.75} aria-hidden />
      </IconButton>
    </div>
  );
}
