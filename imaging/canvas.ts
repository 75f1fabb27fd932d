/** A picture in the making: linear RGB, row-major HWC, nominally 0..1. */
export interface Canvas {
  width: number;
  height: number;
  data: Float32Array;
}

/** A finished picture: sRGB bytes, row-major HWC. */
export interface Picture {
  width: number;
  height: number;
  rgb: Uint8Array;
}

export function canvas(width: number, height: number): Canvas {
  return { width, height, data: new Float32Array(width * height * 3) };
}

/** Gaussian blur in place, three channels, edges repeated. `sigma` in pixels; does nothing below 0.2. */
export function blur(target: Canvas, sigma: number): void {
  if (sigma < 0.2) return;
  const radius = Math.ceil(sigma * 2.5);
  const kernel = Float32Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const total = kernel.reduce((sum, value) => sum + value, 0);
  for (let i = 0; i < kernel.length; i++) kernel[i]! /= total;
  const { width, height, data } = target;
  const line = new Float32Array(Math.max(width, height) + 2 * radius);
  const pass = (start: number, stride: number, length: number): void => {
    for (let i = 0; i < length; i++) line[i + radius] = data[start + i * stride]!;
    line.fill(line[radius]!, 0, radius);
    line.fill(line[radius + length - 1]!, radius + length, length + 2 * radius);
    for (let i = 0; i < length; i++) {
      let sum = 0;
      for (let k = 0; k < kernel.length; k++) sum += line[i + k]! * kernel[k]!;
      data[start + i * stride] = sum;
    }
  };
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 0; y < height; y++) pass(y * width * 3 + channel, 3, width);
    for (let x = 0; x < width; x++) pass(x * 3 + channel, width * 3, height);
  }
}

/** Bilinear resize (pixel centres aligned), good for the few pixels' change of a re-encoded copy. */
export function resize(picture: Picture, width: number, height: number): Picture {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const sy = ((y + 0.5) * picture.height) / height - 0.5;
    for (let x = 0; x < width; x++) {
      const sx = ((x + 0.5) * picture.width) / width - 0.5;
      for (let c = 0; c < 3; c++) rgb[(y * width + x) * 3 + c] = sampleBilinear(picture, sx, sy, c);
    }
  }
  return { width, height, rgb };
}

/** Interpolates one channel between pixels, 0..255, edges repeated. */
export function sampleBilinear(picture: Picture, x: number, y: number, channel: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const u = x - left;
  const v = y - top;
  const x0 = clamp(left, picture.width);
  const x1 = clamp(left + 1, picture.width);
  const row0 = clamp(top, picture.height) * picture.width;
  const row1 = clamp(top + 1, picture.height) * picture.width;
  const { rgb } = picture;
  const upper = rgb[(row0 + x0) * 3 + channel]! * (1 - u) + rgb[(row0 + x1) * 3 + channel]! * u;
  const lower = rgb[(row1 + x0) * 3 + channel]! * (1 - u) + rgb[(row1 + x1) * 3 + channel]! * u;
  return Math.round(upper * (1 - v) + lower * v);
}

function clamp(index: number, length: number): number {
  return index < 0 ? 0 : index >= length ? length - 1 : index;
}
