import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';

const WindowStateSchema = z.object({
  bounds: z.object({ x: z.int(), y: z.int(), width: z.int().min(640), height: z.int().min(480) }),
  isMaximised: z.boolean(),
});
export type WindowState = z.infer<typeof WindowStateSchema>;

/** How much of a window's top left has to be on a screen so that it can be dragged. */
const VISIBLE_PX = 100;

interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The saved state, if the file can be read and the window would still be on one of the screens; else null. */
export function readWindowState(file: string, screens: readonly Rect[]): WindowState | null {
  try {
    const state = WindowStateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    return screens.some((screen) => isOn(state.bounds, screen)) ? state : null;
  } catch {
    return null;
  }
}

function isOn(bounds: Rect, screen: Rect): boolean {
  return (
    bounds.x + VISIBLE_PX >= screen.x &&
    bounds.y >= screen.y &&
    bounds.x + VISIBLE_PX <= screen.x + screen.width &&
    bounds.y + VISIBLE_PX <= screen.y + screen.height
  );
}

/** Saves it. If it cannot be written, the window's place is forgotten and nothing else is lost. */
export function writeWindowState(file: string, state: WindowState): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(state));
  } catch {
    // The next window opens where the system puts it.
  }
}
