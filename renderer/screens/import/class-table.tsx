import { Button, TextInput } from '@mantine/core';
import { useId, useState } from 'react';
import { moreClasses, mostFrequent } from '../../../rpc/contract/import-words.ts';
import type { ImportPreview } from '../../../rpc/contract/imports.ts';
import { counted, integer } from '../../parts/format.ts';
import { figures, TableHead } from '../../parts/table-head.tsx';
import page from '../../parts/page.module.css';
import classes from './import-screen.module.css';

interface ClassTableProps {
  classes: ImportPreview['classes'];
  projectClasses: readonly string[];
  map: Readonly<Record<string, string>>;
  onChange: (map: Record<string, string>) => void;
}

/** Datasets have a handful of classes or thousands: the table stays quick either way. */
const PAGE = 60;

/** Names of classes as the source has them, and as the project is to have them. */
export function ClassTable({ classes: found, projectClasses, map, onChange }: ClassTableProps) {
  const listId = useId();
  const [filter, setFilter] = useState('');
  const [shown, setShown] = useState(PAGE);
  const known = new Set(projectClasses);
  const wanted = filter.trim().toLocaleLowerCase();
  const matching = mostFrequent(found).filter(({ name }) => name.toLocaleLowerCase().includes(wanted));
  return (
    <section className={`${page.card} ${page.stack} ${classes.wide}`} aria-labelledby="classes">
      <div className={page.spread}>
        <h2 id="classes" className={page.subtitle}>
          {counted(found.length, 'class', 'classes')}
        </h2>
        {found.length > PAGE && (
          <TextInput
            aria-label="Filter the classes"
            placeholder="Filter the classes"
            value={filter}
            onChange={(event) => setFilter(event.currentTarget.value)}
          />
        )}
      </div>
      <datalist id={listId}>
        {projectClasses.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <table className={page.table}>
        <TableHead columns={['In the source', figures('Images'), 'In the project', 'So it is']} />
        <tbody>
          {matching.slice(0, shown).map(({ name, files }) => {
            const to = map[name] ?? name;
            return (
              <tr key={name}>
                <td className={page.path}>{name}</td>
                <td className={page.number}>{integer(files)}</td>
                <td>
                  <input
                    className={classes.target}
                    list={listId}
                    value={to}
                    aria-label={`Class in the project for ${name}`}
                    onChange={(event) => onChange({ ...map, [name]: event.currentTarget.value })}
                  />
                </td>
                <td className={page.hint}>{outcomeOf(to.trim(), known)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {matching.length > shown && (
        <div className={page.row}>
          <Button variant="default" onClick={() => setShown(shown + PAGE)}>
            Show {Math.min(PAGE, matching.length - shown)} more
          </Button>
          <span className={page.hint}>and {moreClasses(matching.slice(shown))}</span>
        </div>
      )}
    </section>
  );
}

function outcomeOf(to: string, known: ReadonlySet<string>): string {
  if (to === '') return 'without a label';
  return known.has(to) ? 'a class of the project' : 'a new class';
}
