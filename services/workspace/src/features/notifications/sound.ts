// A short tone of our own, no file: two sines that fade within 150 ms. At most one in three seconds.
const pause = 3_000;

let context: AudioContext | null = null;
let last = Number.NEGATIVE_INFINITY;

/** `volume` is 0 to 100. Browsers stay silent until the page was touched once. */
export function playTone(volume: number): void {
  const now = performance.now();
  if (volume <= 0 || now - last < pause || !('AudioContext' in window)) return;
  last = now;
  context ??= new AudioContext();
  const start = context.currentTime;
  const loudness = context.createGain();
  loudness.gain.setValueAtTime((volume / 100) * 0.2, start);
  loudness.gain.exponentialRampToValueAtTime(0.0001, start + 0.15);
  loudness.connect(context.destination);
  for (const frequency of [660, 990]) {
    const tone = context.createOscillator();
    tone.frequency.value = frequency;
    tone.connect(loudness);
    tone.start(start);
    tone.stop(start + 0.15);
  }
}
