/** Where an image lies in its stage: CSS pixels per image pixel, and the stage's point of its top left corner. */
export interface Viewport {
  scale: number;
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

export const MAX_SCALE = 64;
export const ZOOM_STEP = 1.25;

/** The whole image, as large as the stage allows, centred. */
export function fitted(stage: Size, image: Size): Viewport {
  return kept({ scale: fitScale(stage, image), x: 0, y: 0 }, stage, image);
}

/** Zooms by `factor` while the stage's point (`px`, `py`) stays over the same pixel of the image. */
export function zoomed(
  view: Viewport,
  factor: number,
  px: number,
  py: number,
  stage: Size,
  image: Size,
): Viewport {
  const smallest = Math.min(fitScale(stage, image), 1);
  const scale = Math.min(Math.max(view.scale * factor, smallest), Math.max(MAX_SCALE, smallest));
  const ratio = scale / view.scale;
  return kept({ scale, x: px - (px - view.x) * ratio, y: py - (py - view.y) * ratio }, stage, image);
}

export function panned(view: Viewport, dx: number, dy: number, stage: Size, image: Size): Viewport {
  return kept({ scale: view.scale, x: view.x + dx, y: view.y + dy }, stage, image);
}

/** The point of the image, as shares of its sides, that lies in the middle of the stage. */
export function middleOf(view: Viewport, stage: Size, image: Size): [number, number] {
  return [
    (stage.width / 2 - view.x) / (image.width * view.scale),
    (stage.height / 2 - view.y) / (image.height * view.scale),
  ];
}

/** At a scale, with that point of the image in the middle as far as its edges allow. */
export function centred(scale: number, [across, down]: [number, number], stage: Size, image: Size): Viewport {
  const x = stage.width / 2 - across * image.width * scale;
  const y = stage.height / 2 - down * image.height * scale;
  return kept({ scale, x, y }, stage, image);
}

export function fitScale(stage: Size, image: Size): number {
  return Math.min(stage.width / image.width, stage.height / image.height, MAX_SCALE);
}

/** Centred where the image is smaller than the stage; else without a gap between its edges and the stage's. */
function kept({ scale, x, y }: Viewport, stage: Size, image: Size): Viewport {
  const keep = (offset: number, room: number, size: number) =>
    size <= room ? (room - size) / 2 : Math.min(0, Math.max(room - size, offset));
  return {
    scale,
    x: keep(x, stage.width, image.width * scale),
    y: keep(y, stage.height, image.height * scale),
  };
}
