import { afterAll, describe, expect, test } from 'vitest';
import { CHROMIUM, openWindow, stopBrowser } from './browser.ts';
import { layoutFaults } from './layout.ts';

const page = (body: string): string =>
  `data:text/html,${encodeURIComponent(`<!doctype html><style>* { margin: 0; font: 16px monospace } button { width: 200px; height: 40px; border: 0 }</style>${body}`)}`;

describe.skipIf(!CHROMIUM)(`what could not be used${CHROMIUM ? '' : ' (skipped: no Chromium here)'}`, () => {
  afterAll(stopBrowser);
  test.each<[string, string, string[]]>([
    ['a control in sight', '<button>Accept</button>', []],
    [
      'under something',
      '<button>Accept</button><p style="position:fixed;top:0;left:0;width:150px;height:30px">Saved</p>',
      ['button "Accept" lies under p "Saved"'],
    ],
    [
      'cut by an edge',
      '<div aria-label="bar" style="width:150px;overflow:hidden"><button>Accept</button></div>',
      ['button "Accept" is cut by div "bar"'],
    ],
    [
      'to be scrolled to',
      '<div style="height:60px;overflow:auto"><button>Accept</button><br><button>Reject</button></div>',
      [],
    ],
    [
      'beside the window',
      '<button style="position:fixed;left:1400px">Accept</button>',
      ['button "Accept" lies outside the window'],
    ],
    [
      'words that do not fit',
      '<button style="overflow:hidden;white-space:nowrap">A label of very many words</button>',
      ['the words of button "A label of very many words" are cut'],
    ],
    [
      'words that end in dots',
      '<button style="overflow:hidden;white-space:nowrap;text-overflow:ellipsis">A label of very many words</button>',
      [],
    ],
    [
      'a page that is too wide',
      '<p style="width:1600px">wide</p>',
      [expect.stringMatching(/^html.* scrolls sideways by 160 px$/) as string],
    ],
  ])('%s', async (_, body, faults) => {
    const { page: window } = await openWindow(page(body));
    expect(await layoutFaults(window)).toEqual(faults);
  });
});
