// The public entry of `quadrille/testing`: hand-listed exports.
export {};
