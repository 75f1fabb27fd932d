import type { CDPSession, Page } from '@playwright/test';

/**
 * Gives every document of a page a function of that name that takes one text. Not `page.exposeBinding`: two clients of
 * one Chromium answer each other's calls of those.
 */
export async function addBinding(
  page: Page,
  name: string,
  called: (text: string, contextId: number) => void,
): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  session.on('Runtime.bindingCalled', (call) => {
    if (call.name === name) called(call.payload, call.executionContextId);
  });
  await session.send('Runtime.addBinding', { name });
  return session;
}
