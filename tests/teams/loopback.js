// Loaded before the Agents Playground, which would else answer everybody in the network: whoever names no address to
// listen on gets this machine's own.
"use strict";
const { Server } = require("node:net");

const listen = Server.prototype.listen;

Server.prototype.listen = function (first, ...rest) {
  const nameless = typeof first === "number" && typeof rest[0] !== "string";
  return listen.call(this, first, ...(nameless ? ["127.0.0.1"] : []), ...rest);
};
