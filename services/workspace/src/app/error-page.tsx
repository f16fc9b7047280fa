import { Link } from '@tanstack/react-router';
import { Compass } from 'lucide-react';
import { useT } from '../i18n/t';
import { Notice } from '../ui/notice';

export function NotFoundPage() {
  const t = useT();
  return (
    <main className="grid h-full place-items-center bg-surface">
      <Notice
        isPage
        icon={<Compass size={20} aria-hidden />}
        title={t('state.not_found_title')}
        text={t('state.not_found_text')}
        action={
          <Link
            to="/inbox/$queue"
            params={{ queue: 'new' }}
            className="text-accent underline underline-offset-2"
          >
            {t('state.go_inbox')}
          </Link>
        }
      />
    </main>
  );
}
