/** Loaded before `electron/main.ts`: what it imports as `electron` is the stand-in. */
import { registerHooks } from 'node:module';

const standIn = new URL('./module.ts', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: standIn, shortCircuit: true } : next(specifier, context),
});
// A package is started without naming its code.
if (process.env['STAND_IN_PACKAGED'] === '1') process.argv.splice(1, 1);
