// Key presses one after the other, as they are shown.
import '../i18n/areas/keyboard.gen';
import { useT } from '../i18n/t';
import { Kbd } from '../ui/kbd';
import { nameOfKey, partsOf } from './key-names';

export function Presses({ presses }: { readonly presses: readonly string[] }) {
  const t = useT();
  return (
    <span className="flex items-center gap-1">
      {presses.map((press, index) => (
        <span key={press} className="flex items-center gap-1">
          {index > 0 && <span className="text-meta text-subtle">{t('keyboard.then')}</span>}
          {partsOf(press).map((part) => (
            <Kbd key={part}>{nameOfKey(part)}</Kbd>
          ))}
        </span>
      ))}
    </span>
  );
}
