import type { ImportPreview } from '../../../rpc/contract/imports.ts';
import { Coded } from '../../parts/coded.tsx';
import { Fact } from '../../parts/fact.tsx';
import { counted, integer } from '../../parts/format.ts';
import { TableHead } from '../../parts/table-head.tsx';
import { Card } from '../../parts/card.tsx';
import { FoundPictures } from './found-pictures.tsx';
import { LeftBehind } from './left-behind.tsx';
import page from '../../parts/page.module.css';

const EXAMPLES = 12;

/** What the import would do, before anything is written. */
export function PreviewCard({ preview }: { preview: ImportPreview }) {
  const facts = [
    ['Files', preview.complete ? integer(preview.files) : `over ${integer(preview.files)}`],
    ['Without a label', integer(preview.unlabelled)],
    ...(preview.missing > 0 ? [['Listed, not there', integer(preview.missing)] as const] : []),
    ['Classes', integer(preview.classes.length)],
    ['Boxes', integer(preview.boxes)],
    ['In already', integer(preview.unchanged)],
  ] as const satisfies (readonly [string, string])[];
  return (
    <Card id="found" title="What is there" isStack>
      <dl className={page.facts}>
        {facts.map(([name, value]) => (
          <Fact key={name} name={name} value={value} />
        ))}
      </dl>
      {preview.splits.length > 0 && (
        <p className={page.hint}>
          Splits: {preview.splits.map(({ name, files }) => `${name} (${integer(files)})`).join(', ')}
        </p>
      )}
      {preview.problems.length > 0 && (
        <div className={page.problem} role="status">
          {counted(preview.problems.length, 'thing')} cannot be read as the format says:
          <ul>
            {preview.problems.slice(0, 50).map((problem) => (
              <li key={problem}>
                <Coded text={problem} />
              </li>
            ))}
          </ul>
        </div>
      )}
      <FoundPictures pictures={preview.pictures} classes={preview.classes.length} />
      <LeftBehind reading={preview} />
      <table className={page.table}>
        <caption>The first files</caption>
        <TableHead columns={['File', 'Label']} />
        <tbody>
          {preview.examples.slice(0, EXAMPLES).map(({ path, label }) => (
            <tr key={path}>
              <td className={page.path}>{path}</td>
              <td>{label ?? <span className={page.hint}>none</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
