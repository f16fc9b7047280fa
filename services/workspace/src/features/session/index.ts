export { SessionExpired } from './session-expired';
export { SignInPage } from './sign-in-page';
