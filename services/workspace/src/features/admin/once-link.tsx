// An address that is shown once: it stands for a password until it is used.
import '../../i18n/areas/admin.gen';
import { Copy } from 'lucide-react';
import type { OnceLink } from '../../api/settings-types';
import { formatMoment } from '../../i18n/format';
import { useLanguage } from '../../i18n/language';
import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';

interface OnceLinkNoteProps {
  readonly link: OnceLink;
  readonly text: string;
}

export function OnceLinkNote({ link, text }: OnceLinkNoteProps) {
  const t = useT();
  const language = useLanguage();
  return (
    <div className="flex flex-col items-start gap-3">
      <p>{text}</p>
      <p className="w-full rounded-control border border-line bg-canvas p-3 font-mono break-all select-all">
        {link.url}
      </p>
      {link.expires_at && (
        <p className="text-label text-muted">
          {t('admin.expires', { time: formatMoment(language, link.expires_at) })}
        </p>
      )}
      <Button data-first onClick={() => void navigator.clipboard.writeText(link.url)}>
        <Copy size={16} strokeWidth={1.75} aria-hidden />
        {t('admin.copy')}
      </Button>
    </div>
  );
}
