import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readWindowState, writeWindowState } from './window-state.ts';

const SCREENS = [
  { x: 0, y: 0, width: 1920, height: 1080 },
  { x: -1280, y: 0, width: 1280, height: 1024 },
];

function file(): string {
  const folder = mkdtempSync(join(tmpdir(), 'assay-window-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'kept', 'window.json');
}

test('a window comes back where it was', () => {
  const kept = file();
  const state = { bounds: { x: -1200, y: 10, width: 1000, height: 800 }, isMaximised: true };
  writeWindowState(kept, state);
  expect(readWindowState(kept, SCREENS)).toEqual(state);
});

test('not on a screen that is gone, and not out of reach', () => {
  const kept = file();
  writeWindowState(kept, { bounds: { x: -1200, y: 10, width: 1000, height: 800 }, isMaximised: false });
  expect(readWindowState(kept, SCREENS.slice(0, 1))).toBeNull();
  writeWindowState(kept, { bounds: { x: 0, y: -900, width: 1000, height: 800 }, isMaximised: false });
  expect(readWindowState(kept, SCREENS)).toBeNull();
});

test('a file that says something else is as good as none', () => {
  const kept = file();
  expect(readWindowState(kept, SCREENS)).toBeNull();
  writeWindowState(kept, { bounds: { x: 0, y: 0, width: 1000, height: 800 }, isMaximised: false });
  for (const text of ['', '{"bounds":{"x":0,"y":0,"width":3,"height":3},"isMaximised":false}', '[1]']) {
    writeFileSync(kept, text);
    expect(readWindowState(kept, SCREENS)).toBeNull();
  }
});
