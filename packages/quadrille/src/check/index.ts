// The public entry of `quadrille/check`: hand-listed exports.
export {};
