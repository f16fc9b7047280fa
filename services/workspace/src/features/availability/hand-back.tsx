import { useT } from '../../i18n/t';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';

interface HandBackProps {
  readonly count: number;
  readonly onChoose: (keeps: boolean) => void;
  readonly onClose: () => void;
}

/** What becomes of the conversations that still wait for an answer when their agent goes. */
export function HandBack({ count, onChoose, onClose }: HandBackProps) {
  const t = useT();
  return (
    <Dialog
      title={t('availability.leaving_title', { count })}
      description={t('availability.leaving_text')}
      onClose={onClose}
      closeLabel={t('shell.close')}
    >
      <div className="mt-2 flex flex-wrap justify-end gap-2">
        <Button onClick={() => onChoose(true)}>{t('availability.keep', { count })}</Button>
        <Button look="primary" data-first onClick={() => onChoose(false)}>
          {t('availability.hand_back', { count })}
        </Button>
      </div>
    </Dialog>
  );
}
