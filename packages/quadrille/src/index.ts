// The public entry of `quadrille`: hand-listed exports.
export {};
