import {
  app,
  session,
  type Session,
  type WebContents,
  type WebFrameMain,
  type WebPreferences,
} from 'electron';
import { ORIGIN, PAGE } from './addresses.ts';

/** Of every window. Most are Electron's defaults by now: named here so that no release can change them unseen. */
export const WEB_PREFERENCES = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  enableBlinkFeatures: '',
  webviewTag: false,
  navigateOnDragDrop: false,
  plugins: false,
  spellcheck: false,
  safeDialogs: true,
} as const satisfies WebPreferences;

/** Whether a message comes from the page itself: the top frame of a window, of our only origin. */
export function isOwnPage({ senderFrame }: { senderFrame: WebFrameMain | null }): boolean {
  return senderFrame !== null && senderFrame.parent === null && senderFrame.origin === ORIGIN;
}

/** Whether a window may ask for this address at all. */
function isOwnAddress(address: string, isPackaged: boolean): boolean {
  if (address.startsWith(`${ORIGIN}/`) || address.startsWith(`blob:${ORIGIN}/`)) return true;
  return !isPackaged && address.startsWith('devtools://');
}

/** Denies everything that no window of Assay needs. Call it once, when the app is ready and before the first window. */
export function guardSession(): void {
  denyPermissions(session.defaultSession);
  session.defaultSession.on('will-download', (event) => event.preventDefault());
  session.defaultSession.webRequest.onBeforeRequest(({ url }, answer) =>
    answer({ cancel: !isOwnAddress(url, app.isPackaged) }),
  );
}

function denyPermissions(of: Session): void {
  of.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  of.setPermissionCheckHandler(() => false);
  of.setDevicePermissionHandler(() => false);
  of.setDisplayMediaRequestHandler((_request, answer) => answer(null));
  of.setBluetoothPairingHandler((_details, answer) => answer({ confirmed: false }));
}

/** Applies the rules to every page, however it was created. Call it before the app is ready. */
export function guardContents(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame || !isPage(event.url)) event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
    if (!isExpected(contents)) contents.close();
  });
}

/** Only a reload stays on the page. Routes are fragments, so changing one is not a navigation. */
function isPage(address: string): boolean {
  return address.replace(/#.*$/s, '') === PAGE;
}

/** Only windows, and their developer tools where Assay runs from its sources. */
function isExpected(contents: WebContents): boolean {
  const type = contents.getType();
  return type === 'window' || (type === 'remote' && !app.isPackaged);
}
