import { useQuery } from '@tanstack/react-query';
import { Link, Navigate } from '@tanstack/react-router';
import { core } from '../client.ts';
import { projectParams } from '../parts/folder-address.ts';
import page from '../parts/page.module.css';
import { Failure, Loading } from '../parts/states.tsx';

/** Unpacks the file of a hand-out where that was not done before, and shows what it became. */
export function OpenHandout({ file }: { file: string }) {
  const opened = useQuery({
    queryKey: ['handout-file', file],
    queryFn: () => core.handouts.open({ file }),
    staleTime: 0,
    retry: false,
  });
  if (opened.data)
    return <Navigate to="/p/$folder/review" params={projectParams(opened.data.project)} replace />;
  if (!opened.isError) return <Loading label="Opening the hand-out" />;
  return (
    <>
      <h1 className={page.lonely}>The hand-out did not open</h1>
      <Failure error={opened.error} retry={() => void opened.refetch()} />
      <p className={page.lonely}>
        <Link to="/">All projects</Link>
      </p>
    </>
  );
}
