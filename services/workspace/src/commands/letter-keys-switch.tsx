import '../i18n/areas/keyboard.gen';
import { useT } from '../i18n/t';
import { chooseLetterKeys, useLetterKeys } from '../settings/keys';

export function LetterKeysSwitch() {
  const t = useT();
  const isOn = useLetterKeys();
  return (
    <label className="flex items-start gap-3 rounded-control bg-canvas p-3">
      <input
        type="checkbox"
        checked={isOn}
        onChange={(event) => chooseLetterKeys(event.target.checked)}
        className="mt-0.5 size-4.5 accent-accent"
      />
      <span>
        <span className="block font-medium">{t('keyboard.letters')}</span>
        <span className="block text-label text-muted">{t('keyboard.letters_hint')}</span>
      </span>
    </label>
  );
}
