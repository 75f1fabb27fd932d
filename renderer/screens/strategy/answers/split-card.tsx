import { answerName, places } from '../../../../rpc/contract/answer-words.ts';
import type { SplitImages } from '../../../../rpc/contract/answers.ts';
import { Card } from '../../../parts/card.tsx';
import { counted, percent } from '../../../parts/format.ts';
import { Gallery } from '../../../parts/gallery.tsx';
import page from '../../../parts/page.module.css';
import { figures, TableHead } from '../../../parts/table-head.tsx';
import { pictureOf } from './pictures.ts';
import classes from './answers.module.css';

const SIZE = 64;

interface SplitCardProps {
  id: string;
  title: string;
  /** What it may mean. */
  hint: string;
  split: SplitImages;
}

/** Images where people or the model alone is split, with the counts of each. */
export function SplitCard({ id, title, hint, split: { images, shown } }: SplitCardProps) {
  return (
    <Card id={id} title={title} isStack>
      <p className={page.hint}>
        {images === 0
          ? 'There is none.'
          : `${counted(images, 'image')}${shown.length < images ? `, the ${shown.length} widest apart shown` : ''}. ${hint}`}
      </p>
      {images > 0 && (
        <>
          <Gallery title={title} pictures={shown.map(pictureOf)} size={SIZE} />
          <details className={`${page.hint} ${classes.details}`}>
            <summary>What people answered</summary>
            <div className={page.wide}>
              <table className={page.table}>
                <TableHead
                  columns={[
                    'Image',
                    'Answer',
                    ...['Count', 'Share', 'Weighted', 'People', 'Model'].map(figures),
                  ]}
                />
                <tbody>
                  {shown.flatMap(({ sha256, path, answers, people, model }) =>
                    answers.map((said, i) => (
                      <tr key={`${sha256} ${answerName(said)}`}>
                        <td className={classes.path}>{i === 0 && path}</td>
                        <td>{answerName(said)}</td>
                        <td className={page.number}>{said.annotators}</td>
                        <td className={page.number}>{percent(said.share, 0)}</td>
                        <td className={page.number}>
                          {said.weightedShare === null ? '–' : percent(said.weightedShare, 0)}
                        </td>
                        <td className={page.number}>{i === 0 && places(people)}</td>
                        <td className={page.number}>{i === 0 && places(model)}</td>
                      </tr>
                    )),
                  )}
                </tbody>
              </table>
            </div>
          </details>
        </>
      )}
    </Card>
  );
}
