// How the workspace looks and which language it speaks. Both act at once, here and on the member's other devices.
import '../../i18n/areas/settings.gen';
import { useSyncExternalStore } from 'react';
import { chooseLanguage, languages, languageSetting } from '../../i18n/language';
import { useT } from '../../i18n/t';
import { chooseTheme, themes, useTheme } from '../../settings/appearance';
import { ChoiceGroup } from '../../ui/choice-group';

export function AppearancePage() {
  const t = useT();
  const theme = useTheme();
  const language = useSyncExternalStore(languageSetting.subscribe, () => languageSetting.value);
  return (
    <div className="flex flex-col gap-6">
      <p className="text-muted">{t('settings.everywhere_hint')}</p>
      <ChoiceGroup
        legend={t('shell.theme')}
        name="theme"
        value={theme}
        options={themes.map((each) => ({ value: each, label: t(`shell.theme_${each}`) }))}
        onChange={chooseTheme}
      />
      <ChoiceGroup<(typeof languages)[number] | 'system'>
        legend={t('shell.language')}
        name="language"
        value={language ?? 'system'}
        options={[
          { value: 'system', label: t('settings.language_system') },
          ...languages.map((each) => ({ value: each, label: t(`shell.language_${each}`), lang: each })),
        ]}
        onChange={(chosen) => chooseLanguage(chosen === 'system' ? null : chosen)}
      />
    </div>
  );
}
