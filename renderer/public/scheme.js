// Runs before the first paint, which the settings, asked of the core, come too late for.
(() => {
  const chosen = localStorage.getItem('assay:theme');
  const isDark =
    chosen === 'light' || chosen === 'dark'
      ? chosen === 'dark'
      : !matchMedia('(prefers-color-scheme: light)').matches;
  document.documentElement.setAttribute('data-mantine-color-scheme', isDark ? 'dark' : 'light');
})();
