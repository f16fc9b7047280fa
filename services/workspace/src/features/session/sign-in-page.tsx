import { useQuery } from '@tanstack/react-query';
import { Link, Navigate } from '@tanstack/react-router';
import { welcomeQuery } from '../../api/settings';
import { chooseLanguage, languages, useLanguage } from '../../i18n/language';
import { useT } from '../../i18n/t';
import { cx } from '../../ui/cx';
import { Mark } from '../../ui/icons/mark';
import { SignInForm } from './sign-in-form';

export function SignInPage() {
  const t = useT();
  // A fresh installation has nobody who could sign in.
  const { data: welcome } = useQuery(welcomeQuery);
  if (welcome?.needed) return <Navigate to="/welcome" />;
  return (
    <div className="grid h-dvh grid-rows-[1fr_auto] overflow-y-auto bg-canvas px-4">
      <main className="m-auto w-full max-w-[23rem] py-8">
        <div className="mb-6 flex items-center gap-3">
          <Mark size={40} />
          <div>
            <p className="text-page font-bold">{t('shell.product')}</p>
            <p className="text-muted">{t('session.intro')}</p>
          </div>
        </div>
        <div className="rounded-slip border border-line bg-surface p-6">
          <h1 className="mb-4 text-title font-bold">{t('session.title')}</h1>
          <SignInForm />
          <p className="mt-4 text-center">
            <Link to="/password-reset" className="text-accent underline underline-offset-2">
              {t('session.forgotten')}
            </Link>
          </p>
        </div>
      </main>
      <LanguageSwitch />
    </div>
  );
}

function LanguageSwitch() {
  const t = useT();
  const current = useLanguage();
  return (
    <footer className="pb-6">
      <ul aria-label={t('shell.language')} className="flex justify-center gap-1">
        {languages.map((language) => (
          <li key={language}>
            <button
              type="button"
              lang={language}
              aria-pressed={language === current}
              onClick={() => chooseLanguage(language)}
              className={cx(
                'h-8 rounded-control px-3 text-label max-panes:h-11',
                language === current ? 'bg-accent-soft font-bold text-accent' : 'text-muted hover:text-ink',
              )}
            >
              {t(`shell.language_${language}`)}
            </button>
          </li>
        ))}
      </ul>
    </footer>
  );
}
