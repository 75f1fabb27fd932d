import type { Picture } from './pictures.ts';
import type { PixelBox } from './box-geometry.ts';
import {
  MAX_SCALE,
  centred,
  fitScale,
  fitted,
  middleOf,
  panned,
  zoomed,
  type Size,
  type Viewport,
} from './viewport.ts';

/** Enlarged beyond this, pixels are shown as squares; beyond the second, with lines between them. */
const SQUARES_FROM = 3;
const GRID_FROM = 10;

/** A part is shown with so many times its size around it. */
const PART_ROOM = 2;

/** Paints one picture into a canvas of the stage's size, at any zoom. */
export class Painter {
  readonly #canvas: HTMLCanvasElement;
  readonly #listeners = new Set<() => void>();
  #picture: Picture | null = null;
  #size: Size;
  #stage: Size = { width: 1, height: 1 };
  #view: Viewport = { scale: 1, x: 0, y: 0 };
  #isFitted = true;
  #probe: OffscreenCanvasRenderingContext2D | null = null;
  /** Whether the zoom and the place looked at stay when another picture comes. */
  keepsZoom = false;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#size = this.#stage;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly view = (): Viewport => this.#view;

  /** Shows a picture whole; null leaves the place of an image of that size empty. */
  show(picture: Picture | null, size: Size): void {
    const middle = middleOf(this.#view, this.#stage, this.#size);
    this.#picture = picture;
    this.#size = picture ?? size;
    if (this.#isFitted || !this.keepsZoom) this.fit();
    else this.#to(centred(this.#view.scale, middle, this.#stage, this.#size));
  }

  /** Shows of this picture what another painter shows of its own: the same part, as much enlarged. */
  follow(leader: Painter): void {
    if (leader.#isFitted) return this.fit();
    const zoom = leader.#view.scale / fitScale(leader.#stage, leader.#size);
    const middle = middleOf(leader.#view, leader.#stage, leader.#size);
    this.#isFitted = false;
    this.#to(centred(fitScale(this.#stage, this.#size) * zoom, middle, this.#stage, this.#size));
  }

  /** The pixel of the image under a point of the stage, with its red, green and blue (and alpha below 255), 0 to 255. */
  pixelAt(px: number, py: number): { x: number; y: number; values: number[] } | null {
    const x = Math.floor((px - this.#view.x) / this.#view.scale);
    const y = Math.floor((py - this.#view.y) / this.#view.scale);
    const isInside = x >= 0 && y >= 0 && x < this.#size.width && y < this.#size.height;
    if (!this.#picture || !isInside) return null;
    const probe = (this.#probe ??= new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true }));
    if (!probe) return null;
    probe.clearRect(0, 0, 1, 1);
    probe.drawImage(this.#picture.bitmap, x, y, 1, 1, 0, 0, 1, 1);
    const [red, green, blue, alpha] = probe.getImageData(0, 0, 1, 1).data;
    return { x, y, values: alpha === 255 ? [red!, green!, blue!] : [red!, green!, blue!, alpha!] };
  }

  resize(stage: Size): void {
    const ratio = window.devicePixelRatio;
    this.#stage = { width: Math.max(stage.width, 1), height: Math.max(stage.height, 1) };
    this.#canvas.width = Math.round(this.#stage.width * ratio);
    this.#canvas.height = Math.round(this.#stage.height * ratio);
    if (this.#isFitted) this.fit();
    else this.pan(0, 0);
  }

  fit(): void {
    this.#isFitted = true;
    this.#to(fitted(this.#stage, this.#size));
  }

  /** Zooms about a point of the stage, its middle where none is given. */
  zoom(factor: number, px = this.#stage.width / 2, py = this.#stage.height / 2): void {
    this.#isFitted = false;
    this.#to(zoomed(this.#view, factor, px, py, this.#stage, this.#size));
  }

  /** One pixel of the image on one of the screen, and back to the whole image. */
  toggleActualSize(): void {
    const actual = 1 / window.devicePixelRatio;
    if (!this.#isFitted && Math.abs(this.#view.scale - actual) < 1e-6) this.fit();
    else this.zoom(actual / this.#view.scale);
  }

  /** Shows a part of the image large, with its surroundings; all of the image where that part is shown already. */
  showPart({ x, y, width, height }: PixelBox): void {
    const most = Math.max(width / this.#stage.width, height / this.#stage.height) * PART_ROOM;
    const middle: [number, number] = [
      (x + width / 2) / this.#size.width,
      (y + height / 2) / this.#size.height,
    ];
    const view = centred(Math.min(1 / most, MAX_SCALE), middle, this.#stage, this.#size);
    const isThere = Math.abs(view.scale / this.#view.scale - 1) < 1e-6 && Math.abs(view.x - this.#view.x) < 1;
    if (isThere) return this.fit();
    this.#isFitted = false;
    this.#to(view);
  }

  pan(dx: number, dy: number): void {
    this.#to(panned(this.#view, dx, dy, this.#stage, this.#size));
  }

  #to(view: Viewport): void {
    this.#view = view;
    this.#paint();
    for (const tell of this.#listeners) tell();
  }

  #paint(): void {
    const context = this.#canvas.getContext('2d');
    if (!context) return;
    const ratio = window.devicePixelRatio;
    const { scale, x, y } = this.#view;
    const { width, height } = this.#size;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    if (!this.#picture) return;
    context.imageSmoothingEnabled = this.#isFitted || scale < SQUARES_FROM;
    context.imageSmoothingQuality = scale * ratio < 1 ? 'high' : 'low';
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const { bitmap, whole } = this.#picture;
    context.drawImage((this.#isFitted && whole) || bitmap, x, y, width * scale, height * scale);
    if (!this.#isFitted && scale >= GRID_FROM) this.#paintGrid(context);
  }

  #paintGrid(context: CanvasRenderingContext2D): void {
    const { scale, x, y } = this.#view;
    const { width, height } = this.#size;
    const range = (offset: number, room: number, count: number): [number, number] => [
      Math.max(0, Math.floor(-offset / scale)),
      Math.min(count, Math.ceil((room - offset) / scale)),
    ];
    const [left, right] = range(x, this.#stage.width, width);
    const [top, bottom] = range(y, this.#stage.height, height);
    context.beginPath();
    for (let column = left; column <= right; column++) {
      context.moveTo(x + column * scale, y + top * scale);
      context.lineTo(x + column * scale, y + bottom * scale);
    }
    for (let row = top; row <= bottom; row++) {
      context.moveTo(x + left * scale, y + row * scale);
      context.lineTo(x + right * scale, y + row * scale);
    }
    context.lineWidth = 1 / window.devicePixelRatio;
    context.strokeStyle = 'rgb(128 128 128 / 55%)';
    context.stroke();
  }
}
