// Q15: every route of the real product, in both themes and both directions: no accessibility rule broken.
import { everyScreen } from '../screens/walk.mjs';

export async function access({ browser, product }) {
  const found = [];
  let looked = 0;
  for (const theme of ['light', 'dark']) {
    for (const direction of ['ltr', 'rtl']) {
      await everyScreen(
        { browser, product, look: { theme, direction, language: 'en', size: 'wide' } },
        (seen) => {
          looked += 1;
          for (const rule of seen.violations) found.push(`${theme} ${direction} ${seen.name}: ${rule}`);
        },
      );
    }
  }
  for (const each of found) console.log(`# ${each}`);
  return [
    { goal: 'Q15', what: 'rules broken, every route, theme and direction', value: found.length, target: 0 },
    { goal: 'Q15', what: 'screens looked at', value: looked, target: 60, atLeast: true },
  ];
}
