import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { core } from '../client.ts';
import { projectParams } from '../parts/folder-address.ts';
import page from '../parts/page.module.css';
import { Failure, Loading } from '../parts/states.tsx';

/** Leads to the review of a project, which is all of a hand-out. */
export function ToReview({ folder }: { folder: string }) {
  const navigate = useNavigate();
  useEffect(
    () => void navigate({ to: '/p/$folder/review', params: projectParams(folder), replace: true }),
    [navigate, folder],
  );
  return <Loading label="Opening the review" />;
}

/** Unpacks the file of a hand-out where that was not done before, and shows what it became. */
export function OpenHandout({ file }: { file: string }) {
  const opened = useQuery({
    queryKey: ['handout-file', file],
    queryFn: () => core.handouts.open({ file }),
    staleTime: 0,
    retry: false,
  });
  if (opened.data) return <ToReview folder={opened.data.project} />;
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
