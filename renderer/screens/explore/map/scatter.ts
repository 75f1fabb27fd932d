import { Deck, OrthographicView } from '@deck.gl/core';
import { adapted, FIRST_BUDGET } from './draw-budget.ts';
import type { PointGroup } from './groups.ts';
import { PointsLayer, type PointShape } from './points-layer.ts';
import type { MapViewState } from './view-state.ts';

/** Ring and disc are told apart from this radius on. */
const LEAST_RING_PX = 3;
const MAX_PIXEL_RATIO = 2;
const POLL_MS = 4;

/** Points with a ring about them, as the columns of a group. */
export type ChosenPoints = Pick<PointGroup, 'positions' | 'colours'>;

interface Drawing {
  groups: readonly PointGroup[];
  chosen: ChosenPoints;
  view: MapViewState;
  radiusPx: number;
  /** While it moves, fewer points are drawn where the machine cannot keep up. */
  isMoving: boolean;
}

/** Draws the points of a map with WebGL; it knows nothing of pointers, keys or images. */
export class Scatter {
  readonly #deck: Deck<OrthographicView>;
  readonly #onDrawn: (points: number) => void;
  #budget = FIRST_BUDGET;
  #drawing: Drawing | null = null;
  #drawn = 0;
  #isWhole = true;
  #isMeasuring = false;
  /** The frame carries points to the graphics unit, which says nothing of how fast it draws them. */
  #hasNewData = false;

  /** `onDrawn` is told how many points stand on a map that rests. */
  constructor(canvas: HTMLCanvasElement, onDrawn: (points: number) => void, onError: (error: Error) => void) {
    this.#onDrawn = onDrawn;
    this.#deck = new Deck({
      canvas,
      width: '100%',
      height: '100%',
      views: new OrthographicView({ flipY: false }),
      viewState: { target: [0, 0, 0], zoom: 0 },
      // Discs and rings have soft edges of their own.
      deviceProps: { type: 'webgl', webgl: { antialias: false } },
      useDevicePixels: Math.min(window.devicePixelRatio, MAX_PIXEL_RATIO),
      controller: false,
      layers: [],
      onAfterRender: () => this.#measure(canvas.getContext('webgl2')),
      onError: (error) => onError(error),
    });
  }

  draw(drawing: Drawing): void {
    const { groups, chosen, view, radiusPx, isMoving } = drawing;
    const total = groups.reduce((sum, { count }) => sum + count, 0);
    this.#hasNewData = groups !== this.#drawing?.groups;
    this.#drawing = drawing;
    this.#drawn = Math.min(Math.floor(this.#budget[isMoving ? 'moving' : 'resting']), total);
    this.#isWhole = this.#drawn === total;
    const share = total === 0 ? 0 : this.#drawn / total;
    this.#deck.setProps({
      viewState: { target: [view.x, view.y, 0], zoom: view.zoom },
      layers: [...groups.map((group) => layerOf(group, radiusPx, share)), chosenLayer(chosen, radiusPx)],
    });
    if (!isMoving) this.#onDrawn(this.#drawn);
  }

  close(): void {
    this.#drawing = null;
    this.#deck.finalize();
  }

  /** Asks the graphics unit when it is done with this frame, without waiting for it. */
  #measure(gl: WebGL2RenderingContext | null): void {
    const { isMoving } = this.#drawing ?? {};
    const fence =
      gl && isMoving !== undefined && !this.#isMeasuring
        ? gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0)
        : null;
    if (!gl || !fence || isMoving === undefined) return;
    gl.flush();
    this.#isMeasuring = true;
    const startedMs = performance.now();
    const points = this.#drawn;
    const hasNewData = this.#hasNewData;
    const check = () => {
      if (this.#drawing === null) return;
      if (!gl.isContextLost() && gl.getSyncParameter(fence, gl.SYNC_STATUS) !== gl.SIGNALED) {
        setTimeout(check, POLL_MS);
        return;
      }
      gl.deleteSync(fence);
      this.#isMeasuring = false;
      const before = this.#budget;
      const frame = { points, tookMs: performance.now() - startedMs };
      if (!hasNewData) this.#budget = adapted(before, isMoving ? 'moving' : 'resting', frame);
      // A map that rests is completed step by step, as far as the machine goes along.
      const canGrow = hasNewData || this.#budget.resting > before.resting;
      if (!this.#drawing.isMoving && !this.#isWhole && canGrow) this.draw(this.#drawing);
    };
    setTimeout(check, POLL_MS);
  }
}

const SHAPES: Record<PointGroup['role'], PointShape> = { synthetic: 'disc', real: 'ring', holdout: 'target' };

/** Discs for synthetic images, rings for real ones, rings with a dot for those held out. */
function layerOf(group: PointGroup, radiusPx: number, share: number): PointsLayer {
  const ringPx = Math.max(1.2 * radiusPx, LEAST_RING_PX);
  return new PointsLayer({
    id: group.key,
    data: {
      length: Math.ceil(share * group.count),
      // The same objects every time: nothing is sent to the graphics unit again as long as they are.
      attributes: { getPosition: group.positions, getColor: group.colours },
    },
    shape: SHAPES[group.role],
    radiusPx: group.role === 'synthetic' ? radiusPx : group.role === 'real' ? ringPx : 1.4 * ringPx,
    parameters: { depthCompare: 'always' },
  });
}

function chosenLayer({ positions, colours }: ChosenPoints, radiusPx: number): PointsLayer {
  return new PointsLayer({
    id: 'chosen',
    data: { length: positions.value.length / 2, attributes: { getPosition: positions, getColor: colours } },
    shape: 'ring',
    radiusPx: radiusPx + 2.5,
    lineWidthPx: 2,
    parameters: { depthCompare: 'always' },
  });
}
