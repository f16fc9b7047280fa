import '../../i18n/areas/entry.gen';
import { useT } from '../../i18n/t';

/** Signing in begins with a fresh page, which holds nothing of what was just typed. */
export function Done({ text }: { readonly text: string }) {
  const t = useT();
  return (
    <div role="status" className="flex flex-col items-start gap-4">
      <p>{text}</p>
      <a
        href="/"
        className="inline-flex h-10 items-center rounded-control bg-accent px-4 font-bold text-on-accent hover:bg-accent-hover"
      >
        {t('entry.sign_in')}
      </a>
    </div>
  );
}
