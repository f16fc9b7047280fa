// The key of a command beside what it does, as the member has chosen it; nothing while letters are turned off.
import { useLetterKeys, useOwnKeys } from '../settings/keys';
import { Kbd } from '../ui/kbd';
import { keysOf } from './own-keys';
import { nameOfKey } from './key-names';
import { type Command, commands, type CommandId } from './table';

export function KeyHint({
  command,
  className,
}: {
  readonly command: CommandId;
  readonly className?: string;
}) {
  const own = useOwnKeys();
  const hasLetters = useLetterKeys();
  const found = (commands as readonly Command[]).find((each) => each.id === command);
  const [press] = found ? keysOf(found, own) : [];
  if (!hasLetters || press === undefined) return null;
  return (
    <span aria-hidden className={className}>
      <Kbd>{press.startsWith('Shift+') ? `⇧${nameOfKey(press.slice(6))}` : nameOfKey(press)}</Kbd>
    </span>
  );
}
