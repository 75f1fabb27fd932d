import { MessageChannelMain, utilityProcess, type MessagePortMain } from 'electron';
import type { CoreProcess, CoreProcessEvents } from '../rpc/core-supervisor.ts';
import { CORE_HOST } from './addresses.ts';
import { ChildStarter, killNow } from './child-starter.ts';
import type { FromCore, ToCore } from './messages.ts';

/** Starts a core in a utility process, and the processes below it at its request. Needs a ready `app`. */
export function startCore(
  keySecret: string,
  builtInPacks: string,
  events: CoreProcessEvents,
): CoreProcess<MessagePortMain> {
  const core = utilityProcess.fork(CORE_HOST, [], {
    // None of this process's: an inspector or a test runner's hooks belong to it.
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit'],
    serviceName: 'Assay core',
  });
  let isGone = false;
  const tell = (message: ToCore, ports: MessagePortMain[] = []): void => {
    if (!isGone) core.postMessage(message, ports);
    else for (const port of ports) port.close();
  };
  const children = new ChildStarter(tell);
  core.on('message', (message: FromCore) => {
    if (message.kind === 'ready') events.ready();
    else if (message.kind === 'start-child') children.start(message);
    else children.kill(message.child);
  });
  core.once('exit', (code) => {
    isGone = true;
    children.killAll();
    events.gone(`ended with status ${code}`);
  });
  tell({ kind: 'start', keySecret, builtInPacks });
  return {
    get pid() {
      return core.pid;
    },
    connect() {
      const { port1, port2 } = new MessageChannelMain();
      tell({ kind: 'connect' }, [port1]);
      return port2;
    },
    end: () => tell({ kind: 'end' }),
    kill: () => killNow(core),
  };
}
