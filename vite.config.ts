import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The window's side only: everything else runs as it is written (docs/decisions/0001). */
export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [react()],
  build: { outDir: '../out/renderer', emptyOutDir: true, target: 'chrome140', assetsInlineLimit: 0 },
});
