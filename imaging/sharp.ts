import sharp from 'sharp';

// libvips reads dozens of formats, some of them through parsers with a history of file disclosure (SVG, PDF). Only
// these loaders stay open, and only in the form that reads bytes already in memory, never a path.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadTiffBuffer',
    'VipsForeignLoadNsgifBuffer',
    'VipsForeignLoadHeifBuffer',
  ],
});

// Parallelism comes from the pool's processes: threads inside one small image only cost context switches.
sharp.concurrency(1);
// Every image is decoded once, so libvips' operation cache would only hold memory.
sharp.cache(false);

export default sharp;
