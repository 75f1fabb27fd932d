import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { SignOffGroup } from '../../../rpc/contract/signatures.ts';
import { errorCode } from '../../../rpc/errors.ts';
import { core } from '../../client.ts';
import { Card } from '../../parts/card.tsx';
import { CopyText } from '../../parts/copy-text.tsx';
import { Fact } from '../../parts/fact.tsx';
import { counted, integer } from '../../parts/format.ts';
import { Gallery } from '../../parts/gallery.tsx';
import page from '../../parts/page.module.css';
import { SignatureList } from '../../parts/signature-list.tsx';
import { SignForm } from '../../parts/sign-form.tsx';
import { Empty, Failure, Loading } from '../../parts/states.tsx';
import { projectParams, useProject } from '../../project.tsx';
import classes from './sign-off.module.css';

/** What was decided, to be looked at and signed as it stands. */
export default function SignOffScreen() {
  const { folder, by, accounts } = useProject();
  const preview = useQuery({
    queryKey: ['sign-off', folder, by],
    queryFn: () => core.signatures.preview({ project: folder, by }),
    enabled: accounts,
    staleTime: 0,
  });
  if (!accounts)
    return (
      <Empty
        title="Signatures need accounts"
        body="A signature is made with a key that only its signer can use. Turn accounts on, and what was decided can be signed, with name, time and meaning."
        action={
          <Link to="/p/$folder/people" params={projectParams(folder)}>
            Look at People
          </Link>
        }
      />
    );
  if (preview.isError && errorCode(preview.error) === 'NOT_FOUND')
    return <Empty title="Nothing to sign yet" body={preview.error.message} />;
  if (preview.isError) return <Failure error={preview.error} retry={() => void preview.refetch()} />;
  if (!preview.data) return <Loading label="Adding up what was decided" />;
  const { version, seq, decided, groups, openConflicts, openQuestions, signatures, ...rest } = preview.data;
  return (
    <div className={page.page} data-page>
      <h1 className={page.title}>Sign-off</h1>
      <div className={classes.columns}>
        <div className={page.stack}>
          <Card id="what" title="What would be signed" isStack>
            <dl className={page.facts}>
              <Fact name="Decided images" value={integer(decided)} />
              <Fact name="As of event" value={integer(seq)} />
              <Fact name="Open conflicts" value={integer(openConflicts)} />
              <Fact name="Open questions" value={integer(openQuestions)} />
            </dl>
            {openConflicts + openQuestions > 0 && (
              <p className={page.problem}>
                {counted(openConflicts, 'conflict')} and {counted(openQuestions, 'question')} are open: what
                is signed now leaves them so.{' '}
                <Link to="/p/$folder/conflicts" params={projectParams(folder)}>
                  Look at them
                </Link>
              </p>
            )}
            <CopyText label="Version" text={version} />
          </Card>
          <Card
            id="groups"
            title={
              signatures.length === 0 ? 'Everything that was decided' : 'Decided since the last sign-off'
            }
            isStack
          >
            {groups.length === 0 && <p className={page.hint}>Nothing was decided since.</p>}
            {groups.map((group) => (
              <Group key={`${group.verdict} ${group.from} ${group.to}`} group={group} />
            ))}
          </Card>
        </div>
        <Card id="sign" title="Sign the dataset as it stands" isStack>
          <SignForm record={{ kind: 'dataset' }} version={version} {...rest} />
        </Card>
      </div>
      <Card id="earlier" title="Signatures so far" isStack>
        {signatures.length === 0 && <p className={page.hint}>None yet.</p>}
        <SignatureList signatures={signatures} />
      </Card>
    </div>
  );
}

function Group({ group }: { group: SignOffGroup }) {
  const { images, reviewers, examples } = group;
  const words = groupWords(group);
  return (
    <section className={classes.group} aria-label={words}>
      <div>
        <b>{integer(images)}</b> {words}
        <p className={page.hint}>by {reviewers.join(', ')}</p>
      </div>
      <Gallery
        title={words}
        size={48}
        pictures={examples.map((sha256) => ({ sha256, path: sha256.slice(0, 12), caption: words }))}
      />
    </section>
  );
}

function groupWords({ verdict, from, to }: SignOffGroup): string {
  const given = from ?? 'no label';
  switch (verdict) {
    case 'relabel':
      return `relabelled from ${given} to ${to ?? 'no label'}`;
    case 'reject':
      return `rejected, given as ${given}`;
    case 'accept':
      return `accepted as ${to ?? given}`;
    default:
      verdict satisfies 'withdrawn';
      return 'taken back: no decision stands on them';
  }
}
