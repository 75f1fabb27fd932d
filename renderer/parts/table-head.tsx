import page from './page.module.css';

interface Column {
  title: string;
  isNumber?: boolean;
}

const headOf = (column: string | Column): Column => (typeof column === 'string' ? { title: column } : column);

/** A column of figures. */
export const figures = (title: string): Column => ({ title, isNumber: true });

/** The head of a table: texts stand left, figures right. */
export function TableHead({ columns }: { columns: readonly (string | Column)[] }) {
  return (
    <thead>
      <tr>
        {columns.map(headOf).map(({ title, isNumber }) => (
          <th key={title} scope="col" className={isNumber ? page.number : undefined}>
            {title}
          </th>
        ))}
      </tr>
    </thead>
  );
}
