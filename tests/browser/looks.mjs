// Looks at screens in both languages, both themes and both sizes: a picture of each, no accessibility rule broken, no
// text cut off, no fault of script or of the content security policy.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { clippedTexts, launch, narrow, openPage, screenshot, violations, wide } from './browser.mjs';
import { MockGateway } from './mock-gateway.mjs';

/** `define` is given what shows and examines one screen, and a way to the world once it is there. */
export function everyLook(define) {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser.close());
  for (const language of ['en', 'fr']) {
    for (const theme of ['light', 'dark']) {
      for (const [size, viewport] of Object.entries({ wide, narrow })) {
        const look = { language, theme, size, viewport };
        describe(`${language}, ${theme}, ${size}`, () => oneLook(() => browser, look, define));
      }
    }
  }
}

function oneLook(browser, { language, theme, size, viewport }, define) {
  let gateway;
  let page;
  before(async () => {
    gateway = await new MockGateway().start();
    page = await openPage(browser(), { language, theme, viewport });
  });
  after(async () => {
    await page.context().close();
    await gateway.close();
  });
  const screen = (name, show) =>
    test(name, async () => {
      await show();
      await screenshot(page, `${language}-${theme}-${size}-${name}`);
      assert.deepEqual(await violations(page), []);
      assert.deepEqual(await clippedTexts(page), []);
      assert.deepEqual(page.faults, []);
    });
  define(screen, () => ({ page, gateway, language, size }));
}
