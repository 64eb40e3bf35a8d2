/**
 * The number of the editor's schema. It goes up by one whenever a node, mark or
 * attribute is added or changes its meaning. Browser and server compare numbers in
 * the handshake: an older editor would delete what it does not know (promise D14),
 * so it is turned away and reads only.
 */
export const schemaNumber = 1;
