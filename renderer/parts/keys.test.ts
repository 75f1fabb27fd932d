import { describe, expect, test } from 'vitest';
import {
  ACTIONS,
  actionOf,
  actionOfChord,
  bindingsOf,
  chordLabel,
  chordsOf,
  chordToBind,
  conflictsOf,
  labelAction,
  labelIndex,
  swapped,
  type KeyPress,
} from './keys.ts';

const press = (code: string, key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  code,
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});
const own = bindingsOf({});

describe('the built-in keys', () => {
  test('are those that annotators know, and none is claimed twice', () => {
    const shown = Object.fromEntries([...ACTIONS].map(([id, { key }]) => [id, chordLabel(key)]));
    expect(shown).toMatchObject({
      accept: 'A',
      reject: 'X',
      skip: 'Space',
      flag: 'F',
      undo: 'Backspace',
      'label-1': '1',
      'label-10': '0',
      'label-11': 'Shift+1',
      'label-20': 'Shift+0',
      compare: 'C',
      palette: 'Ctrl+K',
      help: '?',
    });
    expect(conflictsOf(own)).toEqual(new Map());
  });

  test.each([
    ['accept', press('KeyA', 'a')],
    ['accept', press('KeyA', 'ф')],
    ['accept', press('KeyA', 'q')],
    ['choose-all', press('KeyA', 'a', { ctrlKey: true })],
    ['relabel', press('KeyR', 'r')],
    ['undo', press('Backspace', 'Backspace')],
    ['undo', press('KeyZ', 'z', { ctrlKey: true })],
    ['undo', press('KeyZ', 'z', { metaKey: true })],
    ['actual-size', press('KeyZ', 'z')],
    ['label-3', press('Digit3', '"')],
    ['label-6', press('Digit6', '-')],
    ['label-13', press('Digit3', '3', { shiftKey: true })],
    ['search-label', press('Slash', '/')],
    ['search-label', press('Digit7', '/', { shiftKey: true })],
    ['help', press('Slash', '?', { shiftKey: true })],
    ['zoom-in', press('Equal', '+', { shiftKey: true })],
    ['zoom-in', press('Equal', '=')],
    ['zoom-in', press('NumpadAdd', '+')],
    ['zoom-out', press('Minus', '-')],
  ] as const)('%s', (action, pressed) => {
    expect(actionOf(own, pressed)).toBe(action);
  });

  test('nothing is done by the browser’s own chords, by modifiers alone and by unbound keys', () => {
    expect(actionOf(own, press('KeyS', 's', { ctrlKey: true }))).toBeNull();
    expect(actionOf(own, press('KeyC', 'c', { metaKey: true }))).toBeNull();
    expect(actionOf(own, press('KeyA', 'A', { shiftKey: true }))).toBeNull();
    expect(chordsOf(press('ShiftLeft', 'Shift', { shiftKey: true }))).toEqual([]);
    expect(actionOf(own, press('F8', 'F8'))).toBeNull();
  });
});

test('a rebound action answers to its new key only; keys that cannot be rebound stay', () => {
  const bindings = bindingsOf({ accept: 'KeyJ', undo: 'KeyU', relabel: 'KeyL', unheardOf: 'KeyA' });
  expect(actionOf(bindings, press('KeyL', 'l'))).toBe('relabel');
  expect(actionOf(bindings, press('KeyR', 'r'))).toBeNull();
  expect(actionOf(bindings, press('KeyJ', 'j'))).toBe('accept');
  expect(actionOf(bindings, press('KeyA', 'a'))).toBeNull();
  expect(actionOf(bindings, press('KeyU', 'u'))).toBe('undo');
  expect(actionOf(bindings, press('KeyZ', 'z', { ctrlKey: true }))).toBe('undo');
});

test('two actions on one key are named, and the first acts', () => {
  const bindings = bindingsOf({ flag: 'KeyA' });
  expect(conflictsOf(bindings)).toEqual(new Map([['KeyA', ['accept', 'flag']]]));
  expect(actionOf(bindings, press('KeyA', 'a'))).toBe('accept');
});

test('a key to bind is remembered by its place, or by its sign; Escape and Tab stay free', () => {
  expect(chordToBind(press('KeyJ', 'J', { shiftKey: true }))).toBe('Shift+KeyJ');
  expect(chordToBind(press('Digit8', '*', { shiftKey: true }))).toBe('*');
  expect(chordToBind(press('Escape', 'Escape'))).toBeNull();
  expect(chordToBind(press('Tab', 'Tab'))).toBeNull();
  expect(chordToBind(press('AltLeft', 'Alt', { altKey: true }))).toBeNull();
});

test('labels follow the keyboard’s own layout', () => {
  const azerty = new Map([
    ['KeyA', 'q'],
    ['Digit1', '&'],
  ]);
  expect(chordLabel('KeyA', azerty)).toBe('Q');
  expect(chordLabel('Digit1', azerty)).toBe('1');
  expect(chordLabel('Mod+KeyZ', undefined, true)).toBe('⌘+Z');
  expect(chordLabel('+')).toBe('+');
});

test('label actions count from the first class', () => {
  expect(labelAction(0)).toBe('label-1');
  expect(labelAction(20)).toBeNull();
  expect(labelIndex('label-20')).toBe(19);
  expect(labelIndex('accept')).toBeNull();
});

test('two actions swap their keys, and a built-in key is no setting', () => {
  const taken = actionOfChord(bindingsOf({}), 'KeyX');
  expect(taken).toBe('reject');
  const mine = swapped({ flag: 'F8' }, 'accept', { chord: 'KeyX', by: 'reject' });
  expect(mine).toEqual({ flag: 'F8', accept: 'KeyX', reject: 'KeyA' });
  expect(swapped(mine, 'accept', { chord: 'KeyA', by: 'reject' })).toEqual({ flag: 'F8' });
  expect(conflictsOf(bindingsOf(mine)).size).toBe(0);
  expect(actionOfChord(bindingsOf({}), 'F8')).toBeNull();
});
