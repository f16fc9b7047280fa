import '../../i18n/areas/contact.gen';
import type { Conversation } from '../../api/types';
import { useT } from '../../i18n/t';
import { Dialog } from '../../ui/dialog';
import { ContactPanel } from './contact-panel';

interface ContactSheetProps {
  readonly row: Conversation;
  readonly onClose: () => void;
}

export function ContactSheet({ row, onClose }: ContactSheetProps) {
  const t = useT();
  return (
    <Dialog shape="sheet" title={t('contact.title')} onClose={onClose} closeLabel={t('contact.close')}>
      <div className="-mx-4">
        <ContactPanel row={row} />
      </div>
    </Dialog>
  );
}
