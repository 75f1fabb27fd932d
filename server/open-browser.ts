import { spawn } from 'node:child_process';

/** Whether this machine seems to have a screen with somebody in front of it. */
export function hasDisplay(): boolean {
  if (process.env['CI']) return false;
  if (process.platform === 'win32') return true;
  if (process.platform === 'darwin') return !process.env['SSH_CONNECTION'];
  return Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}

/** Opens the system's browser. If that fails nothing happens: the address has been printed. */
export function openBrowser(url: string): void {
  const [command, ...args] =
    process.platform === 'win32'
      ? ['rundll32', 'url.dll,FileProtocolHandler', url]
      : [process.platform === 'darwin' ? 'open' : 'xdg-open', url];
  const opener = spawn(command, args, { stdio: 'ignore', detached: true });
  opener.on('error', () => undefined);
  opener.unref();
}
