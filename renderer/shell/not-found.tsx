import { Link } from '@tanstack/react-router';
import { Empty } from '../parts/states.tsx';

export function NotFound() {
  return (
    <Empty
      title="There is no such screen"
      body="The address may come from another version."
      action={<Link to="/">Go to the projects</Link>}
    />
  );
}
