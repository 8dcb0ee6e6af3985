// Folds states: of those that differ only by an exchange of interchangeable participants, one stands for all.
//
// What belongs to a block (the states of its participants, their messages and budgets, their facts in the
// joins of others) is read as a number, and the blocks are sorted by it. An exchange maps runs to runs, so
// what can be reached from the sorted state can be reached from each of those it stands for, by the same
// steps with other names. Emerson and Sistla, "Symmetry and model checking", Formal Methods in System Design
// 9 (1996); that stubborn sets may be used besides: Emerson, Jha and Peled, TACAS 1997. ADR 5 has the
// argument.
import type { Exchange, NameKind, Rename } from "./exchange.ts";
import { type Field, maskOf, producerOf, type Queue } from "./layout.ts";
import type { Program } from "./tables.ts";

/** Where a part of a state stands, and where in the block's numbers it is read to. */
interface FoldedPart {
  readonly word: number;
  readonly shift: number;
  readonly mask: number;
  readonly to: number;
  readonly left: number;
}

/** One exchange, as tables: by block its parts, and the numbers of every block as they were read last. */
export interface Fold {
  readonly exchange: Exchange;
  readonly parts: readonly (readonly FoldedPart[])[];
  /** How many numbers a block has. */
  readonly width: number;
  readonly values: Int32Array;
  readonly order: Int32Array;
}

/** The exchanges of a program. */
export interface Folding {
  readonly folds: readonly Fold[];
  /** The channel and those for which it stands, by key: they have to be as wide as each other. */
  readonly alike: ReadonlyMap<string, readonly string[]>;
}

/**
 * The tables of a program, for the exchanges of its contract; undefined where its states cannot be folded by
 * any of them.
 */
export function foldingOf(program: Program, exchanges: readonly Exchange[]): Folding | undefined {
  const pieces = new Map(piecesOf(program).map((piece) => [piece.key, piece]));
  const folds = exchanges.flatMap((exchange) => foldOf(exchange, pieces) ?? []);
  if (folds.length === 0) return undefined;
  const alike = new Map<string, readonly string[]>();
  for (const { channels } of folds) for (const list of channels) for (const key of list) alike.set(key, list);
  return { folds: folds.map(({ fold }) => fold), alike };
}

/** A part of a state with a key made of names, so that an exchange finds the one that corresponds. */
interface Piece {
  readonly key: string;
  readonly names: readonly (readonly [NameKind, string] | string | number)[];
  readonly word: number;
  readonly shift: number;
  /** Of the value, before it is shifted. */
  readonly mask: number;
  /** The counter or queue that it belongs to. */
  readonly channel: string;
  /** Of a queue, what its codes mean. */
  readonly codes: readonly string[];
  /** How many bits it takes among the block's numbers, by which blocks are sorted. */
  readonly room: number;
}

function piecesOf({ layout, world }: Program): Piece[] {
  const fields = [...layout.fields.values()].flatMap((field) =>
    field.kind === "facts" ? factPieces(world.choreography, field) : [fieldPiece(field)],
  );
  return [...fields, ...[...layout.queues.values()].flatMap(queuePieces)];
}

function piece(
  names: Piece["names"],
  rest: Omit<Piece, "key" | "names" | "codes" | "room"> & Partial<Piece>,
): Piece {
  return { codes: [], room: 32 - Math.clz32(rest.mask), ...rest, key: JSON.stringify(names), names };
}

function fieldPiece(field: Field): Piece {
  const { kind, name, instance, word, shift, key } = field;
  const rest = { word, shift, mask: maskOf(field) >> shift, channel: key };
  const owner = ["participant", instance?.participant ?? ""] as const;
  if (kind === "state") return piece([kind, owner], rest);
  if (kind === "budget") return piece([kind, ["command", name]], rest);
  if (kind === "messages" || kind === "stash") return piece([kind, ["event", name], owner], rest);
  return piece([kind, name, owner], rest);
}

