import '../i18n/areas/keyboard.gen';
import { useT } from '../i18n/t';
import { useOwnKeys } from '../settings/keys';
import { Dialog } from '../ui/dialog';
import { groups } from './groups';
import { LetterKeysSwitch } from './letter-keys-switch';
import { keysOf } from './own-keys';
import { Presses } from './presses';
import { type Command, commands } from './table';

export function HelpSheet({ onClose }: { readonly onClose: () => void }) {
  const t = useT();
  return (
    <Dialog title={t('keyboard.title')} onClose={onClose} closeLabel={t('shell.close')}>
      {groups.map((group) => (
        <section key={group.id} className="mt-4 first:mt-0">
          <h3 className="mb-1 text-meta font-bold text-subtle">{t(group.title)}</h3>
          <dl>
            {(commands as readonly Command[])
              .filter((command) => command.group === group.id)
              .map((command) => (
                <CommandLine key={command.id} command={command} />
              ))}
          </dl>
        </section>
      ))}
      <div className="mt-5">
        <LetterKeysSwitch />
      </div>
    </Dialog>
  );
}

function CommandLine({ command }: { readonly command: Command }) {
  const t = useT();
  const keys = keysOf(command, useOwnKeys());
  return (
    <div className="flex min-h-8 items-center justify-between gap-4 border-b border-line last:border-0">
      <dt>{t(command.label)}</dt>
      <dd className="flex items-center gap-2">
        {[keys, ...(command.otherKeys ? [command.otherKeys] : [])].map((way) => (
          <Presses key={way.join()} presses={way} />
        ))}
      </dd>
    </div>
  );
}
