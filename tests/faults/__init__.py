"""The fault suite: every fault on every kind of operation, over real sockets, by both clients."""
