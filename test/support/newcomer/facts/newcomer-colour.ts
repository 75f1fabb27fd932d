import { defineFacts, numbers, type ColumnsOf } from '../../../../core/measure/facts/define.ts';

const columns = {
  /** Share of the blue channel in the light of a picture; missing where it is black. */
  blueShare: numbers,
};
declare module '../../../../core/measure/facts/define.ts' {
  interface Facts extends ColumnsOf<typeof columns> {}
}

/** A new fact: this file, the score that reads it and that score's golden are all that it takes. */
export default defineFacts({
  id: 'newcomer-colour',
  columns,
  prepare: ({ store }) => ({
    block: ({ ids }) => ({
      blueShare: Float64Array.from(ids, (id) => {
        const light = [0, 0, 0];
        store.facts.facts(id)!.signature.forEach((level, at) => (light[at % 3]! += level));
        return light[2]! / (light[0]! + light[1]! + light[2]!);
      }),
    }),
  }),
});
