import { Button } from '@mantine/core';
import { useState } from 'react';
import { yieldWords, type PlanReport } from '../../../../rpc/contract/plans.ts';
import { Card } from '../../../parts/card.tsx';
import { figure, integer } from '../../../parts/format.ts';
import { Gallery } from '../../../parts/gallery.tsx';
import page from '../../../parts/page.module.css';
import { figures, TableHead } from '../../../parts/table-head.tsx';
import classes from './plan.module.css';

const PAGE = 20;
const SIZE = 40;
const WORDS = { worse: 'rejects more', better: 'rejects less' };

/** Which settings produce the rejects, those that surely do first. */
export function SettingsCard({ plan: { settings, tested, decided } }: { plan: PlanReport }) {
  const [shown, setShown] = useState(PAGE);
  return (
    <Card id="settings" title="Which settings produce the rejects" isStack>
      <p className={page.hint}>
        {tested === 0
          ? `No setting can be tested: it takes two values of one, five decided images of each (${integer(decided.of)} are decided).`
          : `Each value against all others of its setting, among decided images; p is corrected for ${integer(tested)} tests (Holm). A value may only go with what really rejects.`}
      </p>
      {settings.length > 0 && (
        <div className={page.wide}>
          <table className={page.table}>
            <TableHead
              columns={[
                'Setting',
                'Value',
                'Survived review',
                figures('p, corrected'),
                'Beyond chance',
                'Lost',
              ]}
            />
            <tbody>
              {settings.slice(0, shown).map(({ setting, title, value, than, adjusted, lost, ...one }) => (
                <tr key={`${setting} ${value}`}>
                  <th scope="row">{title}</th>
                  <td className={classes.value}>{value}</td>
                  <td className={classes.yield}>{yieldWords(one.yield)}</td>
                  <td className={page.number}>{figure(adjusted)}</td>
                  <td>
                    {than && (
                      <span data-than={than} className={classes.mark}>
                        {WORDS[than]}
                      </span>
                    )}
                  </td>
                  <td>
                    <Gallery title={`Lost with ${title} ${value}`} pictures={lost} size={SIZE} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {settings.length > shown && (
        <div className={page.row}>
          <Button variant="default" onClick={() => setShown(shown + PAGE)}>
            Show {Math.min(PAGE, settings.length - shown)} more
          </Button>
        </div>
      )}
    </Card>
  );
}
