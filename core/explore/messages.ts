import type { ErrorCode } from '../../rpc/errors.ts';
import type { Engine } from './engine.ts';

/** The calls that the explorer's thread answers: the engine's methods. */
export type EngineCall = Exclude<keyof Engine, 'close'>;
export type Answer<C extends EngineCall> = Awaited<ReturnType<Engine[C]>>;

export interface Ask {
  id: number;
  call: EngineCall;
  args: unknown[];
}

export type Reply =
  | { id: number; value: unknown }
  | { id: number; error: { code: ErrorCode; message: string; data: Record<string, unknown> } };
