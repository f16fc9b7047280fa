import '../i18n/areas/keyboard.gen';
import { type PlainKey, useT } from '../i18n/t';
import { chooseLetterKeys, useLetterKeys } from '../settings/keys';
import { Dialog } from '../ui/dialog';
import { Kbd } from '../ui/kbd';
import { type Command, commands } from './table';

const groups: readonly { readonly id: Command['group']; readonly title: PlainKey }[] = [
  { id: 'move', title: 'keyboard.group_move' },
  { id: 'answer', title: 'keyboard.group_answer' },
  { id: 'go', title: 'keyboard.group_go' },
  { id: 'help', title: 'keyboard.group_help' },
];

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
      <LetterKeysSwitch />
    </Dialog>
  );
}

function CommandLine({ command }: { readonly command: Command }) {
  const t = useT();
  const ways = [command.keys, ...(command.otherKeys ? [command.otherKeys] : [])];
  return (
    <div className="flex min-h-8 items-center justify-between gap-4 border-b border-line last:border-0">
      <dt>{t(command.label)}</dt>
      <dd className="flex items-center gap-2">
        {ways.map((keys) => (
          <span key={keys.join()} className="flex items-center gap-1">
            {keys.map((key, index) => (
              <span key={key} className="flex items-center gap-1">
                {index > 0 && <span className="text-meta text-subtle">{t('keyboard.then')}</span>}
                {key.split('+').map((part) => (
                  <Kbd key={part}>{shownKey(part)}</Kbd>
                ))}
              </span>
            ))}
          </span>
        ))}
      </dd>
    </div>
  );
}

const shownKeys: Record<string, string> = { ArrowDown: '↓', ArrowUp: '↑', Escape: 'Esc' };

function shownKey(key: string): string {
  return shownKeys[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}

function LetterKeysSwitch() {
  const t = useT();
  const isOn = useLetterKeys();
  return (
    <label className="mt-5 flex items-start gap-3 rounded-control bg-canvas p-3">
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
