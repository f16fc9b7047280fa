// Runs before the first paint so that a dark screen never flashes white. A file of its own because the
// content security policy allows no inline script.
(function () {
  try {
    var theme = localStorage.getItem('guichet.theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
    var language = localStorage.getItem('guichet.language');
    if (language === 'en' || language === 'fr') document.documentElement.lang = language;
  } catch {
    // Storage may be forbidden; the system's theme and the browser's language are then used.
  }
})();
