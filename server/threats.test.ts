import { once } from 'node:events';
import { createConnection } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { smallPages, startServed, type ServedWorkbench } from '../test/support/served.ts';
import { tokenOf, Visitor } from './testing/raw.ts';

const KEY = '0123456789abcdef';
const HASH = 'a'.repeat(64);
let served: ServedWorkbench;
let visitor: Visitor;
let nowMs = Date.now();
const { pages, remove } = smallPages();

beforeAll(async () => {
  served = await startServed(undefined, { pages, now: () => nowMs });
  visitor = new Visitor(served.origin);
  await visitor.enter(served.url);
});
afterAll(async () => {
  await served.close();
  remove();
});

describe('DNS rebinding', () => {
  test.each([
    'evil.example',
    'evil.example:PORT',
    '127.0.0.1',
    '127.0.0.1:1',
    'localhost.evil.example:PORT',
    '127.0.0.1.evil.example:PORT',
    '0.0.0.0:PORT',
    '[::1]:PORT',
    'LOCALHOST:PORT@evil.example',
  ])('a request for the host %s is refused, with a session too', async (name) => {
    const host = name.replace('PORT', String(visitor.port));
    for (const target of ['/', '/session', `/file/${KEY}/thumb/${HASH}`])
      expect((await visitor.send('GET', target, { Host: host })).status).toBe(403);
    expect(await visitor.socket({ headers: { Host: host, Origin: `http://${host}` } })).toBe(403);
  });

  test('a request without a host, or for an absolute address, is refused', async () => {
    expect((await visitor.send('GET', '/', { Host: '' })).status).toBe(400);
    expect((await visitor.send('GET', 'http://evil.example/')).status).toBe(404);
  });

  test('127.0.0.1 and localhost are the two names that it has', async () => {
    for (const name of ['127.0.0.1', 'localhost'])
      expect((await visitor.send('GET', '/', { Host: `${name}:${visitor.port}` })).status).toBe(200);
  });

  test('it listens on 127.0.0.1 and on nothing else', async () => {
    const elsewhere = createConnection(visitor.port, '127.0.0.2');
    onTestFinished(() => void elsewhere.destroy());
    await expect(once(elsewhere, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('a page of another origin', () => {
  const foreign = [
    '',
    'null',
    'http://evil.example',
    'https://127.0.0.1:PORT',
    'http://127.0.0.1:1',
    'file://',
  ];

  test.each(foreign)('cannot exchange a token: Origin %j', async (origin) => {
    const token = tokenOf(served.newUrl());
    const headers = { Origin: origin.replace('PORT', String(visitor.port)), 'x-assay-token': token };
    expect((await visitor.send('POST', '/session', headers)).status).toBe(403);
    expect((await visitor.send('POST', '/session', { 'x-assay-token': token })).status).toBe(200);
  });

  test.each(foreign)(
    'cannot open a WebSocket, with the cookie and even the second value: Origin %j',
    async (origin) => {
      const Origin = origin.replace('PORT', String(visitor.port));
      expect(await visitor.socket({ headers: { Origin } })).toBe(403);
    },
  );

  test.each(['cross-site', 'same-site'])('cannot ask for a picture: Sec-Fetch-Site %s', async (site) => {
    const answer = await visitor.send('GET', `/file/${KEY}/thumb/${HASH}`, { 'Sec-Fetch-Site': site });
    expect(answer.status).toBe(401);
  });

  test('is told by no header that it may read anything', async () => {
    for (const [method, target] of [
      ['OPTIONS', '/session'],
      ['GET', '/'],
      ['GET', '/nothing'],
      ['POST', '/session'],
    ] as const) {
      const { headers } = await visitor.send(method, target, {
        Origin: 'http://evil.example',
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'x-assay-token',
      });
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    }
  });
});

describe('sessions', () => {
  test('an upgrade without one is refused, and so is one with the cookie alone or a wrong second value', async () => {
    expect(await visitor.socket({ headers: { Cookie: '' } })).toBe(401);
    expect(await visitor.socket({ protocols: ['assay'] })).toBe(401);
    expect(await visitor.socket({ protocols: ['assay', 'csrf.'] })).toBe(401);
    expect(await visitor.socket({ protocols: ['assay', `csrf.${'A'.repeat(43)}`] })).toBe(401);
    expect(await visitor.socket({ protocols: [`csrf.${visitor.csrf}`] })).toBe(401);
    expect(await visitor.socket({ path: '/' })).toBe(404);
    const socket = await visitor.socket();
    expect(socket).toBeInstanceOf(WebSocket);
    expect((socket as WebSocket).protocol).toBe('assay');
    (socket as WebSocket).terminate();
  });

  test('one session does not take the second value of another', async () => {
    const other = new Visitor(served.origin);
    await other.enter(served.newUrl());
    other.csrf = visitor.csrf;
    expect(await other.socket()).toBe(401);
  });

  test('the cookie is strict, unseen by scripts, and named for the port', async () => {
    const { headers } = await new Visitor(served.origin).enter(served.newUrl());
    expect(headers['set-cookie']).toMatch(
      new RegExp(`^assay-${visitor.port}=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/$`),
    );
  });

  test('a token works once', async () => {
    const url = served.newUrl();
    expect((await new Visitor(served.origin).enter(url)).status).toBe(200);
    expect((await new Visitor(served.origin).enter(url)).status).toBe(401);
  });

  test('a token ends after five minutes', async () => {
    const [early, late] = [served.newUrl(), served.newUrl()];
    nowMs += 299_000;
    expect((await new Visitor(served.origin).enter(early)).status).toBe(200);
    nowMs += 2000;
    expect((await new Visitor(served.origin).enter(late)).status).toBe(401);
  });

  test('a token is not taken from the address, nor from a cookie', async () => {
    const token = tokenOf(served.newUrl());
    expect((await visitor.send('GET', `/?token=${token}`)).status).toBe(404);
    expect((await visitor.send('POST', `/session?token=${token}`)).status).toBe(405);
    expect((await visitor.send('POST', '/session', { Cookie: `token=${token}` })).status).toBe(401);
  });

  test('the page learns whether its session holds only with both values', async () => {
    const mine = { 'x-assay-csrf': visitor.csrf };
    expect((await visitor.send('GET', '/session', mine)).body).toBe('{"ready":true,"message":null}');
    expect((await visitor.send('GET', '/session')).status).toBe(401);
    expect((await visitor.send('GET', '/session', { ...mine, Cookie: '' })).status).toBe(401);
    expect((await visitor.send('GET', '/session', { ...mine, 'Sec-Fetch-Site': 'same-site' })).status).toBe(
      401,
    );
  });

  test('a cookie beside another one of the same name is not believed', async () => {
    const Cookie = `${visitor.cookie}; assay-${visitor.port}=planted`;
    expect(await visitor.socket({ headers: { Cookie } })).toBe(401);
  });

  test('a session and its tokens end with the server', async () => {
    const first = await startServed(undefined, { pages });
    const old = new Visitor(first.origin);
    await old.enter(first.url);
    const unused = first.newUrl();
    await first.close();
    const second = await startServed(undefined, { pages, port: old.port });
    onTestFinished(() => second.close());
    expect(await old.socket()).toBe(401);
    expect((await old.send('GET', '/session', { 'x-assay-csrf': old.csrf })).status).toBe(401);
    expect((await new Visitor(second.origin).enter(unused)).status).toBe(401);
  });

  test('at most 32 are kept: the oldest goes', async () => {
    const own = await startServed(undefined, { pages });
    onTestFinished(() => own.close());
    const visitors: Visitor[] = [];
    for (let i = 0; i < 33; i++) {
      const one = new Visitor(own.origin);
      await one.enter(own.newUrl());
      visitors.push(one);
    }
    expect(await visitors[0]!.socket()).toBe(401);
    const newest = await visitors[32]!.socket();
    expect(newest).toBeInstanceOf(WebSocket);
    (newest as WebSocket).terminate();
  });

  test('nothing that the server says holds a token', () => {
    expect(served.said.join('\n')).not.toContain('token');
  });
});
