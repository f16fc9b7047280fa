// Sees what a text did that it should not have done: violations of the policy, scripts that ran, windows that
// opened, requests to other hosts, elements and addresses that only markup of a customer could have made.

export async function watch(context, origin) {
  const found = [];
  await context.addInitScript(() => {
    globalThis.broken = [];
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
      globalThis.broken.push(`${violatedDirective} ${blockedURI} ${sample}`);
    });
  });
  context.on('request', (request) => {
    const address = new URL(request.url());
    if (address.origin !== origin && address.protocol.startsWith('http'))
      found.push(`request ${request.url()}`);
  });
  context.on('dialog', (dialog) => {
    found.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  return found;
}

/** What is wrong with the page as it stands. */
export function effects(page) {
  return page.evaluate(() => {
    const wrong = globalThis.broken.splice(0);
    if (globalThis.stolen !== undefined) wrong.push('a script of a customer ran');
    for (const element of document.querySelectorAll(
      'iframe, object, embed, base, math, body script, body link, body style',
    )) {
      wrong.push(`element ${element.outerHTML.slice(0, 120)}`);
    }
    for (const element of document.body.querySelectorAll('*')) {
      for (const { name, value } of element.attributes) {
        if (/^on/i.test(name)) wrong.push(`attribute ${name}=${value}`);
        const isAddress = name === 'href' || name === 'src' || name === 'action';
        if (isAddress && !/^(https?:|mailto:|\/(?!\/)|#|tel:|blob:)/i.test(value))
          wrong.push(`address ${value}`);
        if (name === 'src' && /^https?:/i.test(value) && !value.startsWith(location.origin))
          wrong.push(`source ${value}`);
      }
    }
    return wrong;
  });
}
