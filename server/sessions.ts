import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const TOKEN_LIFE_MS = 5 * 60_000;
const MOST_TOKENS = 16;
const MOST_SESSIONS = 32;

interface Session {
  id: string;
  csrf: string;
}

/**
 * Who may talk to this server. A token, given to the person at the terminal, is exchanged once for a session: a value
 * for the cookie, and another one that only pages of this very origin can keep. All of it ends with the process.
 */
export class Sessions {
  readonly #now: () => number;
  readonly #tokens = new Map<string, number>();
  readonly #sessions = new Set<Session>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  issueToken(): string {
    const token = secret();
    this.#tokens.set(token, this.#now() + TOKEN_LIFE_MS);
    dropOldest(this.#tokens, MOST_TOKENS);
    return token;
  }

  /** A new session for a token that was issued within five minutes and not used; else null. */
  exchange(token: string): Session | null {
    for (const [issued, until] of this.#tokens) {
      if (!isEqual(issued, token)) continue;
      this.#tokens.delete(issued);
      if (this.#now() > until) return null;
      const session = { id: secret(), csrf: secret() };
      this.#sessions.add(session);
      dropOldest(this.#sessions, MOST_SESSIONS);
      return session;
    }
    return null;
  }

  /** Whether the cookie's value is a session's; with `csrf`, whether that is the value that belongs to it. */
  holds(id: string | null, csrf?: string | null): boolean {
    if (id === null || csrf === null) return false;
    for (const session of this.#sessions)
      if (isEqual(session.id, id)) return csrf === undefined || isEqual(session.csrf, csrf);
    return false;
  }
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

/** In a time that does not depend on where they differ. */
function isEqual(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function dropOldest(kept: Map<string, unknown> | Set<Session>, most: number): void {
  for (const key of kept.keys()) {
    if (kept.size <= most) return;
    (kept as Set<unknown>).delete(key);
  }
}
