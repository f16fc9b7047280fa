import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ChevronDown, CircleUserRound, Keyboard, LogOut, SlidersHorizontal } from 'lucide-react';
import { signOut } from '../api/gateway';
import { forgetSession } from '../api/queries/session';
import type { Session } from '../api/types';
import { chooseLanguage, languages, useLanguage } from '../i18n/language';
import { useT } from '../i18n/t';
import { chooseTheme, themes, useTheme } from '../settings/appearance';
import { Menu, MenuChoice, MenuItem, MenuLine } from '../ui/menu';

interface UserMenuProps {
  readonly session: Session;
  readonly onHelp: () => void;
}

export function UserMenu({ session, onHelp }: UserMenuProps) {
  const t = useT();
  const client = useQueryClient();
  const theme = useTheme();
  const language = useLanguage();
  const navigate = useNavigate();
  const { me, organization } = session;
  const leave = async (): Promise<void> => {
    // This browser is told nothing any more, also by a server that does not hear of it.
    await import('../features/personal').then(({ endPush }) => endPush()).catch(() => undefined);
    // Even when the gateway does not answer, this screen must not go on showing customers' words.
    await signOut().catch(() => undefined);
    forgetSession(client);
  };
  return (
    <Menu trigger={<Trigger name={me.display_name} />}>
      <div className="px-2 pt-2 pb-1">
        <p dir="auto" className="font-bold">
          {me.display_name}
        </p>
        <p className="text-label text-muted">
          <bdi>{me.login}</bdi> · <bdi>{organization.name}</bdi>
        </p>
      </div>
      <MenuLine />
      <MenuChoice
        label={t('shell.language')}
        value={language}
        options={languages.map((each) => ({ value: each, label: t(`shell.language_${each}`), lang: each }))}
        onChange={chooseLanguage}
      />
      <MenuLine />
      <MenuChoice
        label={t('shell.theme')}
        value={theme}
        options={themes.map((each) => ({ value: each, label: t(`shell.theme_${each}`) }))}
        onChange={chooseTheme}
      />
      <MenuLine />
      <MenuItem
        icon={<SlidersHorizontal size={16} strokeWidth={1.75} aria-hidden />}
        onSelect={() => void navigate({ to: '/me/$page', params: { page: 'general' } })}
      >
        {t('shell.preferences')}
      </MenuItem>
      <MenuItem icon={<Keyboard size={16} strokeWidth={1.75} aria-hidden />} onSelect={onHelp}>
        {t('shell.shortcuts')}
      </MenuItem>
      <MenuItem icon={<LogOut size={16} strokeWidth={1.75} aria-hidden />} onSelect={() => void leave()}>
        {t('shell.sign_out')}
      </MenuItem>
    </Menu>
  );
}

/** The kit hands its own properties to the trigger, so they are passed on whole. */
function Trigger({ name, ...rest }: { readonly name: string }) {
  const t = useT();
  return (
    <button
      type="button"
      aria-label={t('shell.account', { name })}
      className="flex h-7 max-w-56 items-center gap-2 rounded-full border border-line-strong bg-surface px-3 font-bold hover:bg-canvas max-panes:size-9 max-panes:justify-center max-panes:px-0"
      {...rest}
    >
      <CircleUserRound size={18} strokeWidth={1.75} aria-hidden className="shrink-0 panes:hidden" />
      <span dir="auto" className="truncate max-panes:sr-only">
        {name}
      </span>
      <ChevronDown size={16} strokeWidth={1.75} aria-hidden className="shrink-0 max-panes:hidden" />
    </button>
  );
}
