/** Decisions that would have come out as expected, to which the real ones are added: a few surprises prove little. */
const AS_EXPECTED = 5;

/**
 * Per row the mean surprise (decided minus expected, -1..1) among the decided rows of its group, its own decision left
 * out, drawn towards 0: sum / (count + 5). 0 where nothing of the group was decided. Groups are pairs of given and
 * predicted label: a generator that draws one class for another does so again and again.
 */
export function confusionOf(
  n: number,
  groupOf: (row: number) => string,
  decided: { row: number; surprise: number }[],
): Float64Array {
  const sums = new Map<string, { sum: number; count: number }>();
  const own = new Map<number, number>();
  for (const { row, surprise } of decided) {
    const group = sums.get(groupOf(row)) ?? { sum: 0, count: 0 };
    sums.set(groupOf(row), { sum: group.sum + surprise, count: group.count + 1 });
    own.set(row, surprise);
  }
  return Float64Array.from({ length: n }, (_, row) => {
    const { sum, count } = sums.get(groupOf(row)) ?? { sum: 0, count: 0 };
    const mine = own.get(row);
    return mine === undefined ? sum / (count + AS_EXPECTED) : (sum - mine) / (count - 1 + AS_EXPECTED);
  });
}
