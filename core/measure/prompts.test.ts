import { describe, expect, test } from 'vitest';
import { NO_PROMPTS, promptsOf } from './prompts.ts';

const names = ['hex-bolt', 'o_ring', 'gear'];

describe('promptsOf', () => {
  test('says the name of each class as words in the default sentence', () => {
    expect(promptsOf(names, NO_PROMPTS)).toEqual([
      ['A photo depicts hex bolt'],
      ['A photo depicts o ring'],
      ['A photo depicts gear'],
    ]);
  });

  test('fills every place of every template, and leaves signs of replacement alone', () => {
    const templates = ['{class}, a {class}', 'one {class}'];
    expect(promptsOf(['a$&b'], { templates, prompts: [] })).toEqual([['a$&b, a a$&b', 'one a$&b']]);
  });

  test('takes the prompts of a class in place of the templates', () => {
    const prompts = [
      { label: 'gear', prompt: 'a toothed wheel' },
      { label: ' gear\u00A0', prompt: 'a {class} wheel' },
    ];
    expect(promptsOf(names, { templates: ['one {class}'], prompts })).toEqual([
      ['one hex bolt'],
      ['one o ring'],
      ['a toothed wheel', 'a gear wheel'],
    ]);
  });

  test.each([
    ['a template that says the same of all', { templates: ['a photo'], prompts: [] }, /has no {class} in it/],
    ['a class that is none', { templates: [], prompts: [{ label: 'nut', prompt: 'a nut' }] }, /"nut"/],
  ])('refuses %s', (_what, options, message) => {
    expect(() => promptsOf(names, options)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringMatching(message) }),
    );
  });
});