function factPieces(
  { participants }: Program["world"]["choreography"],
  { name, instance, word, shift, key, max }: Field,
): Piece[] {
  const participant = instance?.participant ?? "";
  const facts = participants[participant]?.states[name]?.join?.facts ?? [];
  const owner = ["participant", participant] as const;
  const seen = facts.map((fact, index) =>
    piece(["fact", name, owner, ["event", fact]], { word, shift: shift + index, mask: 1, channel: key }),
  );
  const mask = (max + 1) / 2 ** facts.length - 1;
  return [...seen, piece(["facts", name, owner], { word, shift: shift + facts.length, mask, channel: key })];
}

/** A queue of one producer; one for all producers has no block that it belongs to. */
function queuePieces(queue: Queue): Piece[] {
  const { key, instance, word, words, shift, mask, messages } = queue;
  const producer = producerOf(queue) ?? "";
  const to = ["participant", instance.participant] as const;
  return Array.from({ length: words }, (_, at) =>
    piece(["queue", ["participant", producer], to, at], {
      word: word + at,
      shift,
      mask,
      channel: key,
      codes: messages.map(({ event }) => event),
      room: queueRoom,
    }),
  );
}

/** A queue is compared by itself, so that which of alike blocks comes first does not depend on its length. */
const queueRoom = 31;

interface Folded {
  readonly fold: Fold;
  readonly channels: readonly (readonly string[])[];
}

/** Undefined where a part belongs to two blocks at once, or those of two blocks are not of one kind. */
function foldOf(exchange: Exchange, pieces: ReadonlyMap<string, Piece>): Folded | undefined {
  const blocks = exchange.blocks.map(
    (names) => new Set(names.map(({ kind, name }) => JSON.stringify([kind, name]))),
  );
  const blocksOf = (one: Piece): readonly number[] => [
    ...new Set(
      one.names.flatMap((name) =>
        Array.isArray(name)
          ? blocks.flatMap((block, at) => (block.has(JSON.stringify(name)) ? [at] : []))
          : [],
      ),
    ),
  ];
  const owned = [...pieces.values()].map((one) => [one, blocksOf(one)] as const);
  if (owned.some(([, of]) => of.length > 1)) return undefined;
  const first = owned.flatMap(([one, of]) => (of[0] === 0 ? [one] : []));
  const rows = exchange.blocks.map((_, at) =>
    first.map((one) => imageOf(one, pieces, toBlock(exchange, at))),
  );
  const isWhole = rows.every((row) => row.every((one, at) => one !== undefined && isLike(one, first[at])));
  const others = owned.filter(([, of]) => of.length === 0).map(([one]) => one);
  const areOthersFixed = others.every(({ codes }) =>
    codes.every((event) => !blocks.some((block) => block.has(JSON.stringify(["event", event])))),
  );
  const count = owned.filter(([, of]) => of.length === 1).length;
  if (!isWhole || !areOthersFixed || count !== first.length * rows.length) return undefined;
  const whole = rows.map((row) => row.flatMap((one) => one ?? []));
  const { parts, width } = packed(whole);
  const size = rows.length;
  const channels = first.map((_, at) => whole.flatMap((row) => row[at]?.channel ?? []));
  return {
    fold: { exchange, parts, width, values: new Int32Array(size * width), order: new Int32Array(size) },
    channels,
  };
}

function isLike(one: Piece, other: Piece | undefined): boolean {
  return one.mask === other?.mask && one.codes.length === other.codes.length;
}

/** Names of the first block become those of another one, and the other way round. */
function toBlock({ blocks }: Exchange, block: number): Rename {
  const [first = []] = blocks;
  const other = blocks[block] ?? [];
  return (kind, name) => {
    const at = first.findIndex((one) => one.kind === kind && one.name === name);
    return other[at]?.name ?? name;
  };
}

