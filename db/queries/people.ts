import type { Database } from 'better-sqlite3';
import type { PersonState } from '../../rpc/contract/people.ts';

export interface PersonRow {
  id: string;
  name: string;
  /** A JSON list. */
  roles: string;
  identityHow: string;
  identityBy: string;
  state: PersonState;
  codeHash: string | null;
  codeUntil: string | null;
  resetBy: string | null;
  maySign: number;
  failures: number;
  failedAt: string | null;
  signedInAt: string | null;
  publicKey: string | null;
}

type NewPerson = Pick<
  PersonRow,
  'id' | 'name' | 'roles' | 'identityHow' | 'identityBy' | 'state' | 'codeHash' | 'codeUntil'
>;

interface AccessRow {
  idleMinutes: number;
  /** Canonical JSON; null until they are set. */
  requirements: string | null;
}

export interface CompetenceRow {
  id: number;
  person: string;
  kind: 'credential' | 'training' | 'calibration';
  /** Canonical JSON. */
  body: string;
  at: string;
  recordedBy: string;
  seq: number;
  withdrawn: string | null;
}

export interface GuidelineRow {
  seq: number;
  sha256: string;
  text: string;
  at: string;
  publishedBy: string;
}

/** Columns of a person that events change, one by one. */
const CHANGES = {
  name: 'name',
  roles: 'roles',
  state: 'state',
  codeHash: 'code_hash',
  codeUntil: 'code_until',
  resetBy: 'reset_by',
  maySign: 'may_sign',
  failures: 'failures',
  failedAt: 'failed_at',
  signedInAt: 'signed_in_at',
} as const;

