// What is quoted, above the text that quotes it.
import '../../i18n/areas/composer.gen';
import { Quote, X } from 'lucide-react';
import type { Message } from '../../api/types';
import { directionOfText } from '../../i18n/direction';
import { useT } from '../../i18n/t';
import { IconButton } from '../../ui/icon-button';
import { networkName } from '../../ui/icons/network-glyph';

interface QuotedProps {
  readonly message: Message;
  readonly onDrop: () => void;
}

export function Quoted({ message, onDrop }: QuotedProps) {
  const t = useT();
  const { author, network, text } = message;
  const name = author?.name || author?.handle || t('inbox.someone', { network: networkName(network) });
  return (
    <div data-quoted className="flex items-start gap-2 px-2 pt-2">
      <blockquote className="min-w-0 flex-1 rounded-e-control border-s-3 border-accent bg-canvas px-3 py-1.5">
        <p className="flex items-center gap-1.5 text-meta text-muted">
          <Quote size={13} strokeWidth={1.75} aria-hidden className="shrink-0" />
          <span className="truncate">
            {t('composer.quoting')} <bdi className="font-bold text-ink">{name}</bdi>
          </span>
        </p>
        <p dir={directionOfText(text)} className="line-clamp-3 text-start text-label wrap-anywhere">
          {text || t('inbox.no_text')}
        </p>
      </blockquote>
      <IconButton
        label={t('composer.quote_drop')}
        className="size-7 shrink-0 max-panes:size-11"
        onClick={onDrop}
      >
        <X size={16} strokeWidth={1.75} aria-hidden />
      </IconButton>
    </div>
  );
}
