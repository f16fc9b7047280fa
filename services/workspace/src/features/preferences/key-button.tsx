// Shows the key of one command; pressed, it waits for another one and says what stands against it.
import '../../i18n/areas/settings.gen';
import '../../i18n/areas/keyboard.gen';
import { type KeyboardEvent, useId, useState } from 'react';
import { isCharacter, keysOf, ownerOf } from '../../commands/own-keys';
import { Presses } from '../../commands/presses';
import { type Command, type CommandId, pressOf } from '../../commands/table';
import { useT } from '../../i18n/t';
import { chooseKey, useOwnKeys } from '../../settings/keys';
import { Button } from '../../ui/button';

export function KeyButton({ command }: { readonly command: Command }) {
  const t = useT();
  const own = useOwnKeys();
  const note = useId();
  const [isWaiting, setIsWaiting] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const stop = (): void => {
    setIsWaiting(false);
    setRefusal(null);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // Leaving by Tab leaves everything as it was.
    if (!isWaiting || /^(Tab|Shift|Control|Alt|Meta|AltGraph)$/.test(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') return stop();
    const press = pressOf(event.nativeEvent);
    if (!isCharacter(press)) return setRefusal(t('settings.key_not_single'));
    const owner = ownerOf(press, command.id as CommandId, own);
    if (owner) return setRefusal(t('settings.key_taken', { command: t(owner.label) }));
    chooseKey(command.id, press === command.keys[0] ? null : press);
    stop();
  };
  return (
    <span className="flex flex-wrap items-center justify-end gap-2">
      <span id={note} role="status" className="text-label text-danger">
        {refusal}
      </span>
      <Button
        aria-describedby={refusal === null ? undefined : note}
        onClick={() => (isWaiting ? stop() : setIsWaiting(true))}
        onKeyDown={onKeyDown}
        onBlur={stop}
      >
        {isWaiting && t('settings.key_waiting')}
        <span className="sr-only">
          {t(isWaiting ? 'settings.key_waiting_for' : 'settings.key_change', { command: t(command.label) })}
        </span>
        {!isWaiting && <Presses presses={keysOf(command, own)} />}
      </Button>
    </span>
  );
}
