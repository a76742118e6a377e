// Playback by Web Audio: a plucked tone for each note, and which symbols sound.

const AHEAD = 0.25; // seconds that notes are handed to the sound card before they sound
const TICK = 60; // milliseconds between looks at what comes next
const LONGEST = 6; // seconds that a tone lasts at most
const HARMONICS = [0, 1, 0.42, 0.22, 0.13, 0.08, 0.05, 0.03];

export class Player {
  constructor(store) {
    this.store = store;
    this.tempo = 100;
    this.playing = false;
    this.at = 0; // quarters from the start
    this.onChange = () => {};
  }

  get length() {
    return this.store.content.playback.notes.reduce((end, [onset, duration]) => Math.max(end, onset + duration), 0);
  }

  toggle() {
    if (this.playing) this.stop();
    else this.play();
  }

  /** Play from the selected measure or symbol, or on from where it stopped. */
  play() {
    const {notes} = this.store.content.playback;
    if (!notes.length) return;
    this.at = this.#from();
    this.context ??= new AudioContext();
    this.context.resume();
    this.output ??= this.#chain();
    this.wave ??= this.context.createPeriodicWave(new Float32Array(HARMONICS.length), Float32Array.from(HARMONICS));
    this.started = performance.now() + 80;
    this.next = notes.findIndex(([onset]) => onset >= this.at - 1e-6);
    if (this.next < 0) return;
    this.playing = true;
    this.sounding = new Set();
    this.timer = setInterval(() => this.#schedule(), TICK);
    this.#schedule();
    this.#follow();
    this.onChange();
  }

  stop() {
    this.playing = false;
    clearInterval(this.timer);
    cancelAnimationFrame(this.frame);
    for (const gain of this.sounding ?? []) {
      gain.gain.cancelScheduledValues(0);
      gain.gain.setTargetAtTime(0, this.context.currentTime, 0.03);
    }
    this.store.set({playing: new Set()});
    this.onChange();
  }

  setTempo(tempo) {
    const now = this.playing ? this.#now() : this.at;
    this.tempo = tempo;
    if (!this.playing) return;
    this.at = now;
    this.started = performance.now();
  }

  /** Quarters from the start, now. */
  #now() { return this.at + Math.max(0, performance.now() - this.started) / 60000 * this.tempo; }

  /** Where to begin, in quarters. */
  #from() {
    const {state, page, content} = this.store, {notes, measures} = content.playback;
    if (state.selected !== null) {
      const note = notes.find(([, , , on, symbols]) => on === state.page && symbols.includes(state.selected));
      if (note) return note[0];
    }
    const measure = page.measures[state.measure] ?? page.measures[0];
    const start = measure ? measures[measure.index] : 0;
    const end = measures[(measure?.index ?? 0) + 1] ?? Infinity;
    const paused = this.paused ?? -1;
    return paused >= start && paused < end ? paused : start;
  }

  #chain() {
    const quieter = this.context.createDynamicsCompressor(), gain = this.context.createGain();
    gain.gain.value = 0.5;
    gain.connect(quieter).connect(this.context.destination);
    return gain;
  }

  #schedule() {
    const {notes} = this.store.content.playback, now = this.#now(), horizon = now + AHEAD / 60 * this.tempo;
    while (this.next < notes.length && notes[this.next][0] < horizon) {
      const [onset, duration, key] = notes[this.next++];
      const seconds = 60 / this.tempo;
      this.#tone(key, Math.max(0, (onset - now) * seconds), duration * seconds);
    }
  }

  #tone(key, wait, seconds) {
    const start = this.context.currentTime + wait, tone = this.context.createOscillator(), gain = this.context.createGain();
    const held = Math.min(seconds, LONGEST), percussion = key < 0;
    const loud = percussion ? 0.25 : 0.3 * 2 ** ((60 - key) / 48); // low tones sound softer than high ones
    tone.setPeriodicWave(this.wave);
    tone.frequency.value = percussion ? 180 : 440 * 2 ** ((key - 69) / 12);
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(loud, start + 0.006);
    gain.gain.setTargetAtTime(0, start + 0.006, percussion ? 0.03 : 0.35 + 0.5 * 2 ** ((60 - key) / 24));
    gain.gain.setTargetAtTime(0, start + held, 0.05);
    tone.connect(gain).connect(this.output);
    tone.start(start);
    tone.stop(start + held + 0.4);
    this.sounding.add(gain);
    tone.onended = () => this.sounding.delete(gain);
  }

  /** Light what sounds and turn the page. */
  #follow() {
    const now = this.#now(), {notes, measures} = this.store.content.playback;
    this.paused = now;
    if (now > this.length + 0.5) {
      this.paused = -1;
      return this.stop();
    }
    const sounding = notes.filter(([onset, duration]) => onset <= now && now < onset + duration);
    const index = Math.max(0, measures.findLastIndex((start) => start <= now + 1e-6));
    const page = this.store.content.pages.findIndex(({measures: here}) => here.some((m) => m.index <= index && index < m.index + m.count));
    const symbols = new Set(sounding.filter((note) => note[3] === page).flatMap((note) => note[4]));
    const {state} = this.store, patch = {};
    if (page >= 0 && page !== state.page) Object.assign(patch, {page, selected: null});
    const place = this.store.content.pages[page]?.measures.findIndex((m) => m.index <= index && index < m.index + m.count);
    if (place >= 0 && (place !== state.measure || patch.page !== undefined)) Object.assign(patch, {measure: place, selected: null});
    if (symbols.size !== state.playing.size || [...symbols].some((s) => !state.playing.has(s))) patch.playing = symbols;
    this.store.set(patch, "player");
    this.frame = requestAnimationFrame(() => this.playing && this.#follow());
  }
}
