// Which keys do what: single letters can be turned off, and each of them can be another one (WCAG 2.1.4).
import '../../i18n/areas/settings.gen';
import '../../i18n/areas/keyboard.gen';
import { announce } from '../../a11y/announcer';
import { groups } from '../../commands/groups';
import { LetterKeysSwitch } from '../../commands/letter-keys-switch';
import { canBeChanged, keysOf } from '../../commands/own-keys';
import { Presses } from '../../commands/presses';
import { type Command, commands } from '../../commands/table';
import { useT } from '../../i18n/t';
import { chooseKey, forgetOwnKeys, useOwnKeys } from '../../settings/keys';
import { Button } from '../../ui/button';
import { KeyButton } from './key-button';

export function KeyboardPage() {
  const t = useT();
  const own = useOwnKeys();
  return (
    <div className="flex flex-col gap-6">
      <p className="text-muted">{t('settings.everywhere_hint')}</p>
      <LetterKeysSwitch />
      {groups.map((group) => (
        <section key={group.id}>
          <h2 className="mb-1 text-title font-bold">{t(group.title)}</h2>
          <ul className="border-t border-line">
            {(commands as readonly Command[])
              .filter((command) => command.group === group.id)
              .map((command) => (
                <CommandRow key={command.id} command={command} />
              ))}
          </ul>
        </section>
      ))}
      {Object.keys(own).length > 0 && (
        <Button
          className="self-start"
          onClick={() => {
            forgetOwnKeys();
            announce(t('settings.keys_reset_done'), () => t('settings.keys_reset_done'));
          }}
        >
          {t('settings.keys_reset')}
        </Button>
      )}
    </div>
  );
}

function CommandRow({ command }: { readonly command: Command }) {
  const t = useT();
  const own = useOwnKeys();
  const keys = keysOf(command, own);
  const label = t(command.label);
  return (
    <li className="flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line py-1">
      <span>{label}</span>
      <span className="flex flex-wrap items-center gap-2">
        {command.otherKeys && <Presses presses={command.otherKeys} />}
        {canBeChanged(command) ? (
          <>
            <KeyButton command={command} />
            {keys[0] !== command.keys[0] && (
              <Button
                look="plain"
                aria-label={t('settings.key_reset_for', { command: label })}
                onClick={() => chooseKey(command.id, null)}
              >
                {t('settings.key_reset')}
              </Button>
            )}
          </>
        ) : (
          <Presses presses={keys} />
        )}
      </span>
    </li>
  );
}
