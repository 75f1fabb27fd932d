import { Deck, OrthographicView } from '@deck.gl/core';
import { ScatterplotLayer } from '@deck.gl/layers';
import { adapted, FIRST_BUDGET } from './draw-budget.ts';
import type { PointGroup } from './groups.ts';
import type { MapViewState } from './view-state.ts';

/** Ring and disc are told apart from this radius on. */
const LEAST_RING_PX = 3;
const MAX_PIXEL_RATIO = 2;
const POLL_MS = 4;

interface Drawing {
  groups: readonly PointGroup[];
  /** Places of the chosen points, x and y by turns. */
  chosen: Float32Array;
  view: MapViewState;
  radiusPx: number;
  scheme: 'dark' | 'light';
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
    const { groups, chosen, view, radiusPx, scheme, isMoving } = drawing;
    const total = groups.reduce((sum, { count }) => sum + count, 0);
    this.#hasNewData = groups !== this.#drawing?.groups;
    this.#drawing = drawing;
    this.#drawn = Math.min(Math.floor(this.#budget[isMoving ? 'moving' : 'resting']), total);
    this.#isWhole = this.#drawn === total;
    const share = total === 0 ? 0 : this.#drawn / total;
    this.#deck.setProps({
      viewState: { target: [view.x, view.y, 0], zoom: view.zoom },
      layers: [
        ...groups.flatMap((group) => layersOf(group, radiusPx, share)),
        chosenLayer(chosen, radiusPx, scheme),
      ],
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

/** Discs for synthetic images, rings for real ones, rings with a dot for those held out. */
function layersOf(group: PointGroup, radiusPx: number, share: number): ScatterplotLayer[] {
  const count = Math.ceil(share * group.count);
  if (group.role === 'synthetic') return [layer(group, count, 'disc', radiusPx)];
  const ringPx = Math.max(1.2 * radiusPx, LEAST_RING_PX);
  if (group.role === 'real') return [layer(group, count, 'ring', ringPx)];
  return [layer(group, count, 'ring', 1.4 * ringPx), layer(group, count, 'disc', 0.5 * ringPx)];
}

function layer(group: PointGroup, count: number, shape: 'disc' | 'ring', radiusPx: number): ScatterplotLayer {
  const isDisc = shape === 'disc';
  return new ScatterplotLayer({
    id: `${group.key}-${shape}`,
    data: {
      length: count,
      // The same objects every time: nothing is sent to the graphics unit again as long as they are.
      attributes: { getPosition: group.positions, [isDisc ? 'getFillColor' : 'getLineColor']: group.colours },
    },
    filled: isDisc,
    stroked: !isDisc,
    radiusUnits: 'pixels',
    getRadius: 1,
    radiusScale: radiusPx,
    lineWidthUnits: 'pixels',
    getLineWidth: 1.4,
    pickable: false,
    parameters: { depthCompare: 'always' },
  });
}

function chosenLayer(chosen: Float32Array, radiusPx: number, scheme: 'dark' | 'light'): ScatterplotLayer {
  return new ScatterplotLayer({
    id: 'chosen',
    data: { length: chosen.length / 2, attributes: { getPosition: { value: chosen, size: 2 } } },
    filled: false,
    stroked: true,
    radiusUnits: 'pixels',
    getRadius: 1,
    radiusScale: radiusPx + 2.5,
    lineWidthUnits: 'pixels',
    getLineWidth: 2,
    getLineColor: scheme === 'dark' ? [255, 255, 255] : [0, 0, 0],
    pickable: false,
    parameters: { depthCompare: 'always' },
  });
}
