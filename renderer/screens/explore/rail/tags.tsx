import { useState } from 'react';
import type { ImageFilter } from '../../../../rpc/contract/images.ts';
import { useWhyNot } from '../../../who-acts.ts';
import { useProject } from '../../../project.tsx';
import { AskPopover } from '../bulk/ask-popover.tsx';
import type { Tagging } from '../bulk/use-bulk.ts';
import classes from './rail.module.css';
import { Part } from './part.tsx';

interface TagsProps {
  of: readonly string[];
  /** Every tag of the project. */
  all: readonly string[];
  onTag: (act: Tagging) => void;
  onFilter: (filter: ImageFilter) => void;
}

/** The tags of an image: each shows the others that have it, and can be taken off; more can be put on. */
export function Tags({ of, all, onTag, onFilter }: TagsProps) {
  const { writable: canWrite } = useProject();
  const writable = useWhyNot()('review') === null && canWrite;
  const [isAsking, setAsking] = useState(false);
  return (
    <Part title="Tags">
      <ul className={classes.tags}>
        {of.map((tag) => (
          <li key={tag}>
            <button
              type="button"
              className={classes.tag}
              title={`Show all images with the tag ${tag}`}
              onClick={() => onFilter({ tags: [tag] })}
            >
              {tag}
            </button>
            {writable && (
              <button
                type="button"
                aria-label={`Take off the tag ${tag}`}
                title="Take it off"
                onClick={() => onTag({ tag, off: true })}
              >
                ×
              </button>
            )}
          </li>
        ))}
        {writable && (
          <li>
            <AskPopover
              isOpen={isAsking}
              label="Tag for this image"
              choices={all.filter((tag) => !of.includes(tag))}
              allowsOther
              onOpen={setAsking}
              onPick={(tag) => {
                setAsking(false);
                onTag({ tag, off: false });
              }}
            >
              <button type="button" className={classes.tag} onClick={() => setAsking(!isAsking)}>
                Add a tag …
              </button>
            </AskPopover>
          </li>
        )}
        {!writable && of.length === 0 && <li className={classes.noTag}>None</li>}
      </ul>
    </Part>
  );
}
