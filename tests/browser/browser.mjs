// Chromium for the tests: the system's, never a downloaded one; started once per test file.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export function launch() {
  return chromium.launch({
    executablePath: process.env.GUICHET_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** How long anything may take on a machine that does other things as well; what is there sooner costs nothing. */
export const patience = 30_000;

export const wide = { width: 1440, height: 820 };
export const narrow = { width: 390, height: 780 };

/** A page in one language, theme and size, which fails the test on any error of script or policy. */
export async function openPage(browser, { language = 'en', theme = 'light', viewport = wide, ...rest } = {}) {
  const context = await browser.newContext({
    locale: language === 'fr' ? 'fr-FR' : 'en-GB',
    colorScheme: theme,
    viewport,
    reducedMotion: 'reduce',
    ...rest,
  });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  page.faults = [];
  page.on('pageerror', (error) => page.faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // A refused request is the subject of some tests and always logged by the browser.
    if (message.type() === 'error' && !/Failed to load resource|WebSocket connection/.test(message.text())) {
      page.faults.push(`console: ${message.text()}`);
    }
  });
  return page;
}

let folder;

/** Screenshots go to GUICHET_SCREENSHOTS, else to a temporary folder that is named once. */
export function screenshotFolder() {
  if (folder) return folder;
  folder = process.env.GUICHET_SCREENSHOTS ?? mkdtempSync(join(tmpdir(), 'guichet-screens-'));
  mkdirSync(folder, { recursive: true });
  console.log(`# screenshots in ${folder}`);
  return folder;
}

export async function screenshot(page, name) {
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(screenshotFolder(), `${name}.png`) });
}

/** Accessibility rules that the page breaks, one line each. */
export async function violations(page) {
  // Through the debugger, because the page's own policy rightly refuses foreign scripts.
  await page.evaluate(axeSource);
  const { violations: found } = await page.evaluate(() =>
    globalThis.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }),
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} (${node.failureSummary?.replaceAll('\n', ' ')})`),
  );
}

/** Texts that do not fit where they stand, truncation by design aside. */
export function clippedTexts(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('button, a, label, h1, h2, p, span')]
      .filter((element) => {
        const style = getComputedStyle(element);
        const isHidden =
          style.position === 'absolute' ||
          !element.checkVisibility() ||
          element.closest('[aria-hidden=true]');
        const isTruncated = style.textOverflow === 'ellipsis' || element.closest('.truncate');
        return (
          !isHidden &&
          !isTruncated &&
          style.display !== 'inline' &&
          element.scrollWidth > element.clientWidth + 1
        );
      })
      .map((element) => `${element.tagName} ${element.textContent?.trim().slice(0, 60)}`),
  );
}

/** Types login and password as a person does, and waits for the first list and the live line. */
export async function signIn(page, login, password) {
  await page.fill('[name=login]', login);
  await page.fill('[name=password]', password);
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-connection=live]');
  await page.waitForSelector('[data-row], [data-region=list] p');
}

/** Whether the focus has fallen to the page and stays there: what goes hands it on when its work is drawn. */
export function isLost(page) {
  return page.evaluate(async (longest) => {
    const drawn = () => new Promise((tell) => requestAnimationFrame(() => requestAnimationFrame(tell)));
    await drawn();
    for (const end = performance.now() + longest; performance.now() < end; await drawn()) {
      if (document.activeElement !== document.body) return false;
    }
    return true;
  }, 500);
}

/** The first sign-in asks how to start: the question, or null where it is not asked. */
export async function firstChoice(page) {
  await page.waitForSelector('[data-availability]');
  const isAsked = await page.evaluate(async () => {
    const { never_chosen: neverChosen } = await (await fetch('/api/v1/availability')).json();
    return neverChosen && sessionStorage.getItem('guichet.first-choice') === null;
  });
  if (!isAsked) return null;
  const card = page.locator('[role=dialog]', { has: page.locator('[data-first]') });
  await card.waitFor();
  return card;
}

/** What is tested begins after it. */
export async function putOffFirstChoice(page) {
  const card = await firstChoice(page);
  if (!card) return;
  await page.keyboard.press('Escape');
  await card.waitFor({ state: 'detached' });
}

/** Waits until it is so: what the browser shows before its request has arrived, the gateway does not know yet. */
export async function until(what, isSo) {
  for (
    const end = Date.now() + patience;
    !(await isSo());
    await new Promise((again) => setTimeout(again, 20))
  )
    assert.ok(Date.now() < end, `never: ${what}`);
}
