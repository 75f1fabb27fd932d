import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { ownArguments, projectArgument, projectPath, refusedSwitches } from './arguments.ts';

test.each([
  '--disable-web-security',
  '--no-sandbox',
  '--remote-debugging-port=9222',
  '--inspect',
  '-inspect=0',
  '--js-flags=--allow-natives-syntax',
  '--load-extension=/tmp/x',
  '--a-switch-of-tomorrow',
])('%s is refused', (argument) => {
  expect(refusedSwitches(['project.assay', argument])).toHaveLength(1);
});

test('how a window is drawn may be chosen', () => {
  expect(refusedSwitches(['--ozone-platform=wayland', '--force-device-scale-factor=2', 'x'])).toEqual([]);
});

test('what the runtime was given is not for Assay', () => {
  expect(ownArguments(['electron', '--inspect=0', 'out/app', 'a.assay'], false)).toEqual(['a.assay']);
  expect(ownArguments(['electron', 'out/app'], false)).toEqual([]);
  expect(ownArguments(['assay', '--lang=de', 'a.assay'], true)).toEqual(['--lang=de', 'a.assay']);
});

test('a project is found among switches and made absolute', () => {
  expect(projectArgument(['--disable-gpu', 'data/a.assay'], '/home/u')).toBe(
    resolve('/home/u', 'data/a.assay'),
  );
  expect(projectArgument(['--disable-gpu'], '/home/u')).toBeNull();
});

test('a path with a NUL byte is none', () => {
  expect(projectArgument(['a\0.assay'], '/')).toBeNull();
  expect(projectPath('/a\0b')).toBeNull();
  expect(projectPath({ toString: () => '/a' })).toBeNull();
  expect(projectPath('/a')).toBe('/a');
});
