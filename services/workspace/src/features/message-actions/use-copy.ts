import '../../i18n/areas/actions.gen';
import { useT } from '../../i18n/t';
import { showToast } from '../../ui/toasts';

/** Copies a text and says so. */
export function useCopy(): (text: string) => void {
  const t = useT();
  return (text) => {
    navigator.clipboard.writeText(text).then(
      () => showToast({ id: 'copied', title: t('actions.copied'), lasts: 3_000 }),
      () => showToast({ id: 'copied', title: t('actions.not_copied'), tone: 'danger', lasts: 5_000 }),
    );
  };
}
