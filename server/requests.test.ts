import { once } from 'node:events';
import { connect } from 'node:net';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { Project } from '../core/project/project.ts';
import { smallPages, startServed, type ServedWorkbench } from '../test/support/served.ts';
import { temporaryFolder } from '../test/support/folders.ts';
import { requestText, sendRaw, tokenOf, Visitor } from './testing/raw.ts';

const KEY = '0123456789abcdef';
const HASH = 'a'.repeat(64);
let served: ServedWorkbench;
let visitor: Visitor;
const { pages, remove } = smallPages();

beforeAll(async () => {
  served = await startServed(undefined, { pages });
  visitor = new Visitor(served.origin);
  await visitor.enter(served.url);
});
afterAll(async () => {
  await served.close();
  remove();
});

describe('paths', () => {
  const probes = [
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/package.json',
    '/%2e%2e%2fpackage.json',
    '/..\\package.json',
    '/%5c..%5cpackage.json',
    '/index.html%00.js',
    '/index.html\0',
    '/INDEX~1.HTM',
    '/index.html::$DATA',
    '/index.html:stream',
    '//evil.example/share/x',
    '/\\\\evil.example\\share\\x',
    '/index.html#x',
    '/index.html?raw',
    '/index%2ehtml',
    '/assets%2f..%2findex.html',
    '/notes.md',
    '/.env',
    '/@fs/etc/passwd',
    `/file/${KEY}/thumb/../../../../etc/passwd`,
    `/file/${KEY}/thumb/%2e%2e%2f%2e%2e%2fetc%2fpasswd`,
    `/file/${KEY}/thumb/..\\..\\windows\\win.ini`,
    `/file/${KEY}/thumb/${HASH}%00`,
    `/file/${KEY}/thumb/${HASH}/`,
    `/file/${KEY}/thumb/${HASH.toUpperCase()}`,
    `/file/${KEY}/thumb/${HASH}::$DATA`,
    `/file/${KEY}/thumb/C:\\x`,
    `/file/${KEY}/thumb/\\\\host\\share`,
    `/file/${KEY}/other/${HASH}`,
    `/file/${KEY}/pca%2f/-`,
    `/file/project/thumb/${HASH}`,
  ];

  test.each(probes)('%j leads nowhere', async (target) => {
    const { status, body } = await visitor.send('GET', target);
    // 400 where Node itself refuses to parse the line.
    expect([400, 404]).toContain(status);
    expect(body).not.toMatch(/doctype|"name"|root:/);
  });

  test('a key that nobody was given leads nowhere', async () => {
    const { status, body } = await visitor.send('GET', `/file/${KEY}/thumb/${HASH}`);
    expect([status, body]).toEqual([404, expect.stringContaining('open the project again')]);
  });
});

describe('answers', () => {
  test.each([
    ['GET', '/', 200, 'text/html; charset=utf-8', 'no-store'],
    ['HEAD', '/', 200, 'text/html; charset=utf-8', 'no-store'],
    ['GET', '/main.js', 200, 'text/javascript; charset=utf-8', 'no-store'],
    ['GET', '/nothing', 404, 'text/plain; charset=utf-8', 'no-store'],
    ['GET', `/file/${KEY}/thumb/${HASH}`, 404, 'text/plain; charset=utf-8', 'no-store'],
    ['PUT', '/', 405, 'text/plain; charset=utf-8', 'no-store'],
    ['DELETE', '/session', 405, 'text/plain; charset=utf-8', 'no-store'],
  ])('%s %s is %i with every protection', async (method, target, status, type, cache) => {
    const answer = await visitor.send(method, target);
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject({
      'content-type': type,
      'cache-control': cache,
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
    });
    expect(answer.headers['server']).toBeUndefined();
  });

  test('a HEAD has no body', async () => {
    expect((await visitor.send('HEAD', '/')).body).toBe('');
  });
});

