// What came with a message, named and linked. It is never fetched from here: whoever hosts it would learn who
// reads it and when.
import '../../i18n/areas/conversation.gen';
import { ExternalLink, File, Image, Link2, Music, Sticker, Video } from 'lucide-react';
import type { Attachment, Message } from '../../api/types';
import { useT } from '../../i18n/t';
import { safeAddress } from './safe-address';

const icons = {
  image: Image,
  video: Video,
  audio: Music,
  sticker: Sticker,
  link: Link2,
  share: Link2,
  file: File,
};

interface AttachmentsProps {
  readonly message: Message;
  readonly isActive: boolean;
}

export function Attachments({ message, isActive }: AttachmentsProps) {
  if (message.attachments.length === 0) return null;
  return (
    <ul className="mt-2 flex flex-col gap-1.5">
      {message.attachments.map((attachment, index) => (
        <AttachmentLine
          // oxlint-disable-next-line react/no-array-index-key -- two attachments may be equal; their place tells them apart
          key={index}
          attachment={attachment}
          isOurs={message.direction === 'outbound'}
          isActive={isActive}
        />
      ))}
    </ul>
  );
}

interface AttachmentLineProps {
  readonly attachment: Attachment;
  readonly isOurs: boolean;
  readonly isActive: boolean;
}

function AttachmentLine({ attachment: { type, url, title }, isOurs, isActive }: AttachmentLineProps) {
  const t = useT();
  const Icon = type in icons ? icons[type as keyof typeof icons] : File;
  const address = safeAddress(url);
  return (
    <li className="flex items-center gap-2.5 rounded-control border border-line bg-surface px-2.5 py-2">
      <Icon size={18} strokeWidth={1.75} aria-hidden className="shrink-0 text-muted" />
      <span className="min-w-0 flex-1">
        <span className="block text-label font-medium">
          {t(isOurs ? 'conversation.from_us' : 'conversation.from_customer', { type })}
        </span>
        {title && (
          <span dir="auto" className="block truncate text-start text-meta text-muted">
            {title}
          </span>
        )}
      </span>
      {address && (
        <a
          href={address}
          target="_blank"
          rel="noopener noreferrer nofollow"
          tabIndex={isActive ? 0 : -1}
          className="inline-flex items-center gap-1 text-label text-accent underline underline-offset-2 hover:text-accent-hover"
        >
          {t('conversation.open_attachment')}
          <ExternalLink size={13} strokeWidth={1.75} aria-hidden className="rtl:-scale-x-100" />
          <span className="sr-only">{t('conversation.new_window')}</span>
        </a>
      )}
    </li>
  );
}