function imageOf(one: Piece, pieces: ReadonlyMap<string, Piece>, rename: Rename): Piece | undefined {
  const names = one.names.map((name) =>
    typeof name === "object" ? [name[0], rename(name[0], name[1])] : name,
  );
  const image = pieces.get(JSON.stringify(names));
  const codes = one.codes.map((event) => rename("event", event));
  return image !== undefined && JSON.stringify(image.codes) === JSON.stringify(codes) ? image : undefined;
}

/** Lays the parts of a block side by side into as few numbers as hold them. */
function packed(rows: readonly (readonly Piece[])[]): Pick<Fold, "parts" | "width"> {
  const room: number[] = [];
  const places = (rows[0] ?? []).map(({ room: bits }) => {
    let to = room.findIndex((used) => used + bits <= 31);
    if (to < 0) to = room.push(0) - 1;
    const left = room[to] ?? 0;
    room[to] = left + bits;
    return { to, left };
  });
  const parts = rows.map((row) =>
    row.map(
      ({ word, shift, mask }, at): FoldedPart => ({
        word,
        shift,
        mask,
        to: places[at]?.to ?? 0,
        left: places[at]?.left ?? 0,
      }),
    ),
  );
  return { parts, width: room.length };
}

/**
 * Sorts the blocks of a state in place, by what is theirs. The order of each fold then says which block
 * stands at each place.
 */
export function foldState({ folds }: Folding, states: Int32Array, base: number): void {
  for (const fold of folds) {
    read(fold, states, base);
    if (sortBlocks(fold)) write(fold, { states, base }, fold.order);
  }
}

function read({ parts, width, values }: Fold, states: Int32Array, base: number): void {
  values.fill(0);
  for (let block = 0; block < parts.length; block++) {
    const row = parts[block] ?? [];
    for (const { word, shift, mask, to, left } of row) {
      const at = block * width + to;
      values[at] = (values[at] ?? 0) | ((((states[base + word] ?? 0) >> shift) & mask) << left);
    }
  }
}

/** Sorts by insertion, since most are in order but for one block; false where all were. */
function sortBlocks({ order, values, width }: Fold): boolean {
  let isMoved = false;
  for (let block = 0; block < order.length; block++) {
    let at = block;
    for (; at > 0 && isLess({ values, width }, block, order[at - 1] ?? 0); at--)
      order[at] = order[at - 1] ?? 0;
    order[at] = block;
    if (at !== block) isMoved = true;
  }
  return isMoved;
}

function isLess({ values, width }: Pick<Fold, "values" | "width">, block: number, other: number): boolean {
  for (let at = 0; at < width; at++) {
    const [one, two] = [values[block * width + at] ?? 0, values[other * width + at] ?? 0];
    if (one !== two) return one < two;
  }
  return false;
}

/** A state among others. */
interface Packed {
  readonly states: Int32Array;
  readonly base: number;
}

/** Gives each place the values that were read of the block that an order names. */
function write({ parts, values, width }: Fold, { states, base }: Packed, order: Int32Array): void {
  for (let place = 0; place < parts.length; place++) {
    const from = (order[place] ?? 0) * width;
    for (const { word, shift, mask, to, left } of parts[place] ?? []) {
      const value = ((values[from + to] ?? 0) >> left) & mask;
      states[base + word] = ((states[base + word] ?? 0) & ~(mask << shift)) | (value << shift);
    }
  }
}

/** Moves the blocks of a state, by fold: the place `order[block]` gets what the block has. */
export function moveBlocks({ folds }: Folding, state: Int32Array, orders: readonly Int32Array[]): void {
  for (const [index, fold] of folds.entries()) {
    const order = orders[index] ?? fold.order;
    read(fold, state, 0);
    const inverse = Int32Array.from(order);
    for (const [block, place] of order.entries()) inverse[place] = block;
    write(fold, { states: state, base: 0 }, inverse);
  }
}
