import { Button, Modal, Radio, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  answerOf,
  isContradicted,
  questionNumber,
  SUITABILITY_QUESTIONS,
  type SuitabilityAnswer,
  type SuitabilityQuestion,
} from '../../../../rpc/contract/suitability.ts';
import { core } from '../../../client.ts';
import page from '../../../parts/page.module.css';
import { Failure } from '../../../parts/states.tsx';
import { useProject } from '../../../project.tsx';
import { useAskName } from '../../../shell/name.tsx';
import strategy from '../strategy.module.css';

interface AnswerDialogProps {
  question: SuitabilityQuestion;
  onClose: () => void;
}

/** Answers a question, on record with a name and a reason. */
export function AnswerDialog({ opened, ...form }: AnswerDialogProps & { opened: boolean }) {
  const { id } = form.question;
  return (
    <Modal
      opened={opened}
      onClose={form.onClose}
      title={`Question ${questionNumber(id)}: ${SUITABILITY_QUESTIONS[id].title}`}
      size="md"
      transitionProps={{ duration: 0 }}
    >
      <AnswerForm {...form} />
    </Modal>
  );
}

function AnswerForm({ question, onClose }: AnswerDialogProps) {
  const { id, evidence } = question;
  const { folder } = useProject();
  const client = useQueryClient();
  const askName = useAskName();
  const words = SUITABILITY_QUESTIONS[id];
  const [said, setSaid] = useState<SuitabilityAnswer | null>(answerOf(question)?.answer ?? null);
  const [reason, setReason] = useState('');
  const against = evidence.filter(({ supports }) => isContradicted(said, supports));
  const answer = useMutation({
    mutationFn: async () => {
      const by = await askName();
      if (by === null || said === null) return null;
      return core.suitability.answer({ project: folder, by, question: id, answer: said, reason });
    },
    onSuccess: (record) => {
      if (record === null) return;
      client.setQueryData(['suitability', folder], record);
      void client.invalidateQueries({ queryKey: ['trail'] });
      onClose();
    },
  });
  const isWhole = said !== null && reason.trim() !== '';
  return (
    <form
      className={page.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (isWhole && !answer.isPending) answer.mutate();
      }}
    >
      <Radio.Group
        label={words.question}
        description={words.meaning}
        value={said}
        onChange={(value) => setSaid(value)}
      >
        <div className={strategy.inLine}>
          <Radio value="yes" label="Yes" data-autofocus />
          <Radio value="no" label="No" />
        </div>
      </Radio.Group>
      {against.length > 0 && (
        <p className={`${strategy.words} ${strategy.warn}`} role="status">
          The project shows otherwise. {against.map(({ text }) => text).join(' ')} You can answer so all the
          same: say why.
        </p>
      )}
      <Textarea
        label="Reason"
        description="It goes on record with your name, into the dossier too."
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={2000}
      />
      {answer.isError && <Failure error={answer.error} />}
      <Button type="submit" loading={answer.isPending} disabled={!isWhole}>
        Put on record
      </Button>
    </form>
  );
}
