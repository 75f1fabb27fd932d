import { Button, PasswordInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { core } from '../client.ts';
import { CapsLock } from '../parts/caps-lock.tsx';
import { projectParams } from '../parts/folder-address.ts';
import page from '../parts/page.module.css';
import { Empty, Failure, Loading } from '../parts/states.tsx';

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
  const [password, setPassword] = useState('');
  const opened = useQuery({
    queryKey: ['handout-file', file],
    queryFn: () => core.handouts.open({ file }),
    staleTime: 0,
    retry: false,
  });
  const unseal = useMutation({
    mutationFn: () => core.handouts.open({ file, password }),
    onSettled: () => setPassword(''),
  });
  const project = unseal.data?.project ?? opened.data?.project;
  if (project !== undefined) return <ToReview folder={project} />;
  if (!opened.isError) return <Loading label="Opening the hand-out" />;
  const { sealedFor } = (opened.error as { data?: { sealedFor?: string } }).data ?? {};
  if (sealedFor !== undefined)
    return (
      <Empty
        title="This hand-out is sealed"
        body={
          <form
            className={page.form}
            onSubmit={(event) => {
              event.preventDefault();
              unseal.mutate();
            }}
          >
            <PasswordInput
              label={`Password of ${sealedFor}`}
              description="The one of the project that it was made from."
              autoComplete="off"
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              data-autofocus
              autoFocus
            />
            <CapsLock />
            {unseal.isError && <Failure error={unseal.error} />}
            <Button type="submit" loading={unseal.isPending} disabled={password === ''}>
              Open
            </Button>
          </form>
        }
      />
    );
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
