// Ways into the workspace of the scripted gateway.
import { signIn } from './browser.mjs';
import { password } from './mock-gateway.mjs';

/** To an address, signing in on the way if this browser has not, and until it is live there. */
export async function enter(page, gateway, path = '/inbox/new') {
  const isNew = (await page.context().cookies()).length === 0 || !gateway.isSignedIn;
  await page.goto(gateway.url + path);
  if (isNew) {
    await signIn(page, 'ana', password);
    await page.goto(gateway.url + path);
  }
  await page.waitForSelector('[data-connection=live]', { state: 'attached' });
}
