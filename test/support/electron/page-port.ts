import type { Page } from '@playwright/test';
import { connectPort } from '../../../rpc/transport/port.ts';
import type { Connection } from '../../../rpc/transport/client.ts';
import { addBinding } from './binding.ts';
import { Channel } from './ports.ts';

/**
 * A client in the test over a port of the page's: it asks the page's own bridge for one, the way the window's side
 * does, and passes on what comes through it.
 */
export async function connectThrough(page: Page): Promise<Connection> {
  const { port1, port2 } = new Channel();
  const name = `received${Math.random().toString(36).slice(2)}`;
  await addBinding(page, name, (text) => {
    if (text === '') port2.close();
    else port2.postMessage(text);
  });
  const asked = page.evaluate(
    `new Promise((resolve) => {
      const { postMessage } = window;
      // Caught on its way from the preload script: the page's own client takes every port that it hears of.
      window.postMessage = (data, origin, [port]) => {
        window.postMessage = postMessage;
        window.${name}Port = port;
        port.addEventListener('message', (event) => window.${name}(event.data));
        window.assay.onCore(({ state }) => state !== 'running' && window.${name}(''));
        port.start();
        resolve();
      };
      window.assay.requestPort();
    })`,
  );
  port2.on('message', ({ data }: { data: string }) => {
    void page.evaluate(`window.${name}Port.postMessage(${JSON.stringify(data)})`);
  });
  await asked;
  port2.start();
  return connectPort(port1);
}
