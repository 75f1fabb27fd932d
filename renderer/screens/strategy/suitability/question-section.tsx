import { useState } from 'react';
import {
  answerOf,
  numberWords,
  questionNumber,
  SUITABILITY_QUESTIONS,
  supportsWords,
  type AnswerOnRecord,
  type SuitabilityEvidence,
  type SuitabilityQuestion,
} from '../../../../rpc/contract/suitability.ts';
import { capitalised, dateTime } from '../../../parts/format.ts';
import { MayButton } from '../../../parts/may-button.tsx';
import page from '../../../parts/page.module.css';
import { useProject } from '../../../project.tsx';
import { AnswerDialog } from './answer-dialog.tsx';
import classes from './suitability.module.css';

/** One question: what people say of it, beside what the project shows. */
export function QuestionSection({ question }: { question: SuitabilityQuestion }) {
  const { id, answers, evidence } = question;
  const { writable } = useProject();
  const [isAnswering, setAnswering] = useState(false);
  const words = SUITABILITY_QUESTIONS[id];
  const holds = answerOf(question);
  const earlier = answers.slice(0, -1).toReversed();
  return (
    <section className={`${page.card} ${classes.question}`} aria-labelledby={`question-${id}`}>
      <div className={page.stack}>
        <h2 id={`question-${id}`} className={page.subtitle}>
          {questionNumber(id)}. {words.question}
        </h2>
        <p className={page.hint}>{words.meaning}</p>
        {holds ? <Answer answer={holds} /> : <p className={classes.open}>Not answered</p>}
        <div className={classes.papers}>
          <MayButton
            needs="judge"
            variant="default"
            disabled={!writable}
            aria-label={`${holds ? 'Change the answer' : 'Answer'}: ${words.title}`}
            onClick={() => setAnswering(true)}
          >
            {holds ? 'Change …' : 'Answer …'}
          </MayButton>
        </div>
        {earlier.length > 0 && (
          <details className={`${page.hint} ${classes.earlier}`}>
            <summary>Earlier answers</summary>
            <ul className={page.plain}>
              {earlier.map((answer) => (
                <li key={answer.event}>
                  {capitalised(answer.answer)}, {answer.by}, {dateTime(answer.at)}: {answer.reason}
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
      <div className={page.stack}>
        <h3 className={classes.aside}>What the project shows</h3>
        {evidence.map((item) => (
          <Evidence key={item.id} item={item} />
        ))}
      </div>
      <AnswerDialog opened={isAnswering} question={question} onClose={() => setAnswering(false)} />
    </section>
  );
}

function Answer({ answer: { answer, reason, by, at } }: { answer: AnswerOnRecord }) {
  return (
    <div>
      <p className={classes.answer}>{capitalised(answer)}</p>
      <p className={classes.reason}>{reason}</p>
      <p className={page.hint}>
        {by}, {dateTime(at)}
      </p>
    </div>
  );
}

function Evidence({ item }: { item: SuitabilityEvidence }) {
  const { text, numbers, supports, contradicts } = item;
  return (
    <div className={classes.evidence}>
      <p className={classes.reason}>{text}</p>
      <p className={classes.supports} data-supports={supports} data-against={contradicts}>
        {capitalised(supportsWords(item))}
      </p>
      {numbers.length > 0 && (
        <details className={page.hint}>
          <summary>Numbers</summary>
          <ul className={page.plain}>
            {numbers.map((each) => (
              <li key={each.name}>{capitalised(numberWords(each))}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