/** Accounts, keys, competence and guidelines. */
export function peopleQueries(db: Database) {
  const PERSON = `SELECT p.id, p.name, p.roles, p.identity_how AS identityHow, p.identity_by AS identityBy, p.state,
      p.code_hash AS codeHash, p.code_until AS codeUntil, p.reset_by AS resetBy, p.may_sign AS maySign, p.failures,
      p.failed_at AS failedAt, p.signed_in_at AS signedInAt,
      (SELECT k.public_key FROM person_key k WHERE k.person = p.id AND k.until_seq IS NULL) AS publicKey
    FROM person p`;
  const access = db.prepare<[], AccessRow>(
    'SELECT idle_minutes AS idleMinutes, requirements FROM access WHERE id = 1',
  );
  const turnOn = db.prepare<[number]>('INSERT INTO access (id, idle_minutes) VALUES (1, ?)');
  const setRequirements = db.prepare<[string]>('UPDATE access SET requirements = ? WHERE id = 1');
  const all = db.prepare<[], PersonRow>(`${PERSON} ORDER BY p.id`);
  const byFolded = db.prepare<[string], PersonRow>(`${PERSON} WHERE p.folded = ?`);
  const insert = db.prepare<NewPerson & { folded: string }>(
    `INSERT INTO person (id, folded, name, roles, identity_how, identity_by, state, code_hash, code_until, may_sign, failures)
     VALUES (@id, @folded, @name, @roles, @identityHow, @identityBy, @state, @codeHash, @codeUntil, 1, 0)`,
  );
  const changes = Object.entries(CHANGES).map(([key, column]) => ({
    key: key as keyof typeof CHANGES,
    update: db.prepare<[string | number | null, string]>(`UPDATE person SET ${column} = ? WHERE id = ?`),
  }));
  const insertKey = db.prepare<[string, string, number]>(
    'INSERT INTO person_key (person, public_key, from_seq) VALUES (?, ?, ?)',
  );
  const endKey = db.prepare<[number, string]>(
    'UPDATE person_key SET until_seq = ? WHERE person = ? AND until_seq IS NULL',
  );
  const keyAt = db
    .prepare<[string, number, number], string>(
      'SELECT public_key FROM person_key WHERE person = ? AND from_seq <= ? AND (until_seq IS NULL OR until_seq > ?)',
    )
    .pluck();
  const enrolledSeq = db
    .prepare<[string], number | null>('SELECT min(from_seq) FROM person_key WHERE person = ?')
    .pluck();
  const wrapped = db.prepare<[string], string>('SELECT wrapped FROM wrapped_key WHERE person = ?').pluck();
  const putWrapped = db.prepare<[string, string]>(
    'INSERT INTO wrapped_key (person, wrapped) VALUES (?, ?) ON CONFLICT (person) DO UPDATE SET wrapped = excluded.wrapped',
  );
  const dropWrapped = db.prepare<[string]>('DELETE FROM wrapped_key WHERE person = ?');
  const COMPETENCE =
    'SELECT id, person, kind, body, at, recorded_by AS recordedBy, seq, withdrawn FROM competence';
  const competence = db.prepare<[], CompetenceRow>(`${COMPETENCE} ORDER BY id`);
  const competenceOf = db.prepare<[string], CompetenceRow>(`${COMPETENCE} WHERE person = ? ORDER BY id`);
  const competenceById = db.prepare<[number], CompetenceRow>(`${COMPETENCE} WHERE id = ?`);
  const insertCompetence = db.prepare<Omit<CompetenceRow, 'id' | 'withdrawn'>>(
    `INSERT INTO competence (person, kind, body, at, recorded_by, seq)
     VALUES (@person, @kind, @body, @at, @recordedBy, @seq)`,
  );
  const withdraw = db.prepare<[string, number]>('UPDATE competence SET withdrawn = ? WHERE id = ?');
  const GUIDELINE = 'SELECT seq, sha256, text, at, published_by AS publishedBy FROM guideline';
  const guidelines = db.prepare<[], GuidelineRow>(`${GUIDELINE} ORDER BY seq DESC`);
  const guidelineInForce = db.prepare<[], GuidelineRow>(`${GUIDELINE} ORDER BY seq DESC LIMIT 1`);
  const insertGuideline = db.prepare<GuidelineRow>(
    'INSERT INTO guideline (seq, sha256, text, at, published_by) VALUES (@seq, @sha256, @text, @at, @publishedBy)',
  );
  return {
    /** What holds for everybody; undefined where the project has no accounts. */
    access: () => access.get(),
    turnOn: (idleMinutes: number): void => void turnOn.run(idleMinutes),
    setRequirements: (body: string): void => void setRequirements.run(body),
    /** Everybody who ever had an account, by id. */
    all: (): PersonRow[] => all.all(),
    /** The person of an id, whatever its case; undefined where it was never given. */
    byId: (id: string) => byFolded.get(foldedId(id)),
    insert: (row: NewPerson): void => void insert.run({ ...row, folded: foldedId(row.id) }),
    change: (id: string, to: Partial<Pick<PersonRow, keyof typeof CHANGES>>): void => {
      for (const { key, update } of changes) {
        const value = to[key];
        if (value !== undefined) update.run(value, id);
      }
    },
    insertKey: (person: string, publicKey: string, seq: number): void =>
      void insertKey.run(person, publicKey, seq),
    /** Ends the key of a person with an event. */
    endKey: (person: string, seq: number): void => void endKey.run(seq, person),
    /** The public key that a person had after an event; undefined without one. */
    keyAt: (person: string, seq: number) => keyAt.get(person, seq, seq),
    /** The event by which a person opened their account; beyond all events before that. */
    enrolledSeq: (person: string): number => enrolledSeq.get(person) ?? Number.MAX_SAFE_INTEGER,
    wrapped: (person: string) => wrapped.get(person),
    putWrapped: (person: string, text: string): void => void putWrapped.run(person, text),
    dropWrapped: (person: string): void => void dropWrapped.run(person),
    competence: (): CompetenceRow[] => competence.all(),
    competenceOf: (person: string): CompetenceRow[] => competenceOf.all(person),
    competenceById: (id: number) => competenceById.get(id),
    insertCompetence: (row: Omit<CompetenceRow, 'id' | 'withdrawn'>): void => void insertCompetence.run(row),
    withdraw: (id: number, reason: string): void => void withdraw.run(reason, id),
    /** Newest first. */
    guidelines: (): GuidelineRow[] => guidelines.all(),
    /** The newest one; undefined before the first. */
    guidelineInForce: () => guidelineInForce.get(),
    insertGuideline: (row: GuidelineRow): void => void insertGuideline.run(row),
  };
}

/** Ids that differ by case or composition alone are one. */
function foldedId(id: string): string {
  return id.normalize('NFKC').toLowerCase();
}
