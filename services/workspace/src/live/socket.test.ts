import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeSurroundings } from '../testing/fake-surroundings';
import { LiveSocket, pauseBefore } from './socket';
import type { NumberedEvent } from './wire';

const welcome = { t: 'welcome', resumed: true, conn: 'conn_1', ui_build: 'a' };
const counts = { new: 1, pending: 0, all: 1, resolved: 0 };

function event(n: number): NumberedEvent {
  return { t: 'ev', n, c: `cursor-${n}`, k: 'counts', d: counts };
}

let world: FakeSurroundings;
let socket: LiveSocket;
const handlers = {
  hello: () => ({ cursor: 'here', shown: [], open: null }),
  events: vi.fn(),
  side: vi.fn(),
  cursor: vi.fn(),
  reset: vi.fn(),
  welcome: vi.fn(),
  state: vi.fn(),
  refused: vi.fn(),
};

function becomeLive(): void {
  socket.start();
  world.socket.open();
  world.socket.receive(welcome);
}

beforeEach(() => {
  vi.clearAllMocks();
  world = new FakeSurroundings();
  socket = new LiveSocket(handlers, world);
});

describe('the live connection', () => {
  it('says hello with the cursor and what is on the screen, then is live', () => {
    becomeLive();
    expect(world.socket.sent).toEqual([{ t: 'hello', moved: true, cursor: 'here', shown: [], open: null }]);
    expect(handlers.state).toHaveBeenLastCalledWith('live');
  });

  it('hands on events in order, alone or in batches', () => {
    becomeLive();
    world.socket.receive(event(1));
    world.socket.receive({ t: 'batch', evs: [event(2), event(3)] });
    expect(
      handlers.events.mock.calls.flatMap(([events]) => events.map((each: NumberedEvent) => each.n)),
    ).toEqual([1, 2, 3]);
  });

  it('closes and resumes when a frame is missing, and uses nothing from behind the hole', () => {
    becomeLive();
    world.socket.receive({ t: 'batch', evs: [event(1), event(3)] });
    expect(handlers.events).toHaveBeenCalledExactlyOnceWith([event(1)]);
    world.pass(0);
    expect(world.sockets).toHaveLength(2);
    world.socket.open();
    expect(world.socket.sent[0]?.t).toBe('hello');
  });

  it('answers a ping and remembers the cursor that it carries', () => {
    becomeLive();
    world.socket.receive({ t: 'ping', c: 'cursor-9' });
    expect(world.socket.sent.at(-1)).toEqual({ t: 'pong' });
    expect(handlers.cursor).toHaveBeenCalledWith('cursor-9');
  });

  it('takes a line without a frame for thirty seconds as dead', () => {
    becomeLive();
    for (let quiet = 0; quiet < 5; quiet += 1) {
      world.pass(20_000);
      world.socket.receive({ t: 'ping' });
    }
    expect(world.sockets).toHaveLength(1);
    world.pass(36_000);
    expect(world.sockets).toHaveLength(2);
  });

  it('does not trust a connection that slept through its own timers', () => {
    becomeLive();
    world.sleep(12_000);
    world.pass(0);
    expect(world.sockets).toHaveLength(2);
  });

  it('asks whether the session is still good when a connection never became live', () => {
    socket.start();
    world.socket.close();
    expect(handlers.refused).toHaveBeenCalledTimes(1);
    expect(handlers.state).toHaveBeenLastCalledWith('reconnecting');
  });

  it('says offline while the browser has no network, and comes back at once with it', () => {
    becomeLive();
    world.online = false;
    socket.lost();
    world.socket.close();
    expect(handlers.state).toHaveBeenLastCalledWith('offline');
    world.online = true;
    socket.wake();
    world.pass(0);
    world.socket.open();
    world.socket.receive(welcome);
    expect(handlers.state).toHaveBeenLastCalledWith('live');
  });

  it('asks for everything anew when the gateway could not resume', () => {
    socket.start();
    world.socket.open();
    world.socket.receive({ ...welcome, resumed: false });
    expect(handlers.reset).toHaveBeenCalledTimes(1);
  });

  it('stays closed once stopped', () => {
    becomeLive();
    socket.stop();
    world.pass(120_000);
    expect(world.sockets).toHaveLength(1);
  });

  describe('told goodbye by a gateway that stops', () => {
    function sayGoodbye(after: number): void {
      becomeLive();
      vi.clearAllMocks();
      world.socket.receive({ t: 'goodbye', after });
      world.sockets[0]?.close();
    }

    it('comes back when it was asked to, not when it would have after a loss', () => {
      sayGoodbye(4_000);
      world.pass(4_000);
      expect(world.sockets).toHaveLength(1);
      world.pass(250);
      expect(world.sockets).toHaveLength(2);
    });

    it('says nothing on the screen and asks nothing, when the next gateway welcomes it in time', () => {
      sayGoodbye(4_000);
      world.pass(4_250);
      world.socket.open();
      expect(world.socket.sent).toEqual([{ t: 'hello', moved: true, cursor: 'here', shown: [], open: null }]);
      world.socket.receive(welcome);
      for (let quiet = 0; quiet < 5; quiet += 1) {
        world.pass(20_000);
        world.socket.receive({ t: 'ping' });
      }
      expect(handlers.welcome).toHaveBeenCalledTimes(1);
      expect(handlers.state).not.toHaveBeenCalled();
      expect(handlers.refused).not.toHaveBeenCalled();
      expect(world.sockets).toHaveLength(2);
    });

    it('tries again within the grace, says so after it, and is live again when welcomed', () => {
      sayGoodbye(1_000);
      world.pass(1_250);
      world.socket.close();
      world.pass(1_250);
      expect(world.sockets).toHaveLength(3);
      world.socket.close();
      expect(handlers.state).not.toHaveBeenCalled();
      world.pass(4_000);
      expect(handlers.state).toHaveBeenCalledExactlyOnceWith('reconnecting');
      world.socket.open();
      world.socket.receive(welcome);
      expect(handlers.state).toHaveBeenLastCalledWith('live');
    });

    it('does not hide that the browser lost its network, nor wait when it is back', () => {
      sayGoodbye(4_000);
      world.online = false;
      socket.lost();
      expect(handlers.state).toHaveBeenLastCalledWith('offline');
      world.online = true;
      socket.wake();
      world.pass(0);
      expect(world.sockets).toHaveLength(2);
      world.socket.open();
      world.socket.receive(welcome);
      expect(handlers.state).toHaveBeenLastCalledWith('live');
    });

    it('stays closed once stopped', () => {
      sayGoodbye(1_000);
      socket.stop();
      world.pass(120_000);
      expect(world.sockets).toHaveLength(1);
      expect(handlers.state).not.toHaveBeenCalled();
    });
  });

  it('waits longer after each failure, never beyond 26 s, never two clients in step', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, random) => {
        const pause = pauseBefore(attempt, () => random);
        const middle = Math.min(1_000 * 2 ** attempt, 20_000);
        expect(pause).toBeGreaterThanOrEqual(middle * 0.7);
        expect(pause).toBeLessThanOrEqual(middle * 1.3);
      }),
    );
  });
});
