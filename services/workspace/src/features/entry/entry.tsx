// What is opened by a link before anybody is signed in.
import { InvitationPage } from './invitation-page';
import { PasswordResetPage } from './password-reset-page';
import { WelcomePage } from './welcome-page';

export function Entry({ path }: { readonly path: string }) {
  if (path === '/welcome') return <WelcomePage />;
  return path === '/invitation' ? <InvitationPage /> : <PasswordResetPage />;
}