describe('size and patience', () => {
  test('a body is refused unread', async () => {
    const headers = { 'x-assay-token': tokenOf(served.newUrl()), 'Content-Length': '5' };
    expect((await visitor.send('POST', '/session', headers)).status).toBe(413);
    expect((await visitor.send('POST', '/session', { 'Transfer-Encoding': 'chunked' })).status).toBe(413);
  });

  test('headers of more than 16 KiB are refused', async () => {
    expect((await visitor.send('GET', '/', { 'x-long': 'x'.repeat(20_000) })).status).toBe(431);
  });

  test('a message of more than 8 MiB ends its connection, and no other', async () => {
    const [one, other] = [(await visitor.socket()) as WebSocket, (await visitor.socket()) as WebSocket];
    one.on('error', () => undefined);
    const closed = once(one, 'close') as Promise<[number]>;
    one.send('x'.repeat(8 * 1024 * 1024 + 1));
    expect((await closed)[0]).toBe(1009);
    const answered = once(other, 'message') as Promise<[Buffer]>;
    other.send('{"i":"1","p":{"u":"/catalog/formats","b":{}}}');
    expect((await answered)[0].toString()).toContain('"imports"');
    other.terminate();
  });

  test('a binary message ends its connection', async () => {
    const socket = (await visitor.socket()) as WebSocket;
    const closed = once(socket, 'close') as Promise<[number]>;
    socket.send(Buffer.from([1, 2, 3]));
    expect((await closed)[0]).toBe(1003);
  });

  test('a garbled message ends its connection, and the core lives', async () => {
    const pid = served.corePid();
    const socket = (await visitor.socket()) as WebSocket;
    const closed = once(socket, 'close');
    socket.send('no message');
    await closed;
    expect((await served.core().catalog.formats()).imports.length).toBeGreaterThan(0);
    expect(served.corePid()).toBe(pid);
  });

  test('the 65th window is refused', async () => {
    const own = await startServed(undefined, { pages });
    onTestFinished(() => own.close());
    const one = new Visitor(own.origin);
    await one.enter(own.url);
    for (let i = 0; i < 64; i++) expect(await one.socket()).toBeInstanceOf(WebSocket);
    expect(await one.socket()).toBe(503);
  });

  test('idle connections of others keep no window out, and end none', async () => {
    const window = (await visitor.socket()) as WebSocket;
    const idle = Array.from({ length: 600 }, () => connect(visitor.port, '127.0.0.1').on('error', () => {}));
    onTestFinished(() => idle.forEach((socket) => socket.destroy()));
    await Promise.all(idle.map((socket) => Promise.race([once(socket, 'connect'), once(socket, 'close')])));
    const another = new Visitor(served.origin);
    expect((await another.enter(served.newUrl())).status).toBe(200);
    const second = (await another.socket()) as WebSocket;
    expect([window.readyState, second.readyState]).toEqual([WebSocket.OPEN, WebSocket.OPEN]);
    window.close();
    second.close();
  });

  test('who sends its headers too slowly is let go', { timeout: 30_000 }, async () => {
    const { status } = await sendRaw(
      visitor.port,
      `GET / HTTP/1.1\r\nHost: 127.0.0.1:${visitor.port}\r\nX-Slow: `,
    );
    expect(status).toBe(408);
  });

  test('what is no HTTP is refused', async () => {
    expect((await sendRaw(visitor.port, 'NONSENSE\r\n\r\n')).status).toBe(400);
    const twice = requestText('GET', '/', { Host: `127.0.0.1:${visitor.port}` }).replace(
      '\r\n\r\n',
      '\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    expect((await sendRaw(visitor.port, twice)).status).toBe(400);
  });
});

describe('HTML that pretends to be a picture', () => {
  test('leaves as a picture or not at all, whatever lies in the project', async () => {
    const folder = temporaryFolder();
    const project = Project.create(join(folder, 'p'), 'ada');
    project.close();
    const thumbs = join(project.folder, 'thumbs', 'aa');
    mkdirSync(thumbs, { recursive: true });
    writeFileSync(join(thumbs, `${HASH}.webp`), '<script>alert(1)</script>');
    const { key } = await served.core().projects.open({ project: project.folder });
    const answer = await visitor.send('GET', `/file/${key}/thumb/${HASH}`);
    expect([answer.status, answer.headers['content-type'], answer.headers['x-content-type-options']]).toEqual(
      [200, 'image/webp', 'nosniff'],
    );
    expect((await visitor.send('GET', `/file/${key}/image/${HASH}`)).status).toBe(404);
  });
});
