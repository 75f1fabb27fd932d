import { MantineProvider } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Notifications } from '@mantine/notifications';
import { useEffect, type ReactNode } from 'react';
import { useSettings } from './settings.tsx';
import { cssVariablesResolver, theme } from './theme-values.ts';

/** `auto` follows the system. */
export function useColorScheme(): 'light' | 'dark' {
  const { settings, isLoaded } = useSettings();
  const systemIsLight = useMediaQuery('(prefers-color-scheme: light)', undefined, {
    getInitialValueInEffect: false,
  });
  // Until the settings are here, what the page was painted with before anything ran: no flash.
  if (!isLoaded)
    return document.documentElement.getAttribute('data-mantine-color-scheme') === 'light' ? 'light' : 'dark';
  if (settings.theme !== 'auto') return settings.theme;
  return systemIsLight ? 'light' : 'dark';
}

export function Theme({ children }: { children: ReactNode }) {
  const { settings, isLoaded } = useSettings();
  const scheme = useColorScheme();
  useEffect(() => {
    // For public/scheme.js, which runs before the first paint.
    if (isLoaded) localStorage.setItem('assay:theme', settings.theme);
  }, [isLoaded, settings.theme]);
  useEffect(() => {
    // Paper is light.
    const root = document.documentElement;
    const toPaper = (): void => root.setAttribute('data-mantine-color-scheme', 'light');
    const toScreen = (): void => root.setAttribute('data-mantine-color-scheme', scheme);
    window.addEventListener('beforeprint', toPaper);
    window.addEventListener('afterprint', toScreen);
    return () => {
      window.removeEventListener('beforeprint', toPaper);
      window.removeEventListener('afterprint', toScreen);
    };
  }, [scheme]);
  return (
    <MantineProvider
      theme={theme}
      forceColorScheme={scheme}
      // The page's policy forbids <style>: theme-variables.css holds what would stand in it.
      cssVariablesResolver={cssVariablesResolver}
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <Notifications position="bottom-right" limit={4} />
      {children}
    </MantineProvider>
  );
}
