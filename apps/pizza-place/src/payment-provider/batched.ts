// Batches concurrent calls: whatever arrives while one batch is on its way is the next batch, without any
// waiting.

/**
 * Calls `work` with many questions at once; it must answer in their order. A failure of `work` is every
 * caller's failure.
 */
export function batched<Question, Answer>(
  work: (questions: readonly Question[]) => Promise<readonly Answer[]>,
  batchMax: number,
): (question: Question) => Promise<Answer> {
  const waiting: WaitingQuestion<Question, Answer>[] = [];
  let working = false;

  const run = async (): Promise<void> => {
    working = true;
    while (waiting.length > 0) {
      await answer(waiting.splice(0, batchMax), work);
    }
    working = false;
  };
  return (question) => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    waiting.push({ question, resolve, reject });
    if (!working) void run();
    return promise;
  };
}

interface WaitingQuestion<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

async function answer<Question, Answer>(
  batch: readonly WaitingQuestion<Question, Answer>[],
  work: (questions: readonly Question[]) => Promise<readonly Answer[]>,
): Promise<void> {
  try {
    const answers = await work(batch.map(({ question }) => question));
    for (const [index, value] of answers.entries()) batch[index]?.resolve(value);
    if (answers.length < batch.length)
      throw new Error(`${batch.length} questions got ${answers.length} answers`);
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}
