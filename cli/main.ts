import { runCommandLine } from './program.ts';

// A reader that has seen enough (`| head`) is no reason to stop half-way: the rest is printed to nobody.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

process.exitCode = await runCommandLine(process.argv);
