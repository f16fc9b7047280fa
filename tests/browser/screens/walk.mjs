// Walks every screen of the workspace in one look, and says of each what is wrong with it.
import { clippedTexts, narrow, openPage, putOffFirstChoice, violations, wide } from '../browser.mjs';
import { go, screens } from './screens.mjs';
import { furnish } from './world.mjs';

const worlds = new WeakMap();

/** Made once for a product, whatever looks at it. */
function worldOf(browser, product) {
  if (!worlds.has(product)) worlds.set(product, furnish(browser, product));
  return worlds.get(product);
}

const settle = (page) =>
  page.evaluate(async () => {
    await document.fonts.ready;
    const quiet = () => new Promise((resolve) => setTimeout(resolve, 250));
    await quiet();
    // Skeletons come late and go when their part is here.
    for (let tries = 0; tries < 40 && document.querySelector('[aria-busy=true], .skeleton'); tries += 1)
      await quiet();
  });

/**
 * Walks all screens in one look, and tells `onSeen` of each: its name, the accessibility rules that it breaks, the
 * texts that do not fit, and the faults of script and policy so far; the page stands still meanwhile.
 */
export async function everyScreen({ browser, product, look, only }, onSeen) {
  const ids = await worldOf(browser, product);
  const { language, theme, direction, size } = look;
  const page = await openPage(browser, { language, theme, viewport: size === 'narrow' ? narrow : wide });
  page.context().setDefaultTimeout(15_000);
  if (direction === 'rtl') {
    await page.addInitScript(() => localStorage.setItem('guichet.pseudo-locale', 'ar-XB'));
  }
  const walk = {
    page,
    url: product.url,
    ids,
    isNarrow: size === 'narrow',
    passwordOf: (who) => product.passwordOf(who),
  };
  try {
    const see = async (name) => {
      await settle(page);
      const broken = await violations(page);
      await onSeen({
        name,
        page,
        violations: broken,
        clipped: await clippedTexts(page),
        faults: page.faults,
      });
    };
    for (const [name, show] of screens) {
      if (only && !only.test(name)) continue;
      let there;
      try {
        there = await show(walk);
      } catch (error) {
        // The next one begins at an address of its own, or cannot be shown either.
        await onSeen({ name, page, violations: [], clipped: [], faults: [`not shown: ${error.message}`] });
        continue;
      }
      for (const path of Array.isArray(there) ? there : []) {
        await go(walk, path, 'main h1');
        await see(path.slice(1).replaceAll('/', '-'));
      }
      // Some are there only on one size of screen.
      if (there === undefined || there === true) await see(name);
      // It comes once, and lies over everything else.
      if (name === 'first-choice') await putOffFirstChoice(page);
    }
  } finally {
    await page.context().close();
  }
}
